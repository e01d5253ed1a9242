import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { catalogue } from '../../policies/catalogue.ts';
import { lengthText, percentText, usdText } from '../../report/figures.ts';
import type { Outcome } from '../../sim/outcome.ts';
import { savingOf } from '../../sim/result/verdicts.ts';
import { readScenario } from '../../sim/scenario/readScenario.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { simulate, simulateOnDemandOnly } from '../../sim/simulate.ts';
import type { PolicyChoice, PoolConfig } from '../../src/config/pools.ts';
import { POLICY_SLOTS, type PolicySlot } from '../../src/policy/definePolicy.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { progressOn } from '../output/progress.ts';

/** `shelf [DIR…]`: every built-in in scenarios, one at a time in place of the pools' own, as Markdown. */
export const command = (): Command =>
  new Command('shelf')
    .description('compare every built-in policy over scenarios, the shipped ones if none is named; prints Markdown')
    .argument('[dirs...]', 'scenario folders')
    .action(async (named: readonly string[]) => {
      const dirs = named.length > 0 ? named : await shipped();
      const progress = progressOn(process.stderr, { label: 'scenarios', total: dirs.length });
      const parts: string[] = [];
      for (const dir of dirs) {
        parts.push(await compared(await readScenario(dir, catalogue)));
        progress.advance();
      }
      progress.end();
      process.stdout.write(parts.join('\n'));
    });

async function compared(scenario: Scenario): Promise<string> {
  const onDemandOnly = await simulateOnDemandOnly(scenario, poolsOf(scenario.pools, catalogue));
  const own = await simulate(scenario, poolsOf(scenario.pools, catalogue), 'own');
  const rows: string[] = [];
  for (const slot of POLICY_SLOTS)
    for (const name of Object.keys(catalogue[slot])) {
      const pools = scenario.pools.pools.map((pool) => withPolicy(pool, slot, name, scenario));
      // Operating hours that need a window of their own would be compared by that, not by what they are.
      if (pools.some((pool) => pool === undefined)) continue;
      const isOwn = scenario.pools.pools.every(({ policies }) => policies[slot].policy === name);
      if (isOwn) {
        rows.push(rowOf(slot, `**${name}**`, own, onDemandOnly));
        continue;
      }
      // A fixed pool holds all that it is allowed: what a following one has as a cap would be held day and night for nothing.
      const isFixed = slot === 'scaling' && name === 'scheduled';
      const { peak } = own.blocks;
      // Known: none is undefined.
      const known = pools as readonly PoolConfig[];
      const file = { ...scenario.pools, pools: isFixed ? known.map((pool) => ofBlocks(pool, peak)) : known };
      const outcome = await simulate({ ...scenario, pools: file }, poolsOf(file, catalogue), name);
      rows.push(rowOf(slot, isFixed ? `${name}, ${peak} blocks` : name, outcome, onDemandOnly));
    }
  return [
    `### ${scenario.name}`,
    '',
    `${scenario.about} On-demand only: ${usdText(onDemandOnly.cost.total)} USD.`,
    '',
    '| slot | policy | USD | below on-demand only | wait p95 | killed | uncovered block-hours |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n');
}

const rowOf = (slot: PolicySlot, name: string, outcome: Outcome, onDemandOnly: Outcome): string =>
  `| ${[
    slot,
    name,
    usdText(outcome.cost.total),
    percentText(savingOf(outcome, onDemandOnly)),
    lengthText(outcome.jobs.waitMs.p95),
    String(outcome.jobs.killed),
    outcome.uncoveredBlockHours.toFixed(1),
  ].join(' | ')} |`;

/** The pool with another policy; its own keeps its options. Undefined where the policy needs options that nobody can guess. */
function withPolicy(pool: PoolConfig, slot: PolicySlot, name: string, scenario: Scenario): PoolConfig | undefined {
  const own = pool.policies[slot];
  const choice: PolicyChoice = own.policy === name ? own : { policy: name, options: optionsFor(name, pool, scenario) };
  if (catalogue[slot][name]?.options.safeParse(choice.options).success !== true) return undefined;
  return { ...pool, policies: { ...pool.policies, [slot]: choice } };
}

/** The pool with as many blocks at all times. */
const ofBlocks = (pool: PoolConfig, blocks: number): PoolConfig => ({
  ...pool,
  policies: { ...pool.policies, operatingHours: { policy: 'always', options: { blocks } } },
});

/** Options for the policies that cannot do without and for which a scenario suggests some. */
function optionsFor(name: string, pool: PoolConfig, { market }: Scenario): Readonly<Record<string, unknown>> {
  const usdOnDemand = Math.min(...pool.instanceTypes.map((type) => market.onDemand[type] ?? Number.POSITIVE_INFINITY));
  switch (name) {
    case 'ordered':
      return { zones: pool.zones };
    case 'upTo':
      return { usdPerHour: usdOnDemand };
    case 'fallback':
      return { first: { policy: 'upTo', usdPerHour: usdOnDemand / 2 } };
    default:
      return {};
  }
}

/** The scenarios that ship with this package: beside the sources, or beside what is built of them. */
async function shipped(): Promise<readonly string[]> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  for (const folder of [join(here, '../../scenarios'), join(here, '../../../scenarios')]) {
    const names = await readdir(folder).catch(() => []);
    if (names.length > 0) return names.toSorted().map((name) => join(folder, name));
  }
  return [];
}
