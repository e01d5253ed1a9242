import { describe, expect, it } from 'vitest';
import type { AvailabilityRow } from '../../../data/records/rows.ts';
import { availabilityTrack, rowsOfMarket } from '../../../sim/market/availability.ts';
import { NEVER } from '../../../src/domain/time.ts';

describe('an availability track', () => {
  it('counts what can run, and knows where it falls', () => {
    const track = availabilityTrack([
      { at: 10, instances: 4 },
      { at: 20, instances: 2 },
      { at: 30, instances: 16 },
      { at: 40, instances: 0 },
    ]);
    expect([9, 10, 19, 20, 30, 99].map((at) => track.instancesAt(at))).toEqual([Infinity, 4, 4, 2, 16, 0]);
    expect([0, 10, 40].map((at) => track.nextChangeAfter(at))).toEqual([10, 20, NEVER]);
    expect(track.fallsIn(0, 100)).toEqual([
      { at: 20, instances: 2 },
      { at: 40, instances: 0 },
    ]);
    expect(track.fallsIn(20, 40)).toEqual([{ at: 20, instances: 2 }]);
  });

  it('takes up to mean as many as you like where the recording knows only up and down', () => {
    const track = availabilityTrack([
      { at: 0, instances: 0 },
      { at: 10, instances: 1 },
      { at: 20, instances: 1 },
      { at: 30, instances: 0 },
    ]);
    expect([0, 10, 30].map((at) => track.instancesAt(at))).toEqual([0, Infinity, 0]);
    expect(track.nextChangeAfter(10)).toBe(30);
    expect(track.fallsIn(0, 100)).toEqual([{ at: 30, instances: 0 }]);
  });

  it('has room for everything where nothing is recorded', () => {
    const track = availabilityTrack([]);
    expect(track.instancesAt(5)).toBe(Infinity);
    expect(track.nextChangeAfter(5)).toBe(NEVER);
    expect(track.fallsIn(0, 100)).toEqual([]);
  });

  it('refuses counts that are none', () => {
    for (const instances of [-1, Number.NaN])
      expect(() => availabilityTrack([{ at: 0, instances }])).toThrow(RangeError);
  });
});

describe('the rows of a market', () => {
  const row = (instanceType: string, zone: string): AvailabilityRow => ({ at: 0, instanceType, zone, instances: 1 });
  const exact = row('m5.large', 'us-east-1a');
  const ofZone = row('*', 'us-east-1a');
  const ofType = row('m5.large', '*');
  const ofAll = row('*', '*');
  const rows = [ofAll, ofType, ofZone, exact];

  it('are those that speak of it most closely, and no others', () => {
    expect(rowsOfMarket(rows, 'm5.large', 'us-east-1a')).toEqual([exact]);
    expect(rowsOfMarket(rows, 'c5.large', 'us-east-1a')).toEqual([ofZone]);
    expect(rowsOfMarket(rows, 'm5.large', 'us-east-1b')).toEqual([ofType]);
    expect(rowsOfMarket(rows, 'c5.large', 'us-east-1b')).toEqual([ofAll]);
    expect(rowsOfMarket([exact], 'c5.large', 'us-east-1b')).toEqual([]);
  });
});
