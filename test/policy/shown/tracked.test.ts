import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAgain, sameAsRead, withoutRead } from '../../../src/policy/shown/reads.ts';
import { plainOf, tracked } from '../../../src/policy/shown/tracked.ts';

const someData = () => ({ now: 7, jobs: { running: 2, since: [1, 2] }, zones: ['a', 'b'], boots: undefined });
type Data = ReturnType<typeof someData>;

/** What is read of the data by some code. */
function readsBy(read: (shown: Data) => unknown, data = someData()) {
  const shown = tracked(data);
  read(shown.value);
  return shown.reads();
}

describe('What is shown', () => {
  it('is frozen to its last part, and nobody else', () => {
    const { value } = tracked(someData());
    for (const part of [value, value.jobs, value.jobs.since, value.zones]) expect(Object.isFrozen(part)).toBe(true);
  });

  it('looks like what it was made of, to all that looks', () => {
    const { value } = tracked(someData());
    expect(value).toEqual(someData());
    expect(JSON.stringify(value)).toBe(JSON.stringify(someData()));
    expect({ ...value.jobs }).toEqual(someData().jobs);
    expect(Array.isArray(value.zones)).toBe(true);
    expect([...value.zones, ...value.zones.map((zone) => zone), ...value.zones.toSorted()]).toHaveLength(6);
    expect('running' in value.jobs).toBe(true);
    expect(Object.keys(value)).toEqual(Object.keys(someData()));
    expect(plainOf({ mine: value.jobs, all: [value] })).toEqual({ mine: someData().jobs, all: [someData()] });
  });

  it.each<[name: string, write: (shown: Data) => unknown, path: string]>([
    ['write to a field', (shown) => (shown.now = 8), 'now'],
    ['write to a part', ({ jobs }) => (jobs.running = 0), 'jobs.running'],
    ['new field', ({ jobs }) => Object.assign(jobs, { mine: 1 }), 'jobs.mine'],
    ['deletion', (shown) => Reflect.deleteProperty(shown, 'jobs'), 'jobs'],
    ['definition', (shown) => Object.defineProperty(shown, 'now', { value: 8 }), 'now'],
    ['push', ({ zones }) => zones.push('c'), 'zones.2'],
    ['sort', ({ zones }) => zones.sort(() => 1), 'zones.0'],
    ['prototype', ({ jobs }) => Reflect.setPrototypeOf(jobs, {}), 'jobs.__proto__'],
  ])('takes no %s, throws, and knows of it though the error is swallowed', (_, write, path) => {
    const shown = tracked(someData());
    expect(() => {
      write(shown.value);
    }).toThrow(`cannot change ${path}`);
    expect(shown.wrote()?.path).toBe(path);
    expect(shown.value).toEqual(someData());
  });

  it('takes no write of code that is not strict either, where nothing else would throw', () => {
    const shown = tracked(someData());
    // biome-ignore lint/security/noGlobalEval: only a function of its own is not strict here, as in a policy in plain JavaScript
    const write = (0, eval)('(function (shown) { shown.now = 8; })') as (shown: Data) => void;
    expect(() => {
      write(shown.value);
    }).toThrow('cannot change now');
    expect(shown.wrote()?.path).toBe('now');
  });

  it('has nothing against freezing it, nor against objects that inherit from it', () => {
    const shown = tracked(someData());
    Object.freeze(shown.value);
    expect(() => Object.assign(Object.create(shown.value) as object, { other: 1 })).not.toThrow();
    expect(shown.wrote()).toBeUndefined();
  });
});

describe('What was read', () => {
  it('is noted by fields and their parts, each once, absent ones too', () => {
    expect(readsBy(({ now, jobs }) => now + now + jobs.running)).toMatchObject({
      keys: false,
      names: ['now', 'jobs'],
      parts: [{ names: [] }, { keys: false, names: ['running'] }],
    });
    expect(readsBy((shown) => (shown as { other?: number }).other).names).toEqual(['other']);
    expect(readsBy((shown) => 'other' in shown).names).toEqual(['other']);
  });

  it.each<[name: string, read: (shown: Data) => unknown]>([
    ['a spread', ({ jobs }) => ({ ...jobs })],
    ['a loop', ({ jobs }) => Object.entries(jobs)],
    ['JSON', ({ jobs }) => JSON.stringify(jobs)],
  ])('is all of a part by %s', (_, read) => {
    const reads = readsBy(read).parts[0];
    expect(reads?.keys).toBe(true);
    expect(reads?.names).toEqual(expect.arrayContaining(['running', 'since']));
  });

  it('is what it was when the policy had answered: what is kept does not change any more', () => {
    const shown = tracked(someData());
    const reads = shown.reads();
    expect(shown.value.zones).toHaveLength(2);
    expect(shown.reads()).toEqual(reads);
  });

  it('can be had without the time, which is the same object where the time was not read', () => {
    const reads = readsBy(({ now, jobs }) => now + jobs.running);
    expect(withoutRead(reads, ['now']).names).toEqual(['jobs']);
    expect(withoutRead(reads, ['jobs', 'running']).parts[1]).toMatchObject({ names: [] });
    expect(withoutRead(reads, ['jobs', 'since'])).toBe(reads);
    expect(withoutRead(reads, ['zones'])).toBe(reads);
  });
});

/** Data of any form, small enough to be alike at times. */
const anyData = fc.object({ key: fc.constantFrom('a', 'b', 'c'), values: [fc.nat(2)], maxDepth: 3 });
/** Some way to read data: at each step a part by its name, all names, or whether it is there. */
const aWay = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'length'), fc.nat(2)), { maxLength: 8 });

/** All that reading along a way has to tell. Where a step leads nowhere, the next begins anew. */
function told(data: object, way: readonly (readonly [string, number])[]): unknown {
  const seen: unknown[] = [];
  let at: unknown = data;
  for (const [name, kind] of way) {
    if (typeof at !== 'object' || at === null) at = data;
    if (kind === 1) seen.push(Object.keys(at as object));
    if (kind === 2) seen.push(name in (at as object));
    at = (at as Readonly<Record<string, unknown>>)[name];
    seen.push(typeof at === 'object' && at !== null ? 'some parts' : at);
  }
  return seen;
}

describe('Data in which all that was read is the same', () => {
  it('tells the same again, whatever else is different in it', () => {
    let alike = 0;
    fc.assert(
      fc.property(anyData, anyData, aWay, (before, now, way) => {
        const shown = tracked(structuredClone(before));
        const first = told(shown.value, way);
        if (!sameAsRead(shown.reads(), before, now)) return;
        alike += 1;
        expect(told(now, way)).toEqual(first);
      }),
      { numRuns: 3_000 },
    );
    // Else nothing would be said by it.
    expect(alike).toBeGreaterThan(100);
  });

  it('is data in which the same is read: what was read can be read again of another watch', () => {
    fc.assert(
      fc.property(anyData, aWay, (data, way) => {
        const [shown, again] = [tracked(structuredClone(data)), tracked(structuredClone(data))];
        told(shown.value, way);
        readAgain(shown.reads(), again.value);
        for (const [one, other] of [
          [shown, again],
          [again, shown],
        ] as const)
          expect(sorted(one.reads())).toEqual(sorted(other.reads()));
      }),
    );
  });
});

const sorted = (reads: ReturnType<typeof readsBy>): unknown => ({
  keys: reads.keys,
  parts: reads.names.map((name, place) => [name, sorted(reads.parts[place]!)]).toSorted(),
});
