import { resolve } from 'node:path';
import { transition } from 'xstate';
import { checkPolicy } from '../check/checkPolicy.ts';
import { catalogue } from '../policies/catalogue.ts';
import { readScenario } from '../sim/scenario/readScenario.ts';
import { simulate } from '../sim/simulate.ts';
import { advanceCompiled } from '../src/block/compiled.ts';
import type { Block, BlockEvent } from '../src/block/context.ts';
import { advanceByXState } from '../src/block/interpreted.ts';
import { blockMachine } from '../src/block/machine.ts';
import type { Effect } from '../src/domain/effects.ts';
import type { Fact } from '../src/domain/facts.ts';
import { newKeeper } from '../src/keeper/keeper.ts';
import { step } from '../src/keeper/step.ts';
import { poolsOf } from '../src/pool/assemble.ts';
import { reduce } from './reducer.ts';

// CPU time of this process, since wall time on a shared machine measures its neighbours.
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

const scenario = await readScenario(resolve('scenarios/ci-week'), catalogue);
const pools = poolsOf(scenario.pools, catalogue);

const facts: Fact[] = [];
const first = await simulate(scenario, pools, 'bench', { turn: (fact) => facts.push(fact) });

const weekMs = await timedWeeks(10);
const turnMs = timed(() => {
  let keeper = newKeeper(pools);
  for (const fact of facts) keeper = step(keeper, fact).state;
}, 10);

const lives = livesIn(facts);
const events = lives.reduce((count, { events: heard }) => count + heard.length, 0);
const contenders: Readonly<Record<string, (block: Block, event: BlockEvent) => readonly [Block, readonly Effect[]]>> = {
  'hand-written reducer (the floor)': reduce,
  'compiled chart (what runs)': advanceCompiled,
  'XState, reused scope': advanceByXState,
  'XState, official transition()': officially,
};
const expected = digestOf(reduce);
const figures = Object.entries(contenders).map(([name, advance]) => {
  if (digestOf(advance) !== expected) throw new Error(`${name} does not do what the floor does`);
  const passes = name.startsWith('XState') ? 3 : 200;
  return { name, ns: (timed(() => digestOf(advance), passes) * 1e6) / events };
});

const [floor] = figures;
process.stdout.write(`${scenario.name}: ${first.turns} turns, ${events} block events, node ${process.version}\n\n`);
process.stdout.write(`${(1_000 / weekMs).toFixed(1)} simulated weeks a second (${weekMs.toFixed(1)} ms of CPU each)\n`);
process.stdout.write(`${((weekMs * 1e6) / first.turns).toFixed(0)} ns a turn, world and results included\n`);
process.stdout.write(`${((turnMs * 1e6) / facts.length).toFixed(0)} ns a turn of the keeper alone\n\n`);
for (const { name, ns } of figures)
  process.stdout.write(
    `${name.padEnd(34)} ${ns.toFixed(0).padStart(7)} ns/event  ${(ns / (floor?.ns ?? 1)).toFixed(2).padStart(7)} × floor\n`,
  );

const CHECKED = 300;
const checkMs = await timedCheck();
process.stdout.write(
  `\ncheck: ${(CHECKED / (checkMs / 1_000)).toFixed(0)} worlds a second (${(checkMs / CHECKED).toFixed(1)} ms of CPU each), 1,000 in ${(checkMs / CHECKED).toFixed(0)} s\n`,
);

await import('./live/bench.ts');

/** CPU milliseconds of a check of the built-in that does most: every law, a life, and the life it is measured against. */
async function timedCheck(): Promise<number> {
  const subject = { slot: 'renewal', name: 'staggered', options: {}, catalogue } as const;
  const before = cpuMs();
  await checkPolicy(subject, { runs: CHECKED, seed: 1 });
  return cpuMs() - before;
}

async function timedWeeks(count: number): Promise<number> {
  await simulate(scenario, pools, 'bench');
  const before = cpuMs();
  for (let week = 0; week < count; week += 1) await simulate(scenario, pools, 'bench');
  return (cpuMs() - before) / count;
}

/** CPU milliseconds of one pass, after as many passes to warm up. */
function timed(pass: () => unknown, passes: number): number {
  for (let warm = 0; warm < passes; warm += 1) pass();
  const before = cpuMs();
  for (let count = 0; count < passes; count += 1) pass();
  return (cpuMs() - before) / passes;
}

/** Every block's first state and the events it heard, taken from a run of the keeper. */
function livesIn(heard: readonly Fact[]): readonly { readonly birth: Block; readonly events: readonly BlockEvent[] }[] {
  const found = new Map<string, { birth: Block; events: BlockEvent[] }>();
  let keeper = newKeeper(pools);
  for (const fact of heard) {
    const before = keeper.blocks;
    keeper = step(keeper, fact).state;
    for (const [id, block] of keeper.blocks) {
      const life = found.get(id);
      if (life === undefined) found.set(id, { birth: block, events: [] });
      else if (fact.type === 'clock.reached') {
        const was = before.get(id);
        if (was !== undefined && was.context.deadlineAt <= fact.at) life.events.push(fact);
      } else if ('blockId' in fact && fact.blockId === id) life.events.push(fact);
      // An order is not a fact: it shows as the step from serving to draining.
      if (
        life !== undefined &&
        block.state === 'draining' &&
        before.get(id)?.state === 'serving' &&
        fact.type !== 'instance.interrupted'
      )
        life.events.push({ type: 'retire', at: fact.at, endBy: block.context.deadlineAt });
    }
  }
  return [...found.values()];
}

/** Runs every life through one contender; answers what came of them. */
function digestOf(advance: (block: Block, event: BlockEvent) => readonly [Block, readonly Effect[]]): string {
  let effects = 0;
  const ends: Record<string, number> = {};
  for (const { birth, events: heard } of lives) {
    let block = birth;
    for (const event of heard) {
      const [next, asked] = advance(block, event);
      block = next;
      effects += asked.length;
    }
    ends[block.state] = (ends[block.state] ?? 0) + 1;
  }
  return `${effects} ${JSON.stringify(ends)}`;
}

function officially(block: Block, event: BlockEvent): readonly [Block, readonly Effect[]] {
  const before = blockMachine.resolveState({ value: block.state, context: block.context });
  if (before.status !== 'active') return [block, []];
  const [next, actions] = transition(blockMachine, before, event);
  const asked = actions.flatMap((action) =>
    (action.type as string) === 'xstate.emit' ? [(action.params as { readonly event: Effect }).event] : [],
  );
  return [{ state: next.value, context: next.context }, asked];
}
