import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { poolsText } from '../../../data/distil/poolsText.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { type Beside, nothingBeside } from '../../../src/config/beside.ts';
import { DEFAULT_LIVE, type PoolsFile } from '../../../src/config/pools.ts';
import { readPools } from '../../../src/config/readPools.ts';
import { aPoolConfig } from '../../support/aScenario.ts';

const SCENARIOS = join(import.meta.dirname, '../../../scenarios');

const again = (file: PoolsFile): PoolsFile => {
  const { text, texts } = poolsText(file);
  const beside: Beside = {
    ...nothingBeside,
    text: (path) => ({ text: texts.get(path) ?? 'nothing was written beside it' }),
  };
  return readPools(text, 'pools.yaml', catalogue, beside);
};

const aChoice = (options: Readonly<Record<string, unknown>>, policy: string) => ({
  ...aPoolConfig().policies,
  operatingHours: { policy, options },
});

describe('pools written back as text', () => {
  it.each(readdirSync(SCENARIOS))('of %s are the same when they are read', (name) => {
    const file = readPools(readFileSync(join(SCENARIOS, name, 'pools.yaml'), 'utf8'), 'pools.yaml', catalogue);
    expect(again(file)).toEqual(file);
  });

  it('keep what concerns a real cluster, with a queue and without', () => {
    const live = { ...DEFAULT_LIVE, jobs: ['gitlab' as const, { namespace: 'builds', nameContains: 'runner: "a"' }] };
    const file: PoolsFile = { fleet: 'ci', pools: [aPoolConfig()], live };
    expect(again(file)).toEqual(file);
    const queued = { ...file, live: { ...live, interruptionQueue: 'https://sqs.us-east-1.amazonaws.com/1/ci' } };
    expect(again(queued)).toEqual(queued);
  });

  it('put the text of a calendar back into its file, also within another policy', () => {
    const calendar = {
      policy: 'calendar',
      zone: 'Europe/Berlin',
      calendar: { file: 'freeze.ics', text: 'BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n' },
    };
    const options = { policies: [{ policy: 'always', blocks: 2 }, calendar] };
    const { text, texts } = poolsText({
      fleet: 'ci',
      pools: [aPoolConfig({ policies: aChoice(options, 'highestOf') })],
    });
    expect([...texts]).toEqual([['freeze.ics', calendar.calendar.text]]);
    expect(text).toContain('calendar: freeze.ics');
  });

  it('name the policies that are files', () => {
    const { policyFiles } = poolsText({
      fleet: 'ci',
      pools: [aPoolConfig({ policies: aChoice({ of: { policy: './inner.ts' } }, './outer.ts') })],
    });
    expect([...policyFiles]).toEqual(['./outer.ts', './inner.ts']);
  });
});
