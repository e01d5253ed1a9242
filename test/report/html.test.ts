import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compareHtml } from '../../report/html/compareHtml.ts';
import { frameOf } from '../../report/html/frame.ts';
import { html } from '../../report/html/markup.ts';
import { reportHtml } from '../../report/html/reportHtml.ts';
import { seenSteps } from '../../report/html/steps.ts';
import type { Outcome } from '../../sim/outcome.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import { anOutcome, MONDAY, rivalsOf, variantsOf } from './anOutcome.ts';
import { HOSTILE, hostile } from './hostile.ts';

const outcome = anOutcome();
const reportOf = (one: Outcome, again = 'spot-keeper simulate scenarios/ci-week'): string =>
  reportHtml({ outcome: one, rivals: rivalsOf(one), verdicts: [], again });
const comparisonOf = (outcomes: readonly Outcome[], again = 'spot-keeper compare scenarios/ci-week'): string =>
  compareHtml({ variants: variantsOf(outcomes), common: ['weekly', 'cheapest'], rivals: rivalsOf(outcome) }, again);

describe('markup', () => {
  it('escapes what is put in, in elements and in attributes', () => {
    expect(html`<p title="${`"'&`}">${'<b>'}${[1, html`<i>${'>'}</i>`]}${undefined}</p>`.markup).toBe(
      '<p title="&quot;&#39;&amp;">&lt;b&gt;1<i>&gt;</i></p>',
    );
  });
});

describe('a report', () => {
  it('is the same bytes for the same run, for anybody', () => {
    expect(reportOf(anOutcome())).toBe(reportOf(anOutcome()));
    expect(comparisonOf([outcome])).toBe(comparisonOf([anOutcome()]));
  });

  it('lets no foreign name become markup', () => {
    for (const page of [reportOf(hostile(), HOSTILE), comparisonOf([hostile(), outcome], HOSTILE)]) {
      expect(page.includes('&lt;img src=x')).toBe(true);
      expect(page.match(/<(?:img|script|iframe|link|object)/gi)).toBeNull();
      expect(page.match(/<style>/g)).toHaveLength(1);
      expect(page.match(/<\/svg>/g)?.length).toBe(page.match(/<svg /g)?.length);
      // No attribute beyond ours: none with an event.
      const tags = page.replace(/"[^"]*"/g, '""').match(/<[^>]*>/g) ?? [];
      expect(tags.filter((tag) => /\son\w+\s*=/i.test(tag))).toEqual([]);
    }
  });

  it('asks for nothing from elsewhere, and forbids it; its one style sheet is let in by its hash', () => {
    const page = reportOf(outcome);
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(page.match(/https?:|url\(|@import|\s(?:src|href|style)=/gi)).toBeNull();
  });

  it('says what was composed, what it costs against the baselines, and how to repeat it', () => {
    const page = reportOf(outcome);
    expect(page).toContain('composed: The price spike on Tuesday is made up.');
    expect(page).toContain('Do not install this pool as it is: a spot group under Cluster Autoscaler (idle 2 min');
    expect(page).toContain('saves 20.6 % against on-demand only');
    expect(page).toContain('per-second: time in use');
    expect(page).toContain('<pre>spot-keeper simulate scenarios/ci-week</pre>');
  });

  it('shows in red who ended jobs that should have been kept, and nothing where nobody did', () => {
    const harmed = { ...outcome, jobs: { ...outcome.jobs, killedByKeeper: 3 } };
    expect(reportOf(harmed)).toContain('<p class="bad">killed by the keeper: this run (3), original scripts (7)</p>');
    expect(reportOf(harmed)).toContain('<dd class="bad">1<small>AWS 1, keeper 3');
    expect(reportOf(outcome)).toContain('<dd class="">1<small>AWS 1, keeper 0');
  });

  it('beside on-demand only alone claims no more than that', () => {
    const rivals = { onDemandOnly: rivalsOf(outcome).onDemandOnly };
    const page = reportHtml({ outcome, rivals, verdicts: [], again: 'spot-keeper' });
    expect(page).toContain('<p class="headline">this run saves 20.6 % against on-demand only.</p>');
    expect(page).not.toContain('orth it');
  });

  it('draws a run in which nothing happened', () => {
    const nothing: Outcome = {
      ...outcome,
      timeline: {
        ...{ blocks: [], wanted: [], serving: [], overflow: [], jobsRunning: [], jobsWaiting: [], spent: [] },
        allowed: [],
        ...{ prices: [], purchases: [], waits: [], killed: [] },
      },
    };
    const page = reportOf(nothing);
    expect(page).toContain('No block was opened');
    expect(page.match(/NaN|Infinity|undefined/g)).toBeNull();
  });

  it('shows eight markets at most and counts the rest', () => {
    const [price] = outcome.timeline.prices;
    const prices = Array.from({ length: 11 }, (_, n) => ({
      ...price!,
      market: `m5.large/us-east-1${'abcdefghijk'[n]!}`,
    }));
    const page = reportOf({ ...outcome, timeline: { ...outcome.timeline, prices } });
    expect(page.match(/<figure>/g)).toHaveLength(8);
    expect(page).toContain('and 3 more markets, with 0 purchases');
  });

  it('of a busy week is no larger than 620 kB', () => {
    const until = MONDAY + hours(168);
    const many = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        at: MONDAY + ((until - MONDAY) * n) / count,
        value: (n * 7919) % 61,
        waitMs: ((n * 7919) % 4_001) * 1_000,
      }));
    const week = Array.from({ length: 7 * 5 }, (_, n) => n * hours(4.8));
    const blocks = week.flatMap((laterMs, n) =>
      Array.from({ length: 30 }, (_, slot) => {
        const bar = outcome.timeline.blocks[n % outcome.timeline.blocks.length]!;
        const start = bar.segments[0]?.from ?? MONDAY;
        const move = (at: number): number => MONDAY + laterMs + ((at - start) * 4.5) / 6 + minutes(slot);
        const segments = bar.segments.map(({ state, from, until: end }) => ({
          state,
          from: move(from),
          until: move(end),
        }));
        return { ...bar, slot, generation: n, blockId: `ci-${slot}.${n}`, segments };
      }),
    );
    const steps = many(20_000);
    const timeline = {
      ...outcome.timeline,
      blocks,
      ...{ serving: steps, overflow: steps, jobsRunning: steps, jobsWaiting: steps, waits: many(20_000) },
    };
    expect(reportOf({ ...outcome, until, timeline }).length).toBeLessThan(620_000);
  });
});

describe('the steps that are seen', () => {
  const frame = frameOf({ from: MONDAY, until: MONDAY + hours(168), height: 100 });

  it('keep a spike too short for the picture, wherever it falls', () => {
    for (let spike = 5_000; spike < 5_012; spike += 1) {
      const steps = Array.from({ length: 10_000 }, (_, n) => ({
        at: MONDAY + n * minutes(1),
        value: n === spike ? 99 : n % 2,
      }));
      const seen = seenSteps(frame, steps);
      expect(Math.max(...seen.map(({ value }) => value))).toBe(99);
      expect(seen.length).toBeLessThan(3_500);
    }
  });

  it('leave out equal neighbours and reach the end of the run', () => {
    const steps = [0, 1, 2, 3].map((hour) => ({ at: MONDAY + hours(hour), value: 5 }));
    expect(seenSteps(frame, steps)).toEqual([
      { at: MONDAY, value: 5 },
      { at: MONDAY + hours(168), value: 5 },
    ]);
  });
});

describe('a comparison', () => {
  const variant = (label: string, total: number): Outcome => ({
    ...outcome,
    label,
    cost: { ...outcome.cost, total, together: total + outcome.cost.service },
  });

  it('stars the least of money and service together, rivals included', () => {
    const won = comparisonOf([variant('surge', 70), variant('drainFirst', 30)]);
    expect(won).toContain('all with <b>weekly, cheapest</b>');
    expect(won).toMatch(/<tr class="total"><th scope="row">★ drainFirst/);
    expect(won).toContain('>★ drainFirst</text>');
    const lost = comparisonOf([variant('surge', 70), variant('drainFirst', 50)]);
    expect(lost).toMatch(/<tr class="total"><th scope="row">★ spot group tuned<small>idle 2 min, none after an add/);
    expect(lost.match(/★ spot/g)).toHaveLength(2);
  });

  it('draws the ten best lines of many and says how many it left out', () => {
    const page = comparisonOf(Array.from({ length: 14 }, (_, n) => variant(`lead-${n}`, 50 + n)));
    expect(page).toContain('The 10 best variants and some rivals; 4 more stand above.');
    expect(page.match(/<th scope="row">/g)).toHaveLength(14 + 8);
  });
});
