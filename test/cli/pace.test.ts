import { describe, expect, it } from 'vitest';
import { newPace } from '../../cli/advise/pace.ts';

/** A pace on a clock that only runs move, with `ran` runs of a second each over. */
function paced({
  leftMs,
  ratio = 1,
  ran = 4,
  msOfRun = 1_000,
}: {
  leftMs: number;
  ratio?: number;
  ran?: number;
  msOfRun?: number;
}) {
  let at = 0;
  const pace = newPace({ now: () => at, endBy: ran * msOfRun + leftMs, ratio });
  const run = (): void => {
    at += msOfRun;
    pace.ran();
  };
  for (let n = 0; n < ran; n += 1) run();
  return { pace, run, leftMs: () => ran * msOfRun + leftMs - at };
}

describe('a search within a stretch of time', () => {
  it('tries more settings the more time there is, within bounds', () => {
    const counts = [0, 10_000, 40_000, 60_000, 100_000, 600_000].map((leftMs) => paced({ leftMs }).pace.settings());
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts[0]).toBe(4);
    expect(counts.at(-1)).toBe(100);
    expect(counts[3]).toBeGreaterThan(10);
  });

  it('keeps time to judge on the whole week, and ends within its time', () => {
    const { pace, run, leftMs } = paced({ leftMs: 100_000, ratio: 5 });
    const runs = Math.round(pace.settings() * 1.6) + 12;
    for (let n = 0; n < runs; n += 1) run();
    const cases = pace.judged();
    expect(cases).toBeGreaterThanOrEqual(1);
    expect(cases * 3 * 5 * 1_000).toBeLessThanOrEqual(leftMs());
  });

  it('sees a setting on four cases, and on one alone where a run takes a good part of the time', () => {
    const counts = [2_000, 10_000, 14_000, 30_000].map((leftMs) => paced({ leftMs, ran: 1 }).pace.seenOn());
    expect(counts).toEqual([1, 2, 3, 4]);
  });

  it('judges on more cases the more time is left, and always on one', () => {
    const counts = [0, 5_000, 10_000, 30_000].map((leftMs) => paced({ leftMs }).pace.judged());
    expect(counts).toEqual([1, 1, 3, 8]);
  });

  it('never judges on two, by whose interval nothing is told apart', () => {
    const counts = [6_100, 7_400, 7_600, 8_900].map((leftMs) => paced({ leftMs }).pace.judged());
    expect(counts).toEqual([1, 1, 1, 1]);
  });
});
