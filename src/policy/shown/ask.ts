import type { PurchaseQuestion } from '../purchase.ts';
import type { RenewalQuestion } from '../renewal.ts';
import type { ScalingQuestion } from '../scaling.ts';
import { renewalCopy } from './copies.ts';
import { type Parts, partsOf } from './parts.ts';
import { purchaseParts } from './purchaseParts.ts';
import { type Reads, withoutRead } from './reads.ts';
import { scalingParts } from './scalingParts.ts';
import { trackedParts, type Wrote } from './tracked.ts';

/** What came of showing a question: an answer with what it hangs on, or where the policy tried to write. */
export type Said<Answer> =
  | {
      readonly answer: Answer;
      /** What was read of the question; undefined where that is not known, and all of it counts. */
      readonly reads: Reads | undefined;
    }
  | { readonly wrote: Wrote };

// Known, below: the parts of a question make that question.

/** Shows a renewal policy its question. @throws what `ask` throws, unless it tried to write: that comes first. */
export const showRenewal = <Answer>(question: RenewalQuestion, ask: (shown: RenewalQuestion) => Answer): Said<Answer> =>
  show(
    () => partsOf(renewalCopy(question)),
    (shown) => ask(shown as RenewalQuestion),
  );

/** Shows a scaling policy its question. @throws what `ask` throws, unless it tried to write: that comes first. */
export const showScaling = <Answer>(question: ScalingQuestion, ask: (shown: ScalingQuestion) => Answer): Said<Answer> =>
  show(
    () => scalingParts(question),
    (shown) => ask(shown as ScalingQuestion),
  );

/** Shows a purchase policy its question. @throws what `ask` throws, unless it tried to write: that comes first. */
export const showPurchase = <Answer>(
  question: PurchaseQuestion,
  ask: (shown: PurchaseQuestion) => Answer,
): Said<Answer> =>
  show(
    () => purchaseParts(question),
    (shown) => ask(shown as PurchaseQuestion),
  );

/** What an answer that holds until an instant hangs on: not on the time any more, which the instant stands for. */
export const apartFromNow = (reads: Reads): Reads => withoutRead(withoutRead(reads, ['now']), ['need', 'now']);

/** What a policy did that tried to change its question, as people are told: after its name. */
export const wroteTo = ({ path }: Wrote): string =>
  `tried to change ${path} of its question, which is a copy for reading only`;

function show<Answer>(parts: () => Parts, ask: (shown: object) => Answer): Said<Answer> {
  const shown = trackedParts(parts());
  try {
    const answer = ask(shown.value);
    const reads = shown.reads();
    const wrote = shown.wrote();
    return wrote === undefined ? { answer, reads } : { wrote };
  } catch (error) {
    shown.reads();
    const wrote = shown.wrote();
    if (wrote !== undefined) return { wrote };
    if (!isNoClone(error)) throw error;
    // `structuredClone` takes no proxy, and is the natural way to a copy of one's own: it gets one to work with.
    return { answer: ask(parts().plain()), reads: undefined };
  }
}

/** Anything can be thrown, also what cannot be looked at. */
function isNoClone(thrown: unknown): boolean {
  try {
    return thrown instanceof Error && thrown.name === 'DataCloneError';
  } catch {
    return false;
  }
}
