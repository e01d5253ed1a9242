import type { ScalingQuestion } from '../scaling.ts';
import { allowanceCopy, quantilesCopy } from './copies.ts';
import { frozen, type Parts } from './parts.ts';

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

/**
 * What a scaling policy is asked, part by part, as copies: with the documented fields and no more. A policy looks at a few of them, and is
 * asked whenever a job comes or goes; so a part is copied, and reckoned if it has to be, when it is looked at.
 */
export const scalingParts = (question: ScalingQuestion): Parts<ScalingQuestion> => new ScalingParts(question);

const COPIES: { readonly [Name in keyof Required<ScalingQuestion>]: (of: ScalingQuestion) => unknown } = {
  now: ({ now }) => now,
  allowance: ({ allowance }) => allowanceCopy(allowance),
  next: ({ next }) => allowanceCopy(next),
  jobs: ({ jobs: { waiting, waitingSince, running, overflow, elsewhere } }) =>
    waitingSince === undefined
      ? { waiting, running, overflow, elsewhere }
      : { waiting, waitingSince, running, overflow, elsewhere },
  blocks: ({ blocks: { arriving, busy, idle, draining } }) => ({ arriving, busy, idle, draining }),
  jobsPerBlock: ({ jobsPerBlock }) => jobsPerBlock,
  arrivals: ({ arrivals }) => [...arrivals],
  week: ({ week: { likeThisHour, likeNextHour } }) => ({
    likeThisHour: [...likeThisHour],
    likeNextHour: [...likeNextHour],
  }),
  prices: ({ prices: { blockUsdPerHour, onDemandUsdPerHour } }) => {
    const copy: Writable<ScalingQuestion['prices']> = {};
    if (blockUsdPerHour !== undefined) copy.blockUsdPerHour = blockUsdPerHour;
    if (onDemandUsdPerHour !== undefined) copy.onDemandUsdPerHour = onDemandUsdPerHour;
    return copy;
  },
  spent: ({ spent: { todayUsd, monthUsd } }) => ({ todayUsd, monthUsd }),
  durations: ({ durations }) => (durations === undefined ? undefined : quantilesCopy(durations)),
  boots: ({ boots }) => (boots === undefined ? undefined : quantilesCopy(boots)),
};

const NAMES: readonly string[] = Object.keys(COPIES);

class ScalingParts implements Parts<ScalingQuestion> {
  readonly isList = false;
  readonly #question: ScalingQuestion;

  constructor(question: ScalingQuestion) {
    this.#question = question;
  }

  names(): readonly string[] {
    return NAMES.filter((name) => this.has(name));
  }

  has(name: string): boolean {
    if (name === 'durations' || name === 'boots') return this.#question[name] !== undefined;
    return Object.hasOwn(COPIES, name);
  }

  part(name: string): unknown {
    return COPIES[name as keyof ScalingQuestion](this.#question);
  }

  plain(): ScalingQuestion {
    const whole = Object.fromEntries(this.names().map((name) => [name, this.part(name)]));
    // Known: these are the parts of the question.
    return frozen(whole) as unknown as ScalingQuestion;
  }
}
