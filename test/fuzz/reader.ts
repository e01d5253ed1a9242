/** A way into the project: it gives a value, or mistakes (`BadInput`). Anything else that it throws is a finding. */
export interface Reader {
  readonly name: string;
  /** Texts that it reads without a mistake; what is tried are changes of these. */
  readonly examples: readonly string[];
  readonly read: (text: string) => unknown;
}
