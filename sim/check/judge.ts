import { isoOf, NEVER } from '../../src/domain/time.ts';
import type { PolicySlots } from '../../src/policy/definePolicy.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import type { Pool } from '../../src/pool/pool.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { CheckWorld } from './checkWorld.ts';
import { type Life, liveIn } from './life.ts';
import { type Broken, probe } from './probe.ts';
import { firstDifference, judges, PROMISES, wantedAt } from './promises.ts';
import { scenarioOf } from './scenarioOf.ts';
import { choiceIn, choicesIn, makeSubject, referenceIn, type Subject, takesWindows } from './subject.ts';

/** Lets a policy live in a world; answers the first promise that it broke there, or undefined. Pure: same world, same answer. */
export async function judge(subject: Subject, drawn: CheckWorld): Promise<Broken | undefined> {
  const world = fitting(subject, drawn);
  const own = scenarioOf(world, choicesIn(subject, world, choiceIn(subject, world)), [subject.slot]);
  const reference = scenarioOf(world, choicesIn(subject, world, referenceIn(subject.slot, world)), []);
  return judgeScenario(subject, own, reference, () => makeSubject(subject, world), takesWindows(subject, world));
}

/** As `judge`, for a scenario and its reference. `hasHours`: the reference's operating hours are what the subject's should be. */
export async function judgeScenario(
  subject: Subject,
  own: Scenario,
  reference: Scenario,
  make: () => PolicySlots[Subject['slot']],
  hasHours: boolean,
): Promise<Broken | undefined> {
  const { slot, catalogue, definition } = subject;
  let probed: ReturnType<typeof probe>;
  let life: Life;
  const [template] = poolsOf(reference.pools, catalogue);
  if (template === undefined) return undefined;
  try {
    probed = probe(slot, make(), make);
    const pool: Pool = { spec: template.spec, policies: { ...template.policies, [slot]: probed.policy } };
    life = await liveIn(own, pool);
  } catch (error) {
    // `create` is the policy's own code; the keeper itself catches what a policy throws when it is asked.
    const why = error instanceof Error ? error.message : String(error);
    return { promise: 'answers', at: own.from, sentence: `the policy could not be made: ${why}` };
  }
  const lawful = probed.broken();
  if (lawful !== undefined) return lawful;
  // Hours that are nobody's but the policy's own cannot be measured against others.
  const measure = slot === 'operatingHours' && !hasHours ? undefined : await liveIn(reference, template);
  if (measure !== undefined && hasHours) {
    const wrong = otherHours(life, measure);
    if (wrong !== undefined) return wrong;
  }
  const waived = new Set<string>(definition.waives);
  for (const promise of PROMISES) {
    if (waived.has(promise)) continue;
    const broken = judges[promise](life, measure ?? life);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

/** A policy that takes one window only is not shown a second. */
function fitting(subject: Subject, world: CheckWorld): CheckWorld {
  const { options } = choiceIn(subject, world);
  return takesWindows(subject, world) && !('windows' in options) ? { ...world, moreBlocks: 0 } : world;
}

function otherHours(own: Life, reference: Life): Broken | undefined {
  const at = firstDifference(own.wanted, reference.wanted, own.truth.until);
  if (at === NEVER) return undefined;
  const [wants, right] = [wantedAt(own.wanted, at), wantedAt(reference.wanted, at)];
  return {
    promise: 'hours',
    at,
    sentence: `the policy wants ${wants} blocks at ${isoOf(at)}, and weekly with the same window wants ${right}`,
  };
}
