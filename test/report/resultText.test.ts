import { describe, expect, it } from 'vitest';
import { compareText } from '../../report/compareText.ts';
import { resultText } from '../../report/resultText.ts';
import { savingText } from '../../report/saving.ts';
import type { Outcome, Rivals } from '../../sim/outcome.ts';
import { minutes } from '../../src/domain/time.ts';
import { anOutcome, onDemandOnlyOf, rivalsOf, variantsOf } from './anOutcome.ts';

const outcome = anOutcome();
const onDemandOnly = onDemandOnlyOf(outcome);
const rivals = rivalsOf(outcome);
const costing = (total: number, label = outcome.label): Outcome => ({
  ...outcome,
  label,
  cost: { ...outcome.cost, total, together: total + outcome.cost.service },
});

describe('the tables of a result', () => {
  it('tell what was asked, what it cost, and what became of jobs, blocks and expectations', () => {
    const verdicts = [
      { name: 'costAtMost', limit: 80, found: outcome.cost.total, holds: true },
      { name: 'waitP95AtMost', limit: minutes(1), found: outcome.jobs.waitMs.p95, holds: false },
    ];
    expect(`\n${resultText({ outcome, rivals, verdicts })}\n`).toMatchInlineSnapshot(`
      "
      Do not install this pool as it is: a spot group under Cluster Autoscaler (idle 2 min, none after an
      add) would cost 39.50 USD together in 3 days, this 75.34.
      What to change, by what is at stake:
      - 31 % of what the blocks cost (21.70 of 69.99 USD) was paid while no job ran: fewer blocks at those
        times, or numbers that follow the jobs (scaling: { policy: followJobs }).
      - This had up to 15 blocks; 4 at all hours would cost 56.00 together, 19.34 less, but still above
        39.50: operatingHours: { policy: always, blocks: 4 }.
      - AWS took the nodes of 1 running job (2.00 USD): more types and zones, or long jobs on demand.
      The money is 3.0 × what a clairvoyant would pay (24.10 USD).

      ci-week: Three working days of builds on fifteen blocks, with a drought on Tuesday morning.
      window    Mon 2026-03-02 00:00 to Thu 2026-03-05 00:00 UTC
      policies  weekly, surge, cheapest
      term      spot
      seed      7
      digest    5d41402abc4b (1,204 turns)
      composed: The price spike on Tuesday is made up.

      bill        USD
      leases    69.99  21.70 while no job ran
      overflow   3.34  0.00 while no job ran
      total     73.34  saves 20.6 % against on-demand only
      service    2.00  1 killed, 1.4 h queued
      together  75.34
      billing: per-second: time in use at the price of each moment, a minute at least; spot that EC2 takes
        in its first hour is free
      service: 2.00 USD for a killed job, 1.00 USD for an hour in the queue

                                                                queued
                              total  service  together  killed     p95
        this run              73.34     2.00     75.34       1   1m00s
        on-demand only        92.40     0.00     92.40       0   1m00s
        on-demand tuned       80.00     0.00     80.00       0   1m00s
        spot group            48.00     3.00     51.00       0   1m00s
      * spot group tuned      36.00     3.50     39.50       0   1m00s
        spot group buffered   41.00     1.00     42.00       0   1m00s
        fixed for 99 %       170.00     0.00    170.00       0   1m00s
        fixed cheapest        52.00     4.00     56.00       0   1m00s
        original scripts      61.25    18.00     79.25       9   1m00s

      * the least of money and service together, in USD: total is the money
      reference: a clairvoyant would pay 24.10, every job known beforehand
      reference: the bound is 21.50: no run without waiting costs less, but for free hours
      killed by the keeper: original scripts (7)
      on-demand tuned: idle 1 min, none after an add
      spot group: idle 10 min, 10 min after an add
      spot group tuned: idle 2 min, none after an add
      spot group buffered: idle 2 min, none after an add, 2 spare slots
      fixed for 99 %: 17 blocks at any hour: 99.1 % of the jobs start at once
      fixed cheapest: 4 blocks at any hour: 61.0 % of the jobs start at once
      original scripts: the algorithm of the scripts of 2021

      jobs
      on blocks                516  95.4 %
      on overflow               24   4.4 %
      never started              1   0.2 %
      total                    541
      killed                     1
        by AWS                   1
        by the keeper            0
        by a block's own term    0
        never finished           0

                  mean  p50    p95    p99     max
      queued        9s   0s  1m00s  3m00s  14m00s
      first wait         0s  1m44s         14m00s

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
    expect(resultText({ outcome, rivals, verdicts })).toMatch(/savingAtLeast +0\.2061 +0\.20605 +MISSED/);
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
    const text = resultText({ outcome: monster, rivals: rivalsOf(monster), verdicts: [] });
    expect(longestLine(text)).toBeLessThanOrEqual(100);
    expect(text.match(/^composed: /gm)).toHaveLength(2);
  });

  it('keep foreign control characters from the terminal', () => {
    const text = resultText({
      outcome: { ...outcome, scenario: '\u001b[2Jgone' },
      rivals,
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
  const named = (name: string, total: number): Outcome => costing(total, name);
  const textOf = (outcomes: readonly Outcome[], width?: number, over: Partial<Rivals> = {}): string =>
    compareText(
      { variants: variantsOf(outcomes), common: ['weekly', 'cheapest'], rivals: rivalsOf(outcome, over) },
      width,
    );

  it('has a row for each variant and each rival, notes, and the verdict before all', () => {
    expect(`\n${textOf([named('surge', 73.34), named('drainFirst', 58.6)], 80)}\n`).toMatchInlineSnapshot(`
      "
      Do not install any of these as they are: a spot group under Cluster Autoscaler
      (idle 2 min, none after an add) would cost 39.50 USD together in 3 days, the
      best of them (drainFirst) 60.60.
      What to change, by what is at stake:
      - 31 % of what the blocks cost (21.70 of 69.99 USD) was paid while no job ran:
        fewer blocks at those times, or numbers that follow the jobs (scaling: {
        policy: followJobs }).
      - This had up to 15 blocks; 4 at all hours would cost 56.00 together, 4.60 less,
        but still above 39.50: operatingHours: { policy: always, blocks: 4 }.
      - AWS took the nodes of 1 running job (2.00 USD): more types and zones, or long
        jobs on demand.
      The money is 2.4 × what a clairvoyant would pay (24.10 USD).

      ci-week: Three working days of builds on fifteen blocks, with a drought on
      Tuesday morning.
      window    Mon 2026-03-02 00:00 to Thu 2026-03-05 00:00 UTC
      all with  weekly, cheapest
      seed      7
      composed: The price spike on Tuesday is made up.

                                                                queued          over-
                              total  service  together  killed     p95  leases   flow
        surge                 73.34     2.00     75.34       1   1m00s   69.99   3.34
        drainFirst            58.60     2.00     60.60       1   1m00s   69.99   3.34
        on-demand only        92.40     0.00     92.40       0   1m00s    0.00  92.40
        on-demand tuned       80.00     0.00     80.00       0   1m00s    0.00  80.00
        spot group            48.00     3.00     51.00       0   1m00s    0.00  48.00
      * spot group tuned      36.00     3.50     39.50       0   1m00s    0.00  36.00
        spot group buffered   41.00     1.00     42.00       0   1m00s    0.00  41.00
        fixed for 99 %       170.00     0.00    170.00       0   1m00s  170.00   0.00
        fixed cheapest        52.00     4.00     56.00       0   1m00s   52.00   0.00
        original scripts      61.25    18.00     79.25       9   1m00s   49.00  12.25

      * the least of money and service together, in USD: total is the money
      reference: a clairvoyant would pay 24.10, every job known beforehand
      reference: the bound is 21.50: no run without waiting costs less, but for free
        hours
      killed by the keeper: original scripts (7)
      on-demand tuned: idle 1 min, none after an add
      spot group: idle 10 min, 10 min after an add
      spot group tuned: idle 2 min, none after an add
      spot group buffered: idle 2 min, none after an add, 2 spare slots
      fixed for 99 %: 17 blocks at any hour: 99.1 % of the jobs start at once
      fixed cheapest: 4 blocks at any hour: 61.0 % of the jobs start at once
      original scripts: the algorithm of the scripts of 2021

      billing: per-second: time in use at the price of each moment, a minute at least;
        spot that EC2 takes in its first hour is free
      service: 2.00 USD for a killed job, 1.00 USD for an hour in the queue
      "
    `);
  });

  it('shows more figures where there is room, and no line is wider than the width', () => {
    const outcomes = [named('surge', 73.34), named('always blocks: 4, lease 1h', 58.6)];
    for (const width of [80, 100, 120]) expect(longestLine(textOf(outcomes, width))).toBeLessThanOrEqual(width);
    const headings = (width: number): string => /.*killed.*/.exec(textOf(outcomes, width))?.[0] ?? '';
    expect(headings(80)).not.toContain('idle');
    expect(headings(120)).toContain('saving');
  });

  it('stars a variant if that is best, and only one row', () => {
    const text = textOf([named('surge', 30), named('drainFirst', 30)]);
    expect(text.match(/^\* .*\d\.\d\d .*$/gm)).toEqual([expect.stringMatching(/^\* surge/)]);
  });

  it('prefers what asks less of people among equals', () => {
    expect(textOf([named('surge', 37.5)])).toMatch(/^\* spot group tuned/m);
  });

  it.each([80, 100, 120])('fits %i columns with long names and large sums', (width) => {
    const outcomes = [1, 2, 3].map((n) => named(`${'very long '.repeat(12)}${n}`, 1_234_567.8 * n));
    const dear = { onDemandOnly: { ...rivals.onDemandOnly, outcome: onDemandOnlyOf(outcome, 987_654_321) } };
    const text = textOf(outcomes, width, dear);
    expect(longestLine(text)).toBeLessThanOrEqual(width);
    expect(text).toMatch(/^ {2}#3 +3,703,703\.40/m);
    expect(text).toMatch(/^#3 very long/m);
    const huge = { onDemandOnly: { ...rivals.onDemandOnly, outcome: onDemandOnlyOf(outcome, 987_654_321_012_345) } };
    expect(longestLine(textOf(outcomes, width, huge))).toBeLessThanOrEqual(width);
  });
});

const longestLine = (text: string): number => Math.max(...text.split('\n').map(({ length }) => length));
