import type { Effect } from '../../src/domain/effects.ts';
import type { Fact } from '../../src/domain/facts.ts';
import { minutes } from '../../src/domain/time.ts';
import type { Draws } from '../chance/draw.ts';
import type { Fate } from '../kernel/kernel.ts';
import type { Disturbances } from '../scenario/scenario.ts';

const MOST_LATE_MS = minutes(1);
const MOST_AGAIN_MS = minutes(5);

/** Draws what becomes of each fact: late, told again, lost, or neither. An inventory is an answer of its moment and comes at once. */
export function fates(
  { repeats, delays, lostAnswers = 0 }: Disturbances,
  draws: Draws,
): ((fact: Fact) => Fate) | undefined {
  if (repeats === 0 && delays === 0 && lostAnswers === 0) return undefined;
  let told = 0;
  return (fact) => {
    const { type } = fact;
    const count = told++;
    if (type === 'inventory.taken') return { lateMs: 0, againMs: undefined };
    const late = draws.uniform('fates.late', type, count) < delays;
    const again = draws.uniform('fates.again', type, count) < repeats;
    const lost = lostAnswers > 0 && isAnswer(fact) && draws.uniform('fates.lost', type, count) < lostAnswers;
    return {
      lateMs: late ? draws.integer('fates.lateMs', type, count, 1, MOST_LATE_MS) : 0,
      againMs: again ? draws.integer('fates.againMs', type, count, 1, MOST_AGAIN_MS) : undefined,
      ...(lost ? { lost } : {}),
    };
  };
}

/** Whether a fact only says what came of an effect, or is told again; what else the world does by itself is heard. */
const isAnswer = (fact: Fact): boolean =>
  fact.type === 'instance.gone' ? fact.cause === 'terminated' : ANSWERS.has(fact.type);

const ANSWERS: ReadonlySet<Fact['type']> = new Set<Fact['type']>([
  'capacity.granted',
  'capacity.refused',
  'offers.quoted',
  'offers.unknown',
  // Levels are told again.
  'node.seen',
  'effect.failed',
  'effect.untried',
]);

/** Draws what a keeper that begins anew sees of a node, and whether anybody can tell that there is none. */
export function sights(
  { unseenNodes = 0 }: Disturbances,
  draws: Draws,
): { readonly ofNode: () => 'seen' | 'unready' | 'unseen'; readonly canTell: () => boolean } {
  let looked = 0;
  return {
    ofNode: () => {
      if (unseenNodes === 0) return 'seen';
      const drawn = draws.uniform('fates.sight', 'node', looked++);
      return drawn >= unseenNodes ? 'seen' : drawn < unseenNodes / 2 ? 'unseen' : 'unready';
    },
    canTell: () => unseenNodes === 0 || draws.uniform('fates.sight', 'none', looked++) >= unseenNodes,
  };
}

/** Draws what becomes of each effect: performed, not tried and said so, or lost without a word. Events for people are not drawn. */
export function effectFates(
  { untried = 0, lostEffects = 0 }: Disturbances,
  draws: Draws,
): (effect: Effect) => 'performed' | 'untried' | 'lost' {
  if (untried === 0 && lostEffects === 0) return () => 'performed';
  let asked = 0;
  return ({ type }) => {
    if (type === 'announce') return 'performed';
    const drawn = draws.uniform('fates.effect', type, asked++);
    return drawn < untried ? 'untried' : drawn < untried + lostEffects ? 'lost' : 'performed';
  };
}
