import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateHeadline, isAboutTheSame, standingOf } from '../../report/estimateText.ts';
import type { Advice, Means, Verdict } from '../../sim/advise/advice.ts';
import type { Interval } from '../../sim/advise/interval.ts';

const means = (together: number): Means => ({
  ...{ together, money: together, kills: 0, killedByKeeper: 0, waitP95Ms: 0, queuedMeanMs: 0 },
});

interface Costs {
  readonly keeper: number;
  readonly onDemandOnly?: number;
  readonly onDemandTuned?: number;
  readonly spotGroup?: number;
  readonly spotGroupTuned?: number;
}

/** An advice in which nothing but cost tells what there is apart, every run alike but for `luck`. */
function advice(costs: Costs, { verdict = 'change', luck = 0 }: { verdict?: Verdict; luck?: number } = {}): Advice {
  const { keeper, onDemandOnly = 1_000, onDemandTuned = 900, spotGroup = 400, spotGroupTuned = 300 } = costs;
  const than = (other: number): Interval => {
    const mean = 1 - keeper / other;
    return { mean, low: mean - luck, high: mean + luck };
  };
  return {
    ...{ verdict, choices: {}, keepsLimits: true, chosenOn: [], judgedOn: [], distance: null },
    ...{ tried: { settings: 10, onFour: 1, runs: 20 }, levers: [], hard: [], front: [], classes: [] },
    means: {
      ...{ recommended: means(keeper), today: means(keeper), starter: means(keeper) },
      onDemandOnly: means(onDemandOnly),
      onDemandTuned: means(onDemandTuned),
      spotGroup: means(spotGroup),
      spotGroupTuned: means(spotGroupTuned),
    },
    saving: { onDemandOnly: than(onDemandOnly), today: than(keeper), money: than(onDemandOnly) },
    against: {
      onDemandOnly: than(onDemandOnly),
      onDemandTuned: than(onDemandTuned),
      spotGroup: than(spotGroup),
      spotGroupTuned: than(spotGroupTuned),
    },
  };
}

describe('the headline of an estimate', () => {
  it('gives the saving with its interval where the keeper is worth it', () => {
    expect(estimateHeadline(advice({ keeper: 200 }, { luck: 0.01 }))).toBe(
      'With Spot Keeper this week costs 200.00 USD, on on-demand nodes alone 1,000.00 USD: 80.0 % less (79.0 % to 81.0 %). No running job is ended, neither by the keeper nor by AWS.',
    );
  });

  it('calls a gap of half a percent about the same, and advises the simpler of both, whichever way the gap goes', () => {
    for (const keeper of [298.5, 301.5]) {
      expect(standingOf(advice({ keeper }))).toEqual({ instead: 'spotGroupTuned', isTie: true });
      expect(estimateHeadline(advice({ keeper }))).toMatch(
        /^No keeper is needed: a spot group under a tuned Cluster Autoscaler costs about the same .* and is simpler\. With Spot Keeper this week costs/,
      );
    }
  });

  it('calls a larger gap the same where luck explains it', () => {
    expect(standingOf(advice({ keeper: 270 })).instead).toBeUndefined();
    expect(standingOf(advice({ keeper: 270 }, { luck: 0.15 }))).toEqual({ instead: 'spotGroupTuned', isTie: true });
  });

  it('advises what costs less without a keeper, and says what the keeper would cost', () => {
    expect(estimateHeadline(advice({ keeper: 350 }))).toMatch(
      /^Do without a keeper: a spot group under a tuned Cluster Autoscaler costs 300.00 USD .* With Spot Keeper this week costs 350.00 USD/,
    );
  });

  it('advises nothing where on-demand nodes alone are about as good as anything', () => {
    const all = { onDemandTuned: 99.5, spotGroup: 101, spotGroupTuned: 100 };
    expect(estimateHeadline(advice({ keeper: 100, onDemandOnly: 100, ...all }, { verdict: 'nothing' }))).toMatch(
      /^Do nothing/,
    );
  });

  it('never advises what costs more than the keeper by more than luck and the model explain', () => {
    const usd = fc.double({ min: 10, max: 1_000, noNaN: true });
    const costs = fc.record({
      keeper: usd,
      onDemandOnly: usd,
      onDemandTuned: usd,
      spotGroup: usd,
      spotGroupTuned: usd,
    });
    fc.assert(
      fc.property(costs, fc.double({ min: 0, max: 0.2, noNaN: true }), (drawn, luck) => {
        const found = advice(drawn, { luck });
        const { instead } = standingOf(found);
        if (instead === undefined) return;
        expect(found.means[instead].together < drawn.keeper || isAboutTheSame(found.against[instead])).toBe(true);
      }),
    );
  });
});
