import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compareHtml } from '../../report/compareHtml.ts';
import { frameOf } from '../../report/html/frame.ts';
import { html } from '../../report/html/markup.ts';
import { seenSteps } from '../../report/html/steps.ts';
import { reportHtml } from '../../report/reportHtml.ts';
import type { Outcome } from '../../sim/outcome.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import { anOutcome, MONDAY, onDemandOnlyOf, originalOf } from './anOutcome.ts';
import { HOSTILE, hostile } from './hostile.ts';

const outcome = anOutcome();
const reportOf = (one: Outcome, again = 'spot-keeper simulate scenarios/ci-week'): string =>
  reportHtml({ outcome: one, onDemandOnly: onDemandOnlyOf(one), original: originalOf(one), verdicts: [], again });
const comparisonOf = (outcomes: readonly Outcome[], again = 'spot-keeper compare scenarios/ci-week'): string =>
  compareHtml({ outcomes, onDemandOnly: onDemandOnlyOf(outcome), original: originalOf(outcome) }, again);

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
    expect(page).toContain('Saves 20.6 % against on-demand only; costs 19.7 % more than the original scripts.');
    expect(page).toContain('per-second: time in use');
    expect(page).toContain('<pre>spot-keeper simulate scenarios/ci-week</pre>');
  });

  it('says so where the keeper loses money', () => {
    const dear = { ...outcome, cost: { ...outcome.cost, total: 103.7652 } };
    expect(reportOf(dear)).toContain('Costs 12.3 % more than on-demand only');
  });

  it('draws a run in which nothing happened', () => {
    const nothing: Outcome = {
      ...outcome,
      timeline: {
        ...{ blocks: [], wanted: [], serving: [], overflow: [], jobsRunning: [], jobsWaiting: [], spent: [] },
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

  it('of a busy week is no larger than 600 kB', () => {
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
    expect(reportOf({ ...outcome, until, timeline }).length).toBeLessThan(600_000);
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
  const variant = (label: string, total: number): Outcome => ({ ...outcome, label, cost: { ...outcome.cost, total } });

  it('names variants by what differs and marks the lowest total', () => {
    const page = comparisonOf([variant('weekly, surge, cheapest', 70), variant('weekly, drainFirst, cheapest', 50)]);
    expect(page).toContain('all with <b>weekly, cheapest</b>');
    expect(page).toMatch(/<tr class="total"><th scope="row">★ drainFirst/);
    expect(page).toContain('drainFirst saves 45.9 % against on-demand only');
  });

  it('draws the ten cheapest lines of many and says how many it left out', () => {
    const page = comparisonOf(Array.from({ length: 14 }, (_, n) => variant(`weekly, lead-${n}, cheapest`, 50 + n)));
    expect(page).toContain('The 10 cheapest variants and the baselines; 4 more stand below.');
    expect(page.match(/<th scope="row">/g)).toHaveLength(16);
  });
});
