import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labelOf } from '../cli/policySets.ts';
import { catalogue } from '../policies/catalogue.ts';
import { resultText } from '../report/resultText.ts';
import { stripChart } from '../report/stripChart.ts';
import { rivalryOf } from '../sim/baselines/rivals.ts';
import { verdictsOf } from '../sim/result/verdicts.ts';
import { readScenario } from '../sim/scenario/readScenario.ts';
import { simulate } from '../sim/simulate.ts';
import type { PolicySlots } from '../src/policy/definePolicy.ts';
import { poolsOf } from '../src/pool/assemble.ts';
import type { Pool } from '../src/pool/pool.ts';

const FOLDER = resolve(import.meta.dirname, '../scenarios');
const names = readdirSync(FOLDER);

/** Width of the charts that are kept: read in an editor and in a diff. */
const COLUMNS = 100;

describe.each(names)('the scenario %s', (name) => {
  it('comes to what it came to before (npm run golden rewrites it, for the diff to be read)', async () => {
    const scenario = await readScenario(join(FOLDER, name), catalogue);
    const pools = poolsOf(scenario.pools, catalogue);
    const outcome = await simulate(scenario, pools, labelOf(scenario.pools));
    // The others take minutes: what they are is tested with them.
    const rivalry = rivalryOf({ scenario, pools, poolsOf: (file) => poolsOf(file, catalogue) });
    const rivals = { onDemandOnly: await rivalry.rival('onDemandOnly'), original: await rivalry.rival('original') };
    const verdicts = verdictsOf(scenario.expectations, outcome, rivals.onDemandOnly.outcome);
    const text = `${resultText({ outcome, rivals, verdicts })}\n\n${stripChart(outcome, { columns: COLUMNS })}\n`;
    await expect(text).toMatchFileSnapshot(join(FOLDER, name, 'expected.txt'));
    expect(verdicts.filter(({ holds }) => !holds)).toEqual([]);
  });

  it('comes to the same twice, and with its policies asked other questions in between', async () => {
    const scenario = await readScenario(join(FOLDER, name), catalogue);
    const first = await simulate(scenario, poolsOf(scenario.pools, catalogue), 'first');
    const again = await simulate(
      await readScenario(join(FOLDER, name), catalogue),
      poolsOf(scenario.pools, catalogue),
      'again',
    );
    const pestered = await simulate(scenario, poolsOf(scenario.pools, catalogue).map(pester), 'pestered');
    expect(again.digest).toBe(first.digest);
    expect(pestered.digest).toBe(first.digest);
    expect(again.cost).toEqual(first.cost);
  });
});

/** A pool whose policies hear other questions, and the same one twice, before each that counts. */
function pester({ spec, policies }: Pool): Pool {
  const { operatingHours, scaling, renewal, purchase }: PolicySlots = policies;
  const nagged: PolicySlots = {
    operatingHours: {
      allowedAt: (now) => {
        operatingHours.allowedAt(now + 90_000_000);
        operatingHours.allowedAt(now);
        operatingHours.allowedAt(now - 700_000_000);
        return operatingHours.allowedAt(now);
      },
    },
    scaling: {
      ...scaling,
      wantedNow: (question) => {
        scaling.wantedNow({ ...question, jobs: { ...question.jobs, waiting: question.jobs.waiting + 9 } });
        scaling.wantedNow(question);
        return scaling.wantedNow(question);
      },
    },
    renewal: {
      timesFor: (question) => {
        renewal.timesFor({ ...question, now: question.now + 1, slot: question.slot + 1 });
        renewal.timesFor(question);
        return renewal.timesFor(question);
      },
    },
    purchase: {
      rank: (offers, need) => {
        purchase.rank(offers.toReversed(), { ...need, zones: [] });
        return purchase.rank(offers, need);
      },
    },
  };
  return { spec, policies: nagged };
}
