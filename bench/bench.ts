import { parseArgs } from 'node:util';
import { bornYoung } from '../sim/heap.ts';
import type { Figure } from './figure.ts';
import { lineOf, rounded } from './figure.ts';
import { record } from './history.ts';
import { statedLimits, worseThan } from './limits.ts';
import { adviceFigure } from './parts/advice.ts';
import { checkFigure } from './parts/checks.ts';
import { simpyFigure } from './parts/simpy.ts';
import { sweepFigures } from './parts/sweep.ts';
import { transitionFigures } from './parts/transition.ts';
import { turnFigures } from './parts/turns.ts';
import { weekFigures } from './parts/weeks.ts';
import { frozenWorld } from './world.ts';

/**
 * `npm run bench -- [--quick] [--json] [--record] [--limits]`: what things cost, each beside a floor of the same run.
 *
 * `--quick` leaves the live keeper out and looks less long; `--json` prints one line of JSON; `--record` adds the run to the history;
 * `--limits` ends with 1 where a ratio is worse than `limits.json` says.
 */
const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    limits: { type: 'boolean', default: false },
  },
});
const { quick } = flags;
// As in the command.
bornYoung();
const figures: Figure[] = [];

/** Shows what was measured as soon as it is. */
const add = (...found: readonly Figure[]): void => {
  figures.push(...found);
  for (const figure of found) (flags.json ? process.stderr : process.stdout).write(`${lineOf(figure)}\n`);
};

const [one, two] = [await frozenWorld('week-v1'), await frozenWorld('week-v2')];
const span = quick ? { slices: 3, sliceMs: 200, warmMs: 600 } : { slices: 9, sliceMs: 500, warmMs: 2_000 };
add(...(await transitionFigures(one, span)));
add(...(await weekFigures(one, span)));
add(...(await weekFigures(two, span)));
add(await simpyFigure(one, quick ? 3 : 7));
add(...turnFigures(two.pools, two.scenario.from, quick ? 250 : 1_500));
add(...(await sweepFigures(one, quick ? { rounds: 3, weeks: 12 } : { rounds: 5, weeks: 60 })));
add(await adviceFigure(one, quick ? { settings: 12, isBrief: true } : { settings: 1_000, isBrief: false }));
add(await checkFigure(quick ? 15 : 300));

if (flags.json) process.stdout.write(`${JSON.stringify({ figures: figures.map(rounded) })}\n`);
if (flags.record) await record(quick, figures);
const worse = flags.limits ? worseThan(await statedLimits(), figures) : [];
for (const line of worse) process.stderr.write(`worse than stated: ${line}\n`);
if (worse.length > 0) process.exitCode = 1;
if (!quick && !flags.json) await import('./live/bench.ts');
