import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { adviceHeadline, adviceText } from '../../report/adviceText.ts';
import { diffText } from '../../report/diff.ts';
import { adviceHtml } from '../../report/html/adviceHtml.ts';
import { limitsIn } from '../../sim/advise/limits.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { changedPools } from '../advise/change.ts';
import { type Asked, found } from '../advise/found.ts';
import { advisedWeeks } from '../advise/weeks.ts';
import { again } from '../again.ts';
import { entryOf } from '../entryOf.ts';
import { expectWritable, writeWhole } from '../files.ts';
import { flowOf } from '../flow.ts';
import { printJson } from '../output/json.ts';
import { threadsIn } from '../sweep/flags.ts';
import { withUserPolicies } from '../userPolicies.ts';

interface Flags {
  readonly keep?: string;
  readonly settings: string;
  readonly usdPerKill?: string;
  readonly usdPerHourWaited?: string;
  readonly workers?: string;
  readonly out?: string;
  readonly report?: string;
  readonly json?: true;
}

/** `advise DIR…`: which settings of its pools these weeks ask for. */
export const command = (): Command =>
  new Command('advise')
    .description(
      'search the settings that weeks ask for, judge them on runs they were not chosen on, and write the change',
    )
    .argument('<dir...>', 'scenario folders; of several, a third is kept to judge on')
    .option(
      '--keep <limits>',
      'what must hold in every run: "killedByKeeper=0, waitP95<=2m" (default: "killedByKeeper=0")',
    )
    .option('--usd-per-kill <usd>', "what a killed job costs people, in place of the scenarios' service.usdPerKill")
    .option(
      '--usd-per-hour-waited <usd>',
      "what an hour that a job waits costs, in place of the scenarios' service.usdPerHourWaited",
    )
    .option('--settings <number>', 'how many distinct settings are tried', '1000')
    .option('--workers <number>', `how many threads run weeks (default: ${availableParallelism()}, one a processor)`)
    .option('--out <file>', 'write the recommended pools file')
    .option('--report <file>', 'write a report with pictures, one self-contained HTML file')
    .option('--json', 'print one JSON value')
    .addHelpText(
      'after',
      '\nexample: spot-keeper advise my-week --keep "killedByKeeper=0, waitP95<=2m" --out pools.yaml',
    )
    .action((folders: string[], flags: Flags) => withUserPolicies((policies) => run(folders, flags, policies)));

async function run(folders: readonly string[], flags: Flags, policies: UserPolicies): Promise<void> {
  const asked = checked(flags);
  expectWritable([flags.out, flags.report]);
  const weeks = await advisedWeeks(folders, policies);
  const advice = await found(folders, weeks, asked);

  const { text, source } = entryOf(weeks, 0).pools;
  const pools = changedPools(text, source, advice.choices);
  const diff = diffText(text, pools);
  const shown = { advice, flow: flowOf, weeks: folders };
  const writes = flags.out !== undefined && advice.verdict !== 'nothing';
  if (writes) await writeWhole(flags.out ?? '', pools);
  if (flags.report !== undefined) await writeWhole(flags.report, adviceHtml(shown, diff, again()));
  if (flags.json) printJson({ weeks: folders, ...advice, headline: adviceHeadline(advice), diff, pools });
  else
    process.stdout.write(
      [
        ...[adviceHeadline(advice), ''],
        ...(diff === '' ? [] : [`${source.file}, changed:`, diff, '']),
        ...[adviceText(shown), ''],
        ...(writes ? [`wrote ${flags.out}`] : []),
        ...(flags.report === undefined ? [] : [`wrote ${flags.report}`]),
      ]
        .join('\n')
        .trimEnd()
        .concat('\n'),
    );
  if (!advice.keepsLimits) {
    process.stderr.write(`again: ${again()}\n`);
    process.exitCode = 1;
  }
}

/** A setting has to be tried on something. */
const [LEAST_SETTINGS, MOST_SETTINGS] = [10, 1_000_000];

function checked(flags: Flags): Asked {
  const mistakes: Mistake[] = [];
  const { limits, wrong } = limitsIn(flags.keep ?? 'killedByKeeper=0');
  mistakes.push(...wrong.map((message) => ({ file: '--keep', message })));
  const settings = /^\d{1,9}$/.test(flags.settings) ? Number(flags.settings) : 0;
  if (settings < LEAST_SETTINGS || settings > MOST_SETTINGS)
    mistakes.push({
      file: '--settings',
      message: `expected a whole number from ${LEAST_SETTINGS} to ${MOST_SETTINGS}, found ${JSON.stringify(flags.settings)}`,
    });
  const usd = (flag: string, text: string): number => {
    if (!/^\d{1,7}(?:\.\d{1,6})?$/.test(text))
      mistakes.push({ file: flag, message: `expected USD, 0 or more, such as 2.50, found ${JSON.stringify(text)}` });
    return Number(text);
  };
  const service = {
    ...(flags.usdPerKill === undefined ? {} : { usdPerKill: usd('--usd-per-kill', flags.usdPerKill) }),
    ...(flags.usdPerHourWaited === undefined
      ? {}
      : { usdPerHourWaited: usd('--usd-per-hour-waited', flags.usdPerHourWaited) }),
  };
  const threads = threadsIn(flags.workers, mistakes) ?? availableParallelism();
  if (mistakes.length > 0) throw new BadInput(mistakes);
  return { limits, settings, threads, service };
}
