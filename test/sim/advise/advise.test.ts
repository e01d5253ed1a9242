import { describe, expect, it } from 'vitest';
import { type AdviseQuestion, type AdviseRun, advise } from '../../../sim/advise/advise.ts';
import { intervalOf } from '../../../sim/advise/interval.ts';
import { limitsIn } from '../../../sim/advise/limits.ts';
import { type Known, suitedTo, usualSpace } from '../../../sim/advise/usualSpace.ts';
import type { Figures } from '../../../sim/result/figures.ts';

/** What a run comes to in a world where only money, kills and waiting tell runs apart. */
function figures({
  money,
  kills = 0,
  killedByKeeper = 0,
  waitMs = 0,
}: {
  money: number;
  kills?: number;
  killedByKeeper?: number;
  waitMs?: number;
}): Figures {
  const wait = { mean: waitMs, p50: waitMs, p95: waitMs, p99: waitMs, max: waitMs };
  const together = money + 2 * kills;
  return {
    cost: { total: money, leases: money, overflow: 0, idle: 0, leasesIdle: 0, service: 2 * kills, together },
    jobs: {
      ...{
        total: 100,
        onBlocks: 100,
        onOverflow: 0,
        waiting: 0,
        killed: kills,
        killedByAws: kills - killedByKeeper,
        killedByKeeper,
      },
      ...{ killedByTerm: 0, neverFinished: 0, runningAtEnd: 0, atOnce: 100, waitMs: wait, queuedMs: wait },
    },
    blocks: {
      launched: 1,
      peak: 1,
      hours: 1,
      ended: { retired: 0, expired: 0, interrupted: 0, refused: 0, stillborn: 0, lost: 0 },
    },
    uncoveredBlockHours: 0,
    turns: 1,
  };
}

const cases = (from: number) => Array.from({ length: 8 }, (_, n) => ({ week: 0, seed: from + n }));

/** Advice where a run costs what `cost` says of surge and cooling; today they are 5 and 5. */
function advised(
  cost: (surge: number, cooling: number, run: AdviseRun) => Figures,
  keep = 'killedByKeeper=0',
  alone = 100,
  asked: Partial<AdviseQuestion> = {},
) {
  return advise({
    space: {
      surge: { values: Array.from({ length: 21 }, (_, n) => n) },
      cooling: { values: Array.from({ length: 21 }, (_, n) => n) },
    },
    starter: { surge: 10 },
    chosenOn: cases(1),
    judgedOn: cases(1001),
    settings: 150,
    limits: limitsIn(keep).limits,
    classes: [],
    todayAt: () => 5,
    references: () => Promise.resolve({ bound: { total: 1, exact: true }, foresight: { total: 2, exact: true } }),
    run: (run) => {
      if (run.rival !== undefined) return Promise.resolve(figures({ money: alone }));
      const { surge = 5, cooling = 5 } = run.choices;
      // Known: the space has nothing but numbers.
      return Promise.resolve(cost(surge as number, cooling as number, run));
    },
    ...asked,
  });
}

describe('the usual settings', () => {
  const triedWhere = (paysStartedHours: boolean) => {
    const known: Known = { jobs: [[]], jobsPerBlock: 1, paysStartedHours, overrun: undefined };
    const { scaling } = usualSpace(known);
    const families = scaling !== undefined && 'families' in scaling ? scaling.families : [];
    return { first: suitedTo(known), paidBy: families.flatMap(({ options }) => options['paidBy'] ?? []) };
  };

  it('keep an idle block to the end of its hour only where started hours are paid for whole', () => {
    expect(triedWhere(true).first).toEqual([{ scaling: { policy: 'followJobs', paidBy: 'hour' } }]);
    expect(triedWhere(true).paidBy).toContain('hour');
    expect(triedWhere(false)).toEqual({ first: [], paidBy: [] });
  });
});

describe('advice', () => {
  it('finds the best of many settings, and changes nothing that is worth nothing', async () => {
    const advice = await advised((surge) => figures({ money: 10 + (surge - 17) ** 2 }));
    expect(advice).toMatchObject({ verdict: 'change', choices: { surge: 17 }, keepsLimits: true });
    expect(advice.levers).toEqual([{ path: 'surge', from: 5, to: 17, usd: 144 }]);
    expect(advice.saving.onDemandOnly.mean).toBeCloseTo(0.9);
    expect(advice.tried.settings).toBeGreaterThan(100);
  });

  it.each([
    ['there are only two cases', { chosenOn: cases(1).slice(0, 2) }],
    ['there is time for one alone', { seenOn: () => 1 }],
  ])('refines what is best so far where %s', async (_, asked) => {
    const far = (surge: number, cooling: number) => figures({ money: 10 + (surge - 17) ** 2 + (cooling - 3) ** 2 });
    const advice = await advised(far, undefined, 1_000, asked);
    expect(advice.choices).toEqual({ surge: 17, cooling: 3 });
    expect(advice.front.length).toBeGreaterThan(0);
  });

  it('runs the same choices in the same case once, and what suits such weeks among the first', async () => {
    const runs: string[] = [];
    const count = (_: number, __: number, { choices, at }: AdviseRun) => {
      if (at.seed <= 1_000) runs.push(`${JSON.stringify(choices)} ${at.seed}`);
      return figures({ money: 10 });
    };
    await advised(count, undefined, 100, { starter: {}, suited: [{ cooling: 20 }], settings: 4 });
    expect(new Set(runs).size).toBe(runs.length);
    expect(runs).toContain('{"cooling":20} 1');
  });

  it('counts as seen on four cases what was seen on four, and nothing where there are fewer', async () => {
    const few = await advised((surge) => figures({ money: 10 + surge }), undefined, 100, {
      chosenOn: cases(1).slice(0, 3),
    });
    expect(few.tried.onFour).toBe(0);
    expect(few.front).not.toEqual([]);
    const enough = await advised((surge) => figures({ money: 10 + surge }));
    expect(enough.tried.onFour).toBeGreaterThan(0);
  });

  it('says to do nothing where everything loses to that, and to keep what is best as it is', async () => {
    expect(await advised((surge) => figures({ money: 101 + surge }))).toMatchObject({
      verdict: 'nothing',
      choices: {},
    });
    expect(
      await advised((surge, cooling) => figures({ money: 10 + Math.abs(surge - 5) + Math.abs(cooling - 5) })),
    ).toMatchObject({
      verdict: 'keep',
      choices: {},
    });
  });

  it('does not trust luck: what was only good where it was chosen is not recommended', async () => {
    const advice = await advised((surge, _, { at }) =>
      figures({ money: surge === 17 ? (at.seed > 1000 ? 90 : 1) : 20 + surge }),
    );
    expect(advice).toMatchObject({ verdict: 'keep', choices: {} });
  });

  it('keeps limits before it saves money, and says where nothing keeps them', async () => {
    const killing = (surge: number) =>
      figures({ money: 50 - surge, kills: surge > 10 ? 1 : 0, killedByKeeper: surge > 10 ? 1 : 0 });
    expect(await advised(killing)).toMatchObject({ choices: { surge: 10 }, keepsLimits: true });
    const waiting = await advised(() => figures({ money: 10, waitMs: 180_000 }), 'waitP95<=2m', 0);
    expect(waiting.verdict).toBe('nothing');
    expect(await advised(() => figures({ money: 10, kills: 3 }), 'killed=0', 5)).toMatchObject({ verdict: 'nothing' });
  });

  it('shows a front on which no setting beats another', async () => {
    const { front } = await advised((surge) => figures({ money: 50 - surge, waitMs: surge * 1_000 }));
    const money = front.map(({ means }) => means.money);
    expect(money).toEqual(money.toSorted((a, b) => a - b));
    const waits = front.map(({ means }) => means.queuedMeanMs);
    expect(waits).toEqual(waits.toSorted((a, b) => b - a));
    expect(front.length).toBeGreaterThan(3);
  });
});

describe('limits', () => {
  it('are read with all that is wrong with them', () => {
    expect(limitsIn('killedByKeeper=0, waitP95<=2m').limits).toEqual([
      { text: 'killedByKeeper=0', of: 'killedByKeeper', most: 0 },
      { text: 'waitP95<=2m', of: 'waitP95', most: 120_000 },
    ]);
    expect(limitsIn('kiled=0, waitP95<=2, killed=3').wrong).toHaveLength(3);
  });
});

describe('an interval', () => {
  it("is Student's: 1, 2, 3 have 2 ± 2.48", () => {
    const { mean, low, high } = intervalOf([1, 2, 3]);
    expect([mean, low, high].map((value) => value?.toFixed(2))).toEqual(['2.00', '-0.48', '4.48']);
    expect(intervalOf([1])).toEqual({ mean: 1, low: null, high: null });
  });
});
