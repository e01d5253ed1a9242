import { describe, expect, it } from 'vitest';
import { classesText } from '../../report/classesText.ts';
import { compareText } from '../../report/compareText.ts';
import { compareHtml } from '../../report/html/compareHtml.ts';
import { reportHtml } from '../../report/html/reportHtml.ts';
import { resultText } from '../../report/resultText.ts';
import type { ClassOutcome, Outcome } from '../../sim/outcome.ts';
import { hours, minutes, seconds } from '../../src/domain/time.ts';
import { anOutcome, rivalsOf, variantsOf } from './anOutcome.ts';
import { HOSTILE } from './hostile.ts';

const aClass = (name: string | null, over: Partial<ClassOutcome> = {}): ClassOutcome => ({
  class: name,
  jobs: 40,
  killed: 0,
  neverFinished: 0,
  queuedMs: { mean: seconds(9), p50: 0, p95: minutes(1), p99: minutes(3), max: minutes(14) },
  ranMs: hours(20),
  ranOnBlocksMs: hours(20),
  usd: 12.3,
  ...over,
});

const withClasses = (classes: readonly ClassOutcome[], label = 'surge'): Outcome => ({
  ...anOutcome(),
  label,
  cost: { ...anOutcome().cost, total: classes.reduce((usd, one) => usd + one.usd, 0) },
  classes,
});
const outcome = withClasses([
  aClass('build', { jobs: 1_240, killed: 3, ranMs: hours(1_040.25), usd: 61.75 }),
  aClass('release', { killed: 12, neverFinished: 1, queuedMs: { ...aClass('').queuedMs, mean: minutes(12) } }),
  aClass(null),
]);
const textOf = (one: Outcome, width?: number): string =>
  classesText([{ name: 'this run', outcome: one }], width).join('\n\n');

describe('the classes of a result', () => {
  it('are a row each, and what their money is stands below', () => {
    expect(`\n${textOf(outcome, 80)}\n`).toMatchInlineSnapshot(`
      "
                                  never  queued  queued    hours
      classes    jobs  killed  finished    mean     p95      run    USD
      build     1,240       3         0      9s   1m00s  1,040.3  61.75
      release      40      12         1  12m00s   1m00s     20.0  12.30
      no class     40       0         0      9s   1m00s     20.0  12.30
      USD: leases are shared by the time that jobs ran on blocks, overflow by the time
        that they ran on the group, idle nodes included
      "
    `);
  });

  it('stand after the jobs, and nowhere where no class is listed', () => {
    const whole = resultText({ outcome, rivals: rivalsOf(outcome), verdicts: [] });
    expect(whole.indexOf('\nclasses ')).toBeGreaterThan(whole.indexOf('\nfirst wait'));
    expect(whole).toContain(textOf(outcome));
    expect(textOf(anOutcome())).toBe('');
  });

  it('tell what money is in no row', () => {
    const idle = { ...outcome, cost: { ...outcome.cost, total: outcome.cost.total + 5 } };
    expect(textOf(idle)).toContain('\n5.00 USD is of no class: no job ran on those nodes\n');
  });

  it.each([80, 100])('fit %i columns, whatever their names and sums are', (width) => {
    const monsters = [
      aClass('x'.repeat(100), { jobs: 1_234_567, killed: 12_345, ranMs: hours(1_234_567), usd: 1_234_567.89 }),
      aClass('word '.repeat(20)),
      aClass('\u001b[2Jgone'),
    ];
    const text = textOf(withClasses(monsters), width);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(width);
    expect(text).toMatch(/^#1 +1,234,567 /m);
    expect(text).toMatch(/^#2 word word/m);
    expect(text).not.toContain('\u001b');
  });
});

describe('the classes of a comparison', () => {
  const outcomes = [outcome, withClasses([aClass('build', { usd: 47.11 })], 'drainFirst')];
  const comparison = { variants: variantsOf(outcomes), common: [], rivals: rivalsOf(outcome) };

  it('are a table for each variant, under its name', () => {
    const text = compareText(comparison);
    expect(text).toMatch(/^surge:\n[^]*^build +1,240 .*61\.75$[^]*^drainFirst:\n[^]*^build .*47\.11$/m);
    expect(text.match(/^USD: leases are shared/gm)).toHaveLength(1);
  });

  it('are in the pages too, where no name becomes markup', () => {
    const report = reportHtml({ outcome, rivals: rivalsOf(outcome), verdicts: [], again: 'again' });
    expect(report).toContain('<h2>Job classes</h2>');
    expect(report).toContain('61.75');
    expect(compareHtml(comparison, 'again').match(/<th scope="col">never finished<\/th>/g)).toHaveLength(2);
    const stranger = withClasses([aClass(HOSTILE)]);
    const page = reportHtml({ outcome: stranger, rivals: rivalsOf(stranger), verdicts: [], again: 'again' });
    expect(page).toContain('&lt;img src=x');
    expect(page.match(/<(?:img|script)/gi)).toBeNull();
    expect(reportHtml({ outcome: anOutcome(), rivals: rivalsOf(outcome), verdicts: [], again: '' })).not.toContain(
      'Job classes',
    );
  });
});
