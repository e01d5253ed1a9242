import type { Effect } from '../../src/domain/effects.ts';
import type { Fact } from '../../src/domain/facts.ts';
import { TAINT } from '../../src/domain/nodeLabels.ts';
import { type Instant, isoOf, type Millis } from '../../src/domain/time.ts';

/** What waits for an answer, and since when. */
interface Open {
  readonly what: string;
  readonly since: Instant;
}

/** Holds a world to its law that every effect is answered: told of all turns, it knows what waited too long. */
export interface Answers {
  turn(fact: Fact, effects: readonly Effect[]): void;
  /** What was not answered within the patience, each as people would read it. */
  readonly missing: readonly string[];
  /** How many effects were answered. */
  readonly answered: number;
}

export function answersWithin(patienceMs: Millis): Answers {
  const open = new Map<string, Open>();
  const missing = new Set<string>();
  let answered = 0;
  return {
    turn(fact, effects) {
      for (const key of [...open.keys()])
        if (
          keysOf(fact).some((known) => key === known || (known.endsWith('*') && key.startsWith(known.slice(0, -1))))
        ) {
          open.delete(key);
          answered += 1;
        }
      for (const [key, { what, since }] of open)
        if (fact.at > since + patienceMs) {
          missing.add(`${what} of ${isoOf(since)}`);
          open.delete(key);
        }
      for (const effect of effects) {
        const key = keyOf(effect);
        if (key !== undefined && !open.has(key)) open.set(key, { what: key, since: fact.at });
      }
    },
    get missing() {
      return [...missing];
    },
    get answered() {
      return answered;
    },
  };
}

/** What an effect waits for; undefined for those of which only a failure is told. */
function keyOf(effect: Effect): string | undefined {
  switch (effect.type) {
    case 'quoteOffers':
      return `${effect.type} ${effect.pool}`;
    case 'requestCapacity':
    case 'cancelRequest':
      return `${effect.blockId} ${effect.type} ${effect.token}`;
    case 'findNode':
    case 'terminateInstance':
    case 'cordonNode':
    case 'uncordonNode':
      return `${effect.blockId} ${effect.type}`;
    // A hold is a level: what is not held as it was asked for shows in the next look at the jobs, and is asked for again.
    case 'holdJobs':
    case 'labelNode':
    case 'announce':
      return undefined;
  }
}

/** What a fact answers; a star stands for anything. */
function keysOf(fact: Fact): readonly string[] {
  switch (fact.type) {
    case 'offers.quoted':
    case 'offers.unknown':
      return [`quoteOffers ${fact.pool}`];
    case 'capacity.granted':
    case 'capacity.refused':
      return [`${fact.blockId} requestCapacity ${fact.token}`, `${fact.blockId} cancelRequest ${fact.token}`];
    case 'node.seen':
      // What is not there needs no cordon.
      return [
        `${fact.blockId} findNode`,
        fact.node === null || fact.node.marks.includes(TAINT.draining)
          ? `${fact.blockId} cordonNode`
          : `${fact.blockId} uncordonNode`,
      ];
    // What is gone needs nothing any more.
    case 'instance.gone':
      return [`${fact.blockId} *`];
    case 'effect.failed':
    case 'effect.untried':
      return [`${fact.blockId} ${fact.effect}${fact.token === undefined ? '' : ` ${fact.token}`}`];
    default:
      return [];
  }
}
