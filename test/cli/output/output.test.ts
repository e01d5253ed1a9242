import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { paintResult, paintStripChart } from '../../../cli/output/paint.ts';
import { progressOn } from '../../../cli/output/progress.ts';
import { table } from '../../../cli/output/table.ts';
import { columnsOf } from '../../../cli/output/terminal.ts';
import { resultText } from '../../../report/resultText.ts';
import { stripChart } from '../../../report/stripChart.ts';
import { anOutcome, rivalsOf } from '../../report/anOutcome.ts';

/** A terminal as far as colours go: 8 bits of them, or none. */
const aTerminal = (depth: number): NodeJS.WritableStream =>
  Object.assign(new PassThrough(), { isTTY: true, getColorDepth: () => depth });

describe('a painted strip chart', () => {
  const text = stripChart(anOutcome(), { columns: 80 });

  it('is the same text in colours', () => {
    const painted = paintStripChart(text, aTerminal(8));
    expect(stripVTControlCharacters(painted)).toBe(text);
    const lines = painted.split('\n');
    expect(lines.find((line) => line.startsWith('ci-4'))).toContain('\u001b[31m!');
    expect(lines.at(-1)).toContain('\u001b[34m#\u001b[39m serve');
    // Axis and counts stay plain, though they use some of the same characters.
    for (const plain of ['UTC', '90m/char', 'wanted', 'overflow', 'waiting'])
      expect(lines.find((line) => line.startsWith(plain))).not.toContain('\u001b');
  });

  it('has no colours where the terminal has none, or where there is no terminal', () => {
    expect(paintStripChart(text, aTerminal(1))).toBe(text);
    expect(paintStripChart(text, new PassThrough())).toBe(text);
  });
});

describe('a painted result', () => {
  const harmed = (killedByKeeper: number): string => {
    const outcome = anOutcome();
    const jobs = { ...outcome.jobs, killedByKeeper };
    return resultText({ outcome: { ...outcome, jobs }, rivals: rivalsOf(outcome), verdicts: [] });
  };

  it('has in red what is never good, where there is any of it', () => {
    const painted = paintResult(harmed(3), aTerminal(8));
    expect(stripVTControlCharacters(painted)).toBe(harmed(3));
    expect(painted).toMatch(/\u001b\[31m {2}by the keeper +3\u001b\[39m/);
    expect(painted).toContain('\u001b[31mkilled by the keeper: this run (3), original scripts (7)\u001b[39m');
    for (const plain of ['  by AWS', '  never finished', "  by a block's own term"])
      expect(painted.split('\n').find((line) => line.startsWith(plain))).not.toContain('\u001b');
  });

  it('has no colours where nothing is harmed, or nobody sees them', () => {
    expect(paintResult(harmed(0), aTerminal(8))).not.toContain('\u001b[31m  by');
    expect(paintResult(harmed(3), new PassThrough())).toBe(harmed(3));
  });
});

describe('progress', () => {
  function watched(isTTY: boolean, total?: number) {
    let now = 5_000;
    const written: string[] = [];
    const progress = progressOn(
      { isTTY, write: (text) => written.push(text) },
      { label: 'weeks', ...(total === undefined ? {} : { total }), clock: () => now },
    );
    return { progress, written, pass: (ms: number) => (now += ms) };
  }

  it('is one line with a rate and the time to go, taken away at the end', () => {
    const { progress, written, pass } = watched(true, 12);
    pass(4_000);
    progress.advance(2);
    pass(2_000);
    progress.advance();
    progress.end();
    expect(written).toEqual([
      '\r\u001b[Kweeks 0/12',
      '\r\u001b[Kweeks 2/12  0.5/s  20s to go',
      '\r\u001b[Kweeks 3/12  0.5/s  18s to go',
      '\r\u001b[K',
    ]);
  });

  it('is drawn ten times a second at most, and by the minute if it is slow', () => {
    const { progress, written, pass } = watched(true, 4);
    for (let n = 0; n < 50; n += 1) {
      progress.advance(0);
      pass(1);
    }
    expect(written).toHaveLength(1);
    pass(60_000);
    progress.advance();
    expect(written.at(-1)).toContain('weeks 1/4  1.0/min  3m01s to go');
  });

  it('has no end in sight without a total', () => {
    const { progress, written, pass } = watched(true);
    pass(1_000);
    progress.advance(30);
    expect(written.at(-1)).toBe('\r\u001b[Kweeks 30  30.0/s');
  });

  it('writes nothing where nobody watches', () => {
    const { progress, written, pass } = watched(false, 3);
    pass(10_000);
    progress.advance(3);
    progress.end();
    expect(written).toEqual([]);
  });
});

describe('a table', () => {
  it('sets headings of several lines on its rows, numbers to the right', () => {
    const text = table(
      [{ heading: 'name' }, { heading: 'wait\np95', align: 'right' }],
      [
        ['a', '3m40s'],
        ['bcdef', '0s'],
      ],
    );
    expect(text.split('\n')).toEqual(['        wait', 'name     p95', 'a      3m40s', 'bcdef     0s']);
  });
});

describe('the width of a line', () => {
  it.each([
    [{ isTTY: true, columns: 80 }, 80],
    [{ isTTY: true, columns: 400 }, 200],
    [{ isTTY: true, columns: 0 }, 100],
    [{ columns: 80 }, 100],
  ])('of %j is %i', (stream, columns) => {
    expect(columnsOf(stream, {})).toBe(columns);
  });

  it('is what COLUMNS says where there is no terminal, if it says a number', () => {
    const told = (text: string): number => columnsOf({}, { COLUMNS: text });
    expect(['80', '120', '0', 'wide', '99999'].map(told)).toEqual([80, 120, 100, 100, 100]);
    expect(columnsOf({ isTTY: true, columns: 90 }, { COLUMNS: '120' })).toBe(90);
  });
});
