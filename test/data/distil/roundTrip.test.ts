import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { distilInto } from '../../../data/distil/distilInto.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import type { Outcome } from '../../../sim/outcome.ts';
import { conditionsOf } from '../../../sim/result/conditions.ts';
import { RecordingLines } from '../../../sim/result/recordingLines.ts';
import { readScenario } from '../../../sim/scenario/readScenario.ts';
import type { Scenario } from '../../../sim/scenario/scenario.ts';
import { simulate } from '../../../sim/simulate.ts';
import { nothingBeside } from '../../../src/config/beside.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { lineOfHeader } from '../../../src/world/recording.ts';
import { scenarioFolder } from '../../support/command.ts';
import { aHeader } from './aRecording.ts';

/**
 * What a recording does not hold, and a distilled scenario draws anew: the boot of each single node (their median and 95th
 * percentile are kept), the moment of each answer of EC2, and the seed behind both. That is worth this share of the bill.
 */
const TOLERANCE = 0.03;

const outcomeOf = (scenario: Scenario, lines?: RecordingLines): Promise<Outcome> =>
  simulate(scenario, poolsOf(scenario.pools, catalogue), 'own', lines ?? {});

async function roundTrip(name: string): Promise<{
  readonly first: { readonly scenario: Scenario; readonly outcome: Outcome };
  readonly second: { readonly scenario: Scenario; readonly outcome: Outcome };
}> {
  const folder = mkdtempSync(join(tmpdir(), 'spot-keeper-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const scenario = await readScenario(scenarioFolder(name), catalogue);
  const lines = new RecordingLines();
  const outcome = await outcomeOf(scenario, lines);
  const header = lineOfHeader(aHeader({ source: name, pools: scenario.pools }));
  writeFileSync(join(folder, 'week.jsonl'), `${[header, ...lines.among(conditionsOf(scenario))].join('\n')}\n`);
  const { from, until } = scenario;
  await distilInto(join(folder, 'again'), [join(folder, 'week.jsonl')], {
    ...{ from, until, onDemand: {}, catalogue, policyFolder: folder, beside: nothingBeside },
  });
  const again = await readScenario(join(folder, 'again'), catalogue);
  return { first: { scenario, outcome }, second: { scenario: again, outcome: await outcomeOf(again) } };
}

describe.each(['zone-drought', 'price-spike'])('%s, recorded, distilled and simulated again', (name) => {
  it('has the same jobs, prices, room and pools, and costs the same but for chance', async () => {
    const { first, second } = await roundTrip(name);
    const jobs = ({ scenario }: typeof first) =>
      scenario.jobs
        .map(({ queuedAt, durationMs, class: name = '' }) => `${queuedAt} ${Math.round(durationMs)} ${name}`)
        .toSorted((a, b) => a.localeCompare(b));
    expect(jobs(second)).toEqual(jobs(first));
    expect(second.scenario.pools).toEqual(first.scenario.pools);
    const market = ({ scenario }: typeof first) =>
      conditionsOf(scenario)
        .filter(({ type }) => type === 'price.changed' || type === 'market.reclaimed')
        .map((condition) => JSON.stringify(condition));
    expect(market(second)).toEqual(market(first));

    const share = second.outcome.cost.total / first.outcome.cost.total;
    expect(Math.abs(share - 1)).toBeLessThan(TOLERANCE);
    expect(second.outcome.jobs.total).toBe(first.outcome.jobs.total);
  });
});
