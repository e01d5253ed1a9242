import fc from 'fast-check';
import type { Scenario } from '../sim/scenario/scenario.ts';
import { checkWorlds, type WorldOptions } from './arbitrary.ts';
import type { CheckWorld } from './checkWorld.ts';
import { judge } from './judge.ts';
import type { Broken } from './probe.ts';
import { scenarioOf } from './scenarioOf.ts';
import { choicesIn, type Subject } from './subject.ts';

export interface CheckOptions extends WorldOptions {
  /** Worlds to try. */
  readonly runs: number;
  /** A whole number; the same seed tries the same worlds. */
  readonly seed: number;
  /** fast-check's path to one world, from the line that repeats a failure. */
  readonly path?: string;
  /** Stop looking for more after so long, in milliseconds; what was tried by then counts. */
  readonly limitMs?: number;
  /** Told before each world: how many were tried, and whether a failure is being made smaller. */
  readonly onWorld?: (tried: number, shrinking: boolean, world: CheckWorld) => void;
}

export interface Checked {
  readonly runs: number;
  /** Undefined: every promise was kept in every world. */
  readonly counterexample:
    | {
        readonly world: CheckWorld;
        /** The world as a scenario, the policy in it. */
        readonly scenario: Scenario;
        readonly broken: Broken;
        readonly seed: number;
        readonly path: string;
        readonly shrinks: number;
      }
    | undefined;
}

/** Worlds judged on the way to a smaller one, at most: the last steps make it hardly smaller, and are most of the way. */
const MOST_SHRINKING = 1_000;

/** Tries a policy in random worlds, and makes the first world in which it breaks a promise as small as that promise allows. */
export async function checkPolicy(subject: Subject, options: CheckOptions): Promise<Checked> {
  let tried = 0;
  let shrinking = 0;
  let first: Broken | undefined;
  // A policy that goes by chance need not break anything when it is asked once more: what was seen stands.
  let last: Broken | undefined;
  // How many jobs go on a node is what scaling reckons with; the other slots never hear of it.
  const worlds = checkWorlds({ ...options, severalJobs: subject.slot === 'scaling' });
  const property = fc.asyncProperty(worlds, async (world) => {
    options.onWorld?.(tried, first !== undefined, world);
    if (first !== undefined && ++shrinking > MOST_SHRINKING) return true;
    const broken = await judge(subject, world);
    if (first === undefined) tried += 1;
    // While it shrinks, only the promise that was broken first counts: else one failure turns into another on the way.
    if (broken === undefined || (first !== undefined && broken.promise !== first.promise)) return true;
    first ??= broken;
    last = broken;
    return false;
  });
  const { seed, path, runs, limitMs } = options;
  const details = await fc.check(property, {
    numRuns: runs,
    seed,
    ...(path === undefined ? {} : { path, endOnFailure: true }),
    ...(limitMs === undefined ? {} : { interruptAfterTimeLimit: limitMs }),
  });
  const [world] = details.counterexample ?? [];
  // The last world that failed is the smallest.
  if (world === undefined || last === undefined) return { runs: tried, counterexample: undefined };
  return {
    runs: tried,
    counterexample: {
      world,
      scenario: scenarioOf(world, choicesIn(subject, world), [subject.slot]),
      broken: last,
      seed: details.seed,
      path: details.counterexamplePath ?? '0',
      shrinks: details.numShrinks,
    },
  };
}
