import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRecording } from '../../../cli/recordings.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import type { Scenario } from '../../../sim/scenario/scenario.ts';
import { newKeeper } from '../../../src/keeper/keeper.ts';
import { replay } from '../../../src/keeper/replay.ts';
import { step } from '../../../src/keeper/step.ts';
import { type RecorderSettings, recorder } from '../../../src/live/observers/recorder.ts';
import type { Telemetry } from '../../../src/live/ports/telemetry.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { type Condition, lineReader, parseHeader, RECORDING_VERSION } from '../../../src/world/recording.ts';
import { aLease, anOffer } from '../../support/aBlock.ts';
import { aKeeper } from '../../support/aKeeper.ts';
import { seen } from '../../support/aNode.ts';
import { aPool } from '../../support/aPool.ts';
import { aScenario } from '../../support/aScenario.ts';
import { comesTrue } from '../../support/comesTrue.ts';
import { hours, minutes } from '../../support/lengths.ts';
import { turnsOf, watched } from './aWatch.ts';

let folder: string;
const notes: string[] = [];
const telemetry: Telemetry = {
  called: () => undefined,
  noted: (_, event) => {
    notes.push(event);
  },
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spot-keeper-'));
  notes.length = 0;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const header = (pools: unknown = { fleet: 'f', pools: [] }) =>
  ({ format: 'spot-keeper/recording', version: 1, release: '1', source: 'live', tz: 'x', pools }) as const;
const aRecorder = (over: Partial<RecorderSettings> = {}) => recorder({ folder, header: header(), telemetry, ...over });
const parts = (): readonly string[] => readdirSync(folder).sort();
const linesOf = (name: string): readonly string[] =>
  gunzipSync(readFileSync(join(folder, name)))
    .toString()
    .trimEnd()
    .split('\n');
const parseLine = lineReader({ version: RECORDING_VERSION });

const conditionsIn = (name: string): readonly Condition[] =>
  linesOf(name)
    .slice(1)
    .map(parseLine)
    .flatMap((line) => (line.kind === 'condition' ? [line.condition] : []));

async function replayed(name: string, { pools }: Scenario) {
  return replay(newKeeper(poolsOf(pools, catalogue)), step, (await openRecording(join(folder, name))).turns());
}

/** Turns in which nothing happens, a second apart. */
const idle = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({ type: 'clock.reached', at: from + n * 1_000 }) as const);

describe('a recording', () => {
  it('is one that replay accepts, turn by turn', async () => {
    const scenario = aScenario();
    const records = await aRecorder({ header: header(scenario.pools) });
    let turns = 0;
    await watched(scenario, (turn) => {
      turns += 1;
      records.turn?.(turn);
    });
    await records.close();
    expect(parts()).toEqual(['recording-20260302T000000.000Z-1.jsonl.gz']);
    expect(await replayed(parts()[0]!, scenario)).toEqual({ turns, departure: undefined });
  });

  it('begins another part by size and by age, between two turns, and says so', async () => {
    const rotated: number[] = [];
    const records = await aRecorder({ maxBytes: 400, maxAgeMs: hours(1), onRotate: (part) => rotated.push(part) });
    const hears = turnsOf(aKeeper(aPool(0)), (turn) => records.turn?.(turn));
    hears(...idle(0, 12), { type: 'clock.reached', at: hours(2) }, ...idle(hours(3), 2));
    await records.close();
    expect(rotated.length).toBe(parts().length - 1);
    expect(parts().every((name) => name.endsWith('.jsonl.gz'))).toBe(true);
    const told = parts().map((name) => linesOf(name));
    for (const [first] of told) expect(parseHeader(first!)).toMatchObject({ source: 'live' });
    expect(told.flatMap((lines) => lines.slice(1)).map((line) => parseLine(line))).toHaveLength(15);
    expect(told.map(([first]) => (JSON.parse(first!) as { part: number }).part)).toEqual(told.map((_, n) => n + 1));
  });

  it('passes over a name that an earlier life has used at the same instant', async () => {
    for (const life of [1, 2]) {
      const records = await aRecorder();
      turnsOf(aKeeper(aPool(0)), (turn) => records.turn?.(turn))(...idle(0, life));
      await records.close();
    }
    expect(parts().map((name) => linesOf(name).length)).toEqual([3, 2]);
  });

  it('tells what the world was like, as far as turns show it', async () => {
    const records = await aRecorder({ maxAgeMs: hours(3), isPriced: ({ usdPerHour }) => usdPerHour < 1_000 });
    const [b, dear] = [anOffer({ zone: 'b' }), anOffer({ zone: 'c', usdPerHour: 1_000 })];
    const lease = aLease({ offer: b, startsAt: 4, hardEndAt: Infinity });
    const quoted = { type: 'offers.quoted', pool: 'ci', offers: [anOffer(), b, dear] } as const;
    turnsOf(aKeeper(aPool(1)), (turn) => records.turn?.(turn))(
      { type: 'inventory.taken', at: 0, sightings: [], generations: {}, complete: true },
      { ...quoted, at: 1 },
      { ...quoted, at: 2 },
      {
        type: 'capacity.refused',
        at: 3,
        blockId: 'ci-0.1',
        token: 'ci-0.1.1',
        offer: anOffer(),
        refusal: 'no-capacity',
      },
      { type: 'capacity.granted', at: 4, blockId: 'ci-0.1', token: 'ci-0.1.2', lease },
      seen('ci-0.1', 5),
      { type: 'instance.interrupted', at: 6, blockId: 'ci-0.1', reclaimAt: minutes(2) },
      { type: 'instance.interrupted', at: 7, blockId: 'ci-0.1', reclaimAt: minutes(2) },
      { type: 'clock.reached', at: minutes(3) },
      { type: 'instance.gone', at: minutes(4), blockId: 'ci-0.1', cause: 'interrupted' },
      { type: 'clock.reached', at: hours(3) },
      { type: 'clock.reached', at: hours(3) + 1 },
    );
    await records.close();
    const a = 'm5.2xlarge/us-east-1a';
    expect(conditionsIn(parts()[0]!)).toEqual([
      { type: 'price.changed', at: 1, market: a, usdPerHour: 0.1 },
      { type: 'price.changed', at: 1, market: 'm5.2xlarge/b', usdPerHour: 0.1 },
      { type: 'capacity.changed', at: 3, market: a, instances: 0 },
      { type: 'market.reclaimed', at: minutes(2), market: 'm5.2xlarge/b' },
    ]);
    expect(conditionsIn(parts()[1]!).map(({ type }) => type)).toEqual([
      'price.changed',
      'price.changed',
      'capacity.changed',
    ]);
    const instants = linesOf(parts()[0]!)
      .slice(1)
      .map(parseLine)
      .map((line) => (line.kind === 'turn' ? line.turn.fact.at : line.condition.at));
    expect(instants).toEqual(instants.toSorted((x, y) => x - y));
  });

  it('holds no credential that AWS or Kubernetes put into a reason', async () => {
    const records = await aRecorder();
    const reason = 'Encoded authorization failure message: c4n4ryC4n4ryC4n4ry';
    turnsOf(aKeeper(aPool(0)), (turn) => records.turn?.(turn))({
      type: 'effect.failed',
      at: 1,
      blockId: 'ci-0.1',
      effect: 'cordonNode',
      reason,
    });
    await records.close();
    expect(linesOf(parts()[0]!)[1]).toContain('[redacted]');
    expect(linesOf(parts()[0]!)[1]).not.toContain('c4n4ry');
  });
});

describe('a disk that is too slow', () => {
  it('costs turns and never the loop: the part ends before the gap, and the next one says what is missing', async () => {
    const rotated: number[] = [];
    const records = await aRecorder({ maxWaitingBytes: 600, onRotate: (part) => rotated.push(part) });
    const hears = turnsOf(aKeeper(aPool(0)), (turn) => records.turn?.(turn));
    // All of it in one go of the event loop: nothing can be written meanwhile.
    hears(...idle(0, 100));
    expect(notes).toContain('recording has a gap');
    let at = 100_000;
    while (rotated.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      hears({ type: 'clock.reached', at: (at += 1_000) });
    }
    hears({ type: 'clock.reached', at: at + 1 });
    await records.close();
    const [first, second] = parts().map((name) => linesOf(name));
    const told = JSON.parse(second![0]!) as { readonly gap: { readonly turns: number } };
    const turns = 100 + (at - 100_000) / 1_000 + 1;
    expect(first!.length - 1 + told.gap.turns + (second!.length - 1)).toBe(turns);
    expect(second!.length).toBe(2);
    expect(first!.slice(1).map((line) => parseLine(line).kind)).toEqual(first!.slice(1).map(() => 'turn'));
  });

  it('or refuses: it is noted, and tried again after a while', async () => {
    const rotated: number[] = [];
    const records = await aRecorder({ onRotate: (part) => rotated.push(part) });
    const hears = turnsOf(aKeeper(aPool(0)), (turn) => records.turn?.(turn));
    rmSync(folder, { recursive: true });
    hears({ type: 'clock.reached', at: 1 });
    while (!notes.includes('recording failed')) await new Promise((resolve) => setImmediate(resolve));
    mkdirSync(folder);
    hears(...idle(1_000, 10));
    expect(rotated).toEqual([]);
    hears({ type: 'clock.reached', at: minutes(2) }, { type: 'clock.reached', at: minutes(3) });
    await records.close();
    expect(rotated).toEqual([2]);
    expect(notes.filter((note) => note === 'recording failed')).toHaveLength(1);
    expect(parts().map((name) => linesOf(name).slice(1).map(parseLine).length)).toEqual([1]);
  });
});

describe('a keeper that is killed', () => {
  it('leaves a part of which the last line alone may be torn; the next one cuts it off and packs the part', async () => {
    const name = 'recording-20260302T080000.000Z-1.jsonl';
    const whole = [JSON.stringify(header()), '{"fact":{"type":"clock.reached","at":1},"effects":[]}'];
    writeFileSync(join(folder, name), `${whole.join('\n')}\n{"fact":{"type":"clock.rea`);
    writeFileSync(join(folder, 'recording-20260302T090000.000Z-1.jsonl'), '{"format":"spot-kee');
    writeFileSync(join(folder, 'recording-20260302T070000.000Z-1.jsonl.gz.tmp'), 'half');
    writeFileSync(join(folder, 'somebody-elses.jsonl'), 'kept');
    await (await aRecorder()).close();
    expect(parts()).toEqual([`${name}.gz`, 'somebody-elses.jsonl']);
    expect(linesOf(`${name}.gz`)).toEqual(whole);
  });

  it('has written all but the last moments, in whole lines', async () => {
    const root = resolve(import.meta.dirname, '../../..');
    const script = `
      const { recorder } = await import('${root}/src/live/observers/recorder.ts');
      const { newKeeper } = await import('${root}/src/keeper/keeper.ts');
      const telemetry = { called() {}, noted() {} };
      const records = await recorder({ folder: ${JSON.stringify(folder)}, header: ${JSON.stringify(header())}, telemetry });
      const state = newKeeper([]);
      for (let at = 1; ; at += 1) {
        records.turn({ fact: { type: 'clock.reached', at }, effects: [], state });
        if (at === 2000) process.stdout.write('written');
        await new Promise((resolve) => setImmediate(resolve));
      }`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { cwd: root });
    await once(child.stdout, 'data');
    // The disk may be behind by moments, which a busy machine makes long.
    await comesTrue(() => {
      expect(readFileSync(join(folder, parts()[0]!), 'utf8').split('\n').length).toBeGreaterThan(1_010);
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await aRecorder()).close();
    const turns = linesOf(parts()[0]!).slice(1).map(parseLine);
    expect(turns.map((line) => line.kind === 'turn' && line.turn.fact.at)).toEqual(turns.map((_, n) => n + 1));
    expect(turns.length).toBeGreaterThan(1_000);
  });
});
