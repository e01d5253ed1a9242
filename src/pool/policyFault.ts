/** What a policy may do wrong; each kind is told once a pool and slot. */
export type FaultKind =
  /** It threw. */
  | 'threw'
  /** It tried to change what it was shown. */
  | 'wrote'
  /** It answered what is no answer. */
  | 'answer'
  /** It did not answer in its time, or ended its thread: it is not asked again in this run. */
  | 'silent';

/** Thrown in place of an answer by a policy that knows what is wrong, such as one that runs in a thread of its own. */
export class PolicyFault extends Error {
  override readonly name = 'PolicyFault';
  readonly kind: FaultKind;
  /** To be called by whoever lets the fallback decide. */
  readonly decided: () => void;

  constructor(kind: FaultKind, what: string, decided: () => void = () => undefined) {
    super(what);
    this.kind = kind;
    this.decided = decided;
  }
}
