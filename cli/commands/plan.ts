import { Command } from 'commander';
import { NEVER } from '../../src/domain/time.ts';
import { deedsOf } from '../../src/look/deeds.ts';
import { explainPools } from '../../src/look/explainPool.ts';
import type { Moment } from '../../src/look/foresee.ts';
import type { Look } from '../../src/look/look.ts';
import { withEvictions } from '../../src/look/otherPods.ts';
import { unknownsIn } from '../../src/look/unknowns.ts';
import { type LookFlags, looking, withLookFlags } from '../looking.ts';
import { wholeNumber } from '../options.ts';
import { printJson } from '../output/json.ts';
import { holderOf } from '../output/looked.ts';
import { type Foreseen, planText, type WakeUp } from '../output/plan.ts';
import { widthOf } from '../output/terminal.ts';
import { withLivePolicies } from '../userPolicies.ts';

interface Flags extends LookFlags {
  readonly wakeUps: number;
}

/** `plan [POOLS]`: what a keeper would do now and at its next wake-ups, without doing any of it. */
export const command = (): Command =>
  withLookFlags(
    new Command('plan')
      .description('say what a keeper would do now and at its next wake-ups, and why; changes nothing')
      .argument('[pools]', 'a pools file; or ASG_NAME … in the environment')
      .option('--wake-ups <number>', 'so many wake-ups at which something is done', wholeNumber, 3),
  ).action((path: string | undefined, flags: Flags) =>
    withLivePolicies((policies) =>
      looking(path, flags, policies, (seen) => {
        const unknowns = unknownsIn(seen);
        const plan = planOf(seen, flags.wakeUps);
        if (flags.json === true) {
          const { at, file } = seen;
          const head = { fleet: file.fleet, at, keeper: holderOf(seen), unknown: unknowns };
          printJson({ ...head, ...plan });
        } else process.stdout.write(`${planText(seen, plan, unknowns, widthOf(process.stdout)).join('\n')}\n`);
        process.exitCode = unknowns.length === 0 ? 0 : 1;
      }),
    ),
  );

/** A pool that waits for something wakes up every few minutes and does nothing: so many of these are passed over. */
const MOST_QUIET = 1_000;

function planOf(seen: Look, count: number): Foreseen {
  const { foresight, pools, quotes } = seen;
  const wakeUps: WakeUp[] = [];
  let moment = foresight.now;
  for (let quiet = 0; wakeUps.length < count && quiet < MOST_QUIET; ) {
    const next = foresight.next(moment);
    if (next === undefined) break;
    const deeds = withEvictions(deedsOf(next, pools, quotes), seen);
    const wakeUp = { at: next.at, deeds, wanted: changedIn(moment, next, seen) };
    if (wakeUp.deeds.length + wakeUp.wanted.length > 0) wakeUps.push(wakeUp);
    else quiet += 1;
    moment = next;
  }
  return {
    pools: explainPools(seen),
    now: withEvictions(deedsOf(foresight.now, pools, quotes), seen),
    wakeUps,
    dueAt: Number.isFinite(moment.wakeAt) ? moment.wakeAt : NEVER,
  };
}

/** The pools that want another number of blocks than before. */
const changedIn = (before: Moment, { after }: Moment, { pools }: Look): WakeUp['wanted'] =>
  pools.flatMap(({ spec: { name } }) => {
    const blocks = wantedIn(after, name);
    return blocks === undefined || blocks === wantedIn(before.after, name) ? [] : [{ pool: name, blocks }];
  });

/** By the hours, or by the jobs of a pool that follows them; undefined before the hours were asked. */
const wantedIn = ({ memories }: Moment['after'], pool: string): number | undefined => {
  const memory = memories.get(pool);
  return memory?.allowance == null ? undefined : memory.wanted;
};
