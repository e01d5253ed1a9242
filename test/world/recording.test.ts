import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACT_TYPES, type Fact } from '../../src/domain/facts.ts';
import { SERVED, TAINT } from '../../src/domain/nodeLabels.ts';
import { NEVER } from '../../src/domain/time.ts';
import { lineOfTurn, lineReader, parseHeader, RECORDING_VERSION, translationOf } from '../../src/world/recording.ts';
import { aLease, anOffer } from '../support/aBlock.ts';
import { anyFact } from '../support/anyFact.ts';

const fields = { lease: fc.constantFrom(aLease(), aLease({ hardEndAt: 5 })), offer: fc.constant(anOffer()) };
const factOf = (line: string, version: 1 | 2 = 2): Fact => {
  const read = lineReader({ version })(line);
  if (read.kind !== 'turn') throw new Error('expected a turn');
  return read.turn.fact;
};
const early = (fact: object): string => JSON.stringify({ fact: { blockId: 'ci-0.1', ...fact }, effects: [] });

describe('a line of a recording', () => {
  it.each(FACT_TYPES)('is read as the fact that was written: %s', (type) => {
    fc.assert(
      fc.property(anyFact(fields, [type]), (fact) => {
        expect(factOf(lineOfTurn(fact, []))).toEqual(fact);
      }),
    );
  });

  it.each([
    [{ type: 'node.exploded', at: 1, blockId: 'ci-0.1' }, '"node.exploded" is no fact that this release knows'],
    [{ type: 'node.seen', at: 1, blockId: 'ci-0.1', node: null }, 'node.seen: takenAt'],
    [{ type: 'capacity.granted', at: 1, blockId: 'ci-0.1', token: 't', lease: { instanceId: 'i-1' } }, 'lease.offer'],
    [{ type: 'instance.gone', at: 1, blockId: 'ci-0.1', cause: 'bored' }, 'instance.gone: cause'],
  ])('is refused where its fact is not whole: %j', (fact, words) => {
    expect(() => factOf(JSON.stringify({ fact, effects: [] }))).toThrow(words);
  });

  it.each([
    [{ type: 'clock.reached', at: 1e300 }, 'expected an instant'],
    [{ type: 'node.ready', at: 1, blockId: 'ci-0.1' }, 'node.ready: node'],
    [{ type: 'job.finished', at: 1, blockId: 'ci-0.1', job: 'j', durationMs: -1 }, 'job.finished: durationMs'],
    [{ type: 'inventory.taken', at: 1, generations: {}, complete: true }, 'inventory.taken: sightings'],
  ])('of version 1 is refused where its fact is not whole: %j', (fact, words) => {
    expect(() => factOf(JSON.stringify({ fact, effects: [] }), 1)).toThrow(words);
  });

  it.each([
    [{ type: 'job.queued', at: 1 }, 'job.queued: job'],
    [{ type: 'price.changed', at: 1, market: 'm5/a', usdPerHour: 'x' }, 'price.changed: usdPerHour'],
    [{ type: 'price.changed', at: 1, market: 'm5', usdPerHour: 1 }, 'expected a market'],
    [{ type: 'watch.held', at: 1 }, 'watch.held: since'],
    [{ type: 'sun.rose', at: 1 }, '"sun.rose" is no condition that this release knows'],
  ])('is refused where its condition is not whole: %j', (condition, words) => {
    expect(() => lineReader({ version: 2 })(JSON.stringify({ condition }))).toThrow(words);
  });

  it('holds an instant that never comes', () => {
    const granted: Fact = { type: 'capacity.granted', at: 1, blockId: 'ci-0.1', token: 'ci-0.1.1', lease: aLease() };
    expect(factOf(lineOfTurn(granted, []))).toMatchObject({ lease: { hardEndAt: NEVER } });
  });
});

describe('a recording of version 1', () => {
  const header = (version: number) =>
    parseHeader(JSON.stringify({ format: 'spot-keeper/recording', version, pools: {} }));

  it('is read, and what is translated is said', () => {
    const [one, two] = [header(1), header(RECORDING_VERSION)];
    if (typeof one === 'string' || typeof two === 'string') throw new Error('expected headers');
    expect(translationOf(one)).toMatch('recorded by an earlier release');
    expect(translationOf(two)).toBeUndefined();
    expect(header(3)).toBe('expected version 1 or 2, found 3; use the release that wrote it');
  });

  it('told of changes, and each is read as the level that it left', () => {
    const read = lineReader({ version: 1 });
    const nodeAfter = (fact: object) => {
      const line = read(early(fact));
      return line.kind === 'turn' && line.turn.fact.type === 'node.seen' ? line.turn.fact.node : undefined;
    };
    nodeAfter({ type: 'node.ready', at: 1, node: 'n' });
    nodeAfter({ type: 'job.started', at: 2, job: 'j1' });
    expect(nodeAfter({ type: 'job.started', at: 3, job: 'j2' })).toEqual({
      ...{ name: 'n', ready: true, cordoned: false, marks: [SERVED] },
      jobs: [
        { id: 'j1', startedAt: 2 },
        { id: 'j2', startedAt: 3 },
      ],
    });
    expect(nodeAfter({ type: 'node.cordoned', at: 4 })).toMatchObject({
      cordoned: true,
      marks: [TAINT.draining, SERVED],
    });
    expect(nodeAfter({ type: 'job.finished', at: 9, job: 'j1', durationMs: 5 })?.jobs).toEqual([
      { id: 'j1', startedAt: 4, endedAt: 9 },
      { id: 'j2', startedAt: 3 },
    ]);
    expect(nodeAfter({ type: 'node.unready', at: 10 })).toMatchObject({ ready: false, cordoned: true });
    expect(nodeAfter({ type: 'node.uncordoned', at: 11 })).toMatchObject({
      cordoned: false,
      marks: ['spot-keeper.io/block'],
    });
  });

  it('knew nodes of an inventory by their names', () => {
    const sighting = { blockId: 'ci-0.1', attempt: 1, lease: aLease(), node: 'n', cordoned: false, jobs: ['j1'] };
    const inventory = { type: 'inventory.taken', at: 7, sightings: [sighting], generations: {}, complete: true };
    const line = JSON.stringify({ fact: inventory, effects: [] }, (_, value: unknown) =>
      value === NEVER ? 'never' : value,
    );
    expect(factOf(line, 1)).toMatchObject({
      sightings: [{ blockId: 'ci-0.1', node: { name: 'n', ready: true, jobs: [{ id: 'j1', startedAt: 7 }] } }],
    });
  });
});
