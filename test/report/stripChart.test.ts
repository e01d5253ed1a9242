import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripChart } from '../../report/stripChart.ts';
import type { BlockBar } from '../../sim/outcome.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import { BLOCK_STATES, type BlockState, ENDINGS, type Ending } from '../../src/domain/words.ts';
import { anOutcome, MONDAY } from './anOutcome.ts';

describe('a strip chart', () => {
  it('shows three days in 80 columns', () => {
    expect(`\n${stripChart(anOutcome(), { columns: 80 })}\n`).toMatchInlineSnapshot(`
      "
      UTC      Mon 2 Mar       Tue 3 Mar       Wed 4 Mar
      90m/char 00  06  12  18  00  06  12  18  00  06  12  18
      ci-0          ####x###x       ####x###x       ####x###x
      ci-1          ####x###x       ####x###x       ####x###x
      ci-2          ####x###x       ####x###x       ####x###x
      ci-3          ####x###x       ####x###x       ####x###x
      ci-4          ####x###x       ##! ####x       ####x###x
      ci-5          ####x###x       ####x###x       ####x###x
      ci-6          ####x###x       ####x###x       ####x###x
      ci-7          ####x###x       ####x###x       ####x###x
      ci-8          ####x###x       ####x###x       ####x###x
      ci-9          ####x###x       ####x###x       ####x###x
      ci-10         ####x###x       z###x###x       ####x###x
      ci-11         ####x###x       z###x###x       ####x###x
      ci-12         ####x###x       z###x###x       ####x###x
      ci-13         ####x###x       z###x###x       ####x###x
      ci-14         ####x###x       z###x###x       ####x###x

      wanted        *@@@@@@@-       *@@@@@@@-       *@@@@@@@-    max 15
      serving       *@@@@@@@-       =%%%@@@@-       *@@@@@@@-    max 15
      overflow                      =+   ..                      max 5
      waiting                       +=                  .        max 12

      . request  z rest  - join  # serve  ~ drain  x terminate  ! interrupt
      "
    `);
  });

  it('shows them finer in 120 columns', () => {
    expect(`\n${stripChart(anOutcome(), { columns: 120 })}\n`).toMatchInlineSnapshot(`
      "
      UTC      Mon 2 Mar               Tue 3 Mar               Wed 4 Mar
      1h/char  00 03 06 09 12 15 18 21 00 03 06 09 12 15 18 21 00 03 06 09 12 15 18 21
      ci-0             #####x#####x            #####x#####x            #####x#####x
      ci-1             #####x#####~x           #####x#####~x           #####x#####~x
      ci-2             #####x#####~x           #####x#####~x           #####x#####~x
      ci-3             #####x#####~x           #####x#####~x           #####x#####~x
      ci-4             #####x#####~x           ##!   #####~x           #####x#####~x
      ci-5             #####x#####~x           #####x#####~x           #####x#####~x
      ci-6             #####x#####~x           #####x#####~x           #####x#####~x
      ci-7             #####x#####~x           #####x#####~x           #####x#####~x
      ci-8             #####x#####~x           #####x#####~x           #####x#####~x
      ci-9             #####x######x           #####x######x           #####x######x
      ci-10            #####x######x           z####x######x           #####x######x
      ci-11            #####x######x           z####x######x           #####x######x
      ci-12            #####x######x           z####x######x           #####x######x
      ci-13            #####x######x           z####x######x           #####x######x
      ci-14            #####x######x           z####x######x           #####x######x

      wanted           @@@@@@@@@@@@            @@@@@@@@@@@@            @@@@@@@@@@@@      max 15
      serving          @@@@@@@@@@@%            *%@%%%@@@@@%            @@@@@@@@@@@%      max 15
      overflow                                 *#.     :                                 max 5
      waiting                                  #+                           ..           max 12

      . requesting  z resting  - joining  # serving  ~ draining  x terminating  ! interrupted
      "
    `);
  });

  it('zooms into a stretch, on an axis in local time', () => {
    const chart = stripChart(anOutcome(), {
      columns: 100,
      from: MONDAY + hours(32),
      until: MONDAY + hours(36),
      zone: 'Europe/Berlin',
    });
    expect(`\n${chart}\n`).toMatchInlineSnapshot(`
      "
      Berlin   Tue 3 Mar
      5m/char  09:00 09:30 10:00 10:30 11:00 11:30 12:00 12:30
      ci-0     ################################################
      ci-1     ################################################
      ci-2     ################################################
      ci-3     ################################################
      ci-4     ##############################!
      ci-5     ################################################
      ci-6     ################################################
      ci-7     ################################################
      ci-8     ################################################
      ci-9     ################################################
      ci-10    zzzzzzzzzzzzzzzz################################
      ci-11    zzzzzzzzzzzzzzzz################################
      ci-12    zzzzzzzzzzzzzzzz################################
      ci-13    zzzzzzzzzzzzzzzz################################
      ci-14    zzzzzzzzzzzzzzzz################################

      wanted   @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@  max 15
      serving  :*****************@@@@@@@@@@@@%%%%%%%%%%%%%%%%%%  max 15
      overflow   -+++@@@@@@@@@@@@@@*====.                        max 5
      waiting  +++++@@@@@@@@@@@@@@:                              max 12

      . requesting  z resting  - joining  # serving  ~ draining  x terminating  ! interrupted
      "
    `);
  });

  it('shows the most eventful state where generations share a column', () => {
    const from = MONDAY;
    // Ten minutes a column: the first tenant ends and the second comes within the third.
    const row = rowOf([
      aBar(1, [
        ['serving', from, from + minutes(21)],
        ['terminating', from + minutes(21), from + minutes(22)],
      ]),
      aBar(2, [
        ['joining', from + minutes(23), from + minutes(25)],
        ['serving', from + minutes(25), from + minutes(600)],
      ]),
    ]);
    expect(row.slice(0, 6)).toBe('##x###');
  });

  it('marks an interruption from its notice on, and above all else', () => {
    const from = MONDAY;
    const drained = aBar(
      1,
      [
        ['serving', from, from + minutes(25)],
        ['draining', from + minutes(25), from + minutes(27)],
        ['terminating', from + minutes(27), from + minutes(28)],
      ],
      'interrupted',
    );
    expect(rowOf([drained]).trimEnd()).toBe('##!');
    // Taken without a notice: marked where it ended.
    const taken = aBar(1, [['serving', from, from + minutes(30)]], 'interrupted');
    expect(rowOf([taken]).trimEnd()).toBe('##!');
    // A block that drained of its own accord is no interruption.
    expect(rowOf([{ ...drained, ending: 'retired' }]).trimEnd()).toBe('##x');
  });

  it('keeps a short overflow visible, and none invisible', () => {
    const { timeline, until } = anOutcome();
    const overflow = [
      { at: MONDAY, value: 0 },
      { at: MONDAY + hours(5), value: 1 },
      { at: MONDAY + hours(5) + minutes(1), value: 0 },
      { at: MONDAY + hours(30), value: 40 },
      { at: until - hours(20), value: 0 },
    ];
    const line = lineOf(stripChart(anOutcome({ timeline: { ...timeline, overflow } }), { columns: 80 }), 'overflow');
    expect(line).toMatch(/^overflow {4}\. {16}@+\* +max 40$/);
  });

  it('has hours and days where clocks change, in a zone off the whole hour', () => {
    const from = Date.UTC(2026, 3, 4);
    const chart = stripChart(anOutcome({ from, until: from + hours(48) }), {
      columns: 80,
      zone: 'Australia/Lord_Howe',
    });
    expect(chart.split('\n').slice(0, 2)).toEqual([
      'Lord_Howe Sat 4 Apr    Sun 5 Apr                Mon 6 Apr',
      // The clocks went back half an hour at two: three o'clock is three and a half hours after midnight.
      '1h/char    12 15 18 21 00  03 06 09 12 15 18 21 00 03 06',
    ]);
  });

  it('never wraps, is ASCII, and shows a run of any length', () => {
    fc.assert(
      fc.property(
        fc.array(bars(), { maxLength: 30 }),
        fc.integer({ min: 72, max: 200 }),
        fc.integer({ min: 1, max: 200 * 24 * 60 }),
        (blocks, columns, lengthMinutes) => {
          const outcome = anOutcome({ until: MONDAY + minutes(lengthMinutes) });
          const chart = stripChart({ ...outcome, timeline: { ...outcome.timeline, blocks } }, { columns });
          for (const line of chart.split('\n')) expect(line.length, line).toBeLessThanOrEqual(columns);
          expect(chart).toMatch(/^[\n\x20-\x7e]*$/);
        },
      ),
    );
  });
});

function bars(): fc.Arbitrary<BlockBar> {
  const states = fc.constantFrom(...BLOCK_STATES);
  return fc
    .record({
      slot: fc.nat(20),
      generation: fc.nat(9),
      startsAt: fc.integer({ min: -60, max: 5_000 }),
      parts: fc.array(fc.tuple(states, fc.integer({ min: 1, max: 900 })), { minLength: 1, maxLength: 6 }),
      ending: fc.constantFrom(...ENDINGS),
    })
    .map(({ slot, generation, startsAt, parts, ending }) => {
      let at = MONDAY + minutes(startsAt);
      const segments = parts.map(([state, lengthMinutes]) => ({
        state,
        from: at,
        until: (at += minutes(lengthMinutes)),
      }));
      return { ...aBar(generation, [], ending), blockId: `ci-${slot}.${generation}`, slot, segments };
    });
}

const aBar = (
  generation: number,
  segments: readonly (readonly [BlockState, number, number])[],
  ending: Ending = 'retired',
): BlockBar => ({
  blockId: `ci-0.${generation}`,
  pool: 'ci',
  slot: 0,
  generation,
  usd: 0,
  ending,
  segments: segments.map(([state, from, until]) => ({ state, from, until })),
});

/** The row of ci-0 over ten hours, ten minutes a column. */
function rowOf(blocks: readonly BlockBar[]): string {
  const outcome = anOutcome();
  const chart = stripChart(
    { ...outcome, timeline: { ...outcome.timeline, blocks } },
    { columns: 80, until: MONDAY + hours(10) },
  );
  expect(chart).toContain('10m/char');
  return lineOf(chart, 'ci-0').slice('10m/char '.length);
}

const lineOf = (chart: string, label: string): string =>
  chart.split('\n').find((line) => line.startsWith(`${label} `)) ?? '';
