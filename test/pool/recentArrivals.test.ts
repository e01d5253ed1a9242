import { describe, expect, it } from 'vitest';
import { NEVER } from '../../src/domain/time.ts';
import { noRecentArrivals, recentAt, recentTurnsAt, withRecent } from '../../src/pool/recentArrivals.ts';
import { minutes, seconds } from '../support/lengths.ts';

const AT = minutes(1_000);

describe('the jobs of the last hour', () => {
  it('are none before anybody looked, however much time passes', () => {
    expect(recentAt(noRecentArrivals, AT).counts).toEqual([]);
    expect(recentTurnsAt(noRecentArrivals, AT)).toBe(NEVER);
  });

  it('are counted by minutes from the first look on, quiet ones too', () => {
    const first = withRecent(noRecentArrivals, AT + seconds(50), 2);
    expect(first.counts).toEqual([2]);
    const same = withRecent(first, AT + seconds(59), 1);
    expect(same.counts).toEqual([3]);
    const later = withRecent(same, AT + minutes(3), 1);
    expect(later.counts).toEqual([3, 0, 0, 1]);
    expect(recentAt(later, AT + minutes(5)).counts).toEqual([3, 0, 0, 1, 0, 0]);
  });

  it('begin with the first look, also where no job came', () => {
    expect(withRecent(noRecentArrivals, AT, 0).counts).toEqual([0]);
  });

  it('go back for sixty minutes, and are all forgotten after longer', () => {
    const seen = withRecent(withRecent(noRecentArrivals, AT, 7), AT + minutes(30), 1);
    expect(recentAt(seen, AT + minutes(59)).counts[0]).toBe(7);
    expect(recentAt(seen, AT + minutes(60)).counts).toHaveLength(60);
    expect(recentAt(seen, AT + minutes(60)).counts[0]).toBe(0);
    expect(recentAt(seen, AT + minutes(500)).counts).toEqual(Array<number>(60).fill(0));
  });

  it('stay the same object while nothing changes', () => {
    const seen = withRecent(noRecentArrivals, AT, 2);
    expect(withRecent(seen, AT + seconds(30), 0)).toBe(seen);
    expect(recentAt(seen, AT + seconds(30))).toBe(seen);
    // A look that was taken before, and told late, is no older minute.
    expect(recentAt(seen, AT - minutes(2))).toBe(seen);
  });

  it('change by time alone at the next minute, but not where all are 0', () => {
    expect(recentTurnsAt(withRecent(noRecentArrivals, AT, 2), AT + seconds(30))).toBe(AT + minutes(1));
    expect(recentTurnsAt(withRecent(noRecentArrivals, AT, 0), AT + seconds(30))).toBe(NEVER);
  });
});
