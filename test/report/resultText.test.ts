import { describe, expect, it } from 'vitest';
import { compareText } from '../../report/compareText.ts';
import { resultText } from '../../report/resultText.ts';
import { savingText } from '../../report/saving.ts';
import type { Outcome } from '../../sim/outcome.ts';
import { minutes } from '../../src/domain/time.ts';
import { anOutcome, onDemandOnlyOf, originalOf } from './anOutcome.ts';

const outcome = anOutcome();
const onDemandOnly = onDemandOnlyOf(outcome);
const original = originalOf(outcome);
const costing = (total: number, label = outcome.label): Outcome => ({
  ...outcome,
  label,
  cost: { ...outcome.cost, total },
});

describe('the tables of a result', () => {
  it('tell what was asked, what it cost, and what became of jobs, blocks and expectations', () => {
    const verdicts = [
      { name: 'costAtMost', limit: 80, found: outcome.cost.total, holds: true },
      { name: 'waitP95AtMost', limit: minutes(1), found: outcome.jobs.waitMs.p95, holds: false },
    ];
    expect(`\n${resultText({ outcome, onDemandOnly, original, verdicts })}\n`).toMatchInlineSnapshot(`
      "
      ci-week: Three working days of builds on fifteen blocks, with a drought on Tuesday morning.
      window    Mon 2026-03-02 00:00 to Thu 2026-03-05 00:00 UTC
      policies  weekly, surge, cheapest
      term      spot
      seed      7
      digest    5d41402abc4b (1,204 turns)
      composed: The price spike on Tuesday is made up.

      bill                USD  this run saves
      leases            69.99
      overflow           3.34
      total             73.34
      of which idle     21.70
      on-demand only    92.40          20.6 %
      original scripts  61.25         -19.7 %
      billing: per-second: time in use at the price of each moment

      saves 20.6 % against on-demand only
      costs 19.7 % more than the original scripts

      jobs
      on blocks         516  95.4 %
      on overflow        24   4.4 %
      never started       1   0.2 %
      total             541
      killed              1
      wait p50           0s
      wait p95        1m44s
      wait max       14m00s

      blocks
      launched                  90
      peak                      15
      block-hours paid       540.0
      block-hours uncovered    7.3
      ended retired             89
      ended interrupted          1

      expectation        limit      found
      costAtMost     80.00 USD  73.34 USD  holds
      waitP95AtMost      1m00s      1m44s  MISSED
      "
    `);
  });

  it('show in full what was missed by less than is shown', () => {
    const verdicts = [{ name: 'savingAtLeast', limit: 0.2061, found: 0.20605, holds: false }];
    expect(resultText({ outcome, onDemandOnly, original, verdicts })).toMatch(
      /savingAtLeast +0\.2061 +0\.20605 +MISSED/,
    );
  });

  it('fit 100 columns, whatever names and sums are', () => {
    const long = 'x'.repeat(250);
    const monster = {
      ...costing(12_345_678.9, `weekly, ${long}, cheapest`),
      scenario: long,
      about: `${long} ${'word '.repeat(60)}`,
      composed: [long, 'short'],
      billing: long,
    };
    const text = resultText({ outcome: monster, onDemandOnly, original, verdicts: [] });
    expect(longestLine(text)).toBeLessThanOrEqual(100);
    expect(text.match(/^composed: /gm)).toHaveLength(2);
  });

  it('keep foreign control characters from the terminal', () => {
    const text = resultText({
      outcome: { ...outcome, scenario: '\u001b[2Jgone' },
      onDemandOnly,
      original,
      verdicts: [],
    });
    expect(text).not.toContain('\u001b');
  });
});

describe('what is saved', () => {
  it.each([
    [46.2, 'saves 50.0 % against on-demand only'],
    [103.7652, 'costs 12.3 % more than on-demand only'],
    [92.4, 'costs the same as on-demand only'],
    [92.41, 'costs the same as on-demand only'],
  ])('is said plainly for %d USD', (total, sentence) => {
    expect(savingText(costing(total), onDemandOnly, 'on-demand only')).toBe(sentence);
  });

  it('is not a share of nothing', () => {
    const free = onDemandOnlyOf(outcome, 0);
    expect(savingText(outcome, free, 'on-demand only')).toBe('costs money where on-demand only costs nothing');
    expect(savingText(costing(0), free, 'on-demand only')).toBe('costs nothing, as does on-demand only');
  });
});

describe('the table of a comparison', () => {
  it('has a row for each variant, named by what tells it apart, and for each baseline', () => {
    const outcomes = [outcome, costing(58.6, 'weekly, drainFirst, cheapest')];
    expect(`\n${compareText({ outcomes, onDemandOnly, original })}\n`).toMatchInlineSnapshot(`
      "
      ci-week: Three working days of builds on fifteen blocks, with a drought on Tuesday morning.
      window    Mon 2026-03-02 00:00 to Thu 2026-03-05 00:00 UTC
      all with  weekly, cheapest
      seed      7
      composed: The price spike on Tuesday is made up.

                          total                  over-                  wait  uncov.
                            USD  saving  leases   flow   idle  killed    p95      bh  launched  peak
        surge             73.34  20.6 %   69.99   3.34  21.70       1  1m44s     7.3        90    15
      * drainFirst        58.60  36.6 %   69.99   3.34  21.70       1  1m44s     7.3        90    15
        on-demand only    92.40       -    0.00  92.40  36.96       0  1m44s   540.0         0     0
        original scripts  61.25  33.7 %   49.00  12.25  27.56       9  1m44s     7.3        90    15

      * lowest total; uncov. bh: blocks wanted but not serving, in block-hours; idle is part of the total
      billing: per-second: time in use at the price of each moment

      drainFirst saves 36.6 % against on-demand only and saves 4.3 % against the original scripts.
      "
    `);
  });

  it('marks a baseline if that is the cheapest', () => {
    const text = compareText({ outcomes: [costing(99)], onDemandOnly: onDemandOnlyOf(outcome, 50), original });
    expect(text).toMatch(/^\* on-demand only/m);
    expect(text).toContain('weekly, surge, cheapest costs 98.0 % more than on-demand only');
  });

  it('fits 100 columns with long names and large sums', () => {
    const outcomes = [1, 2, 3].map((n) => costing(1_234_567.8 * n, `weekly, ${'very long '.repeat(12)}${n}, cheapest`));
    const text = compareText({ outcomes, onDemandOnly: onDemandOnlyOf(outcome, 9_876_543), original });
    expect(longestLine(text)).toBeLessThanOrEqual(100);
    expect(text).toMatch(/^ {2}#3 +3,703,703\.40/m);
    expect(text).toMatch(/^#3 very long/m);
  });

  it('keeps labels whole where nothing tells them apart', () => {
    const text = compareText({ outcomes: [outcome, outcome], onDemandOnly, original });
    expect(text.match(/^ {2}weekly, surge, cheapest|^ {2}#\d/gm)).toHaveLength(2);
  });
});

const longestLine = (text: string): number => Math.max(...text.split('\n').map(({ length }) => length));
