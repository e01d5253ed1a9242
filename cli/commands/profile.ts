import { Command } from 'commander';
import { newJobFiles } from '../../data/records/jobFiles.ts';
import { notesText } from '../../data/records/notes.ts';
import { type JobReadOptions, type RecordedJobs, readJobHistory } from '../../data/records/readJobs.ts';
import { isZone, zoneMistake } from '../../policies/operating-hours/calendar/zone.ts';
import { profileOf } from '../../sim/demand/profile.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { type JobFlags, jobReading, withJobFlags } from '../jobFlags.ts';

interface Flags extends JobFlags {
  readonly zone: string;
  readonly quantile: string;
  readonly jobsPerBlock: string;
  readonly json?: true;
}

/** `profile FILE…`: how many blocks each hour of the week needs, learned from recorded jobs, as a policy to paste. */
export const command = (): Command =>
  withJobFlags(
    new Command('profile')
      .description('learn the hours of the policy `profile` from recorded CI jobs; several files are joined')
      .argument('<file...>', 'recorded CI jobs; a name that ends in .gz is unpacked'),
  )
    .option('--zone <name>', 'the IANA time zone by whose wall clock the hours go', 'UTC')
    .option('--quantile <pNN>', 'for what share of the time in an hour the jobs at once are to find a block', 'p90')
    .option('--jobs-per-block <number>', 'how many jobs a block runs at once', '1')
    .option('--json', 'print one JSON value')
    .action(async (files: string[], flags: Flags) => {
      const { zone, share, jobsPerBlock } = checked(flags);
      const jobs = jobReading(flags);
      const read = await readAll(files, jobs.options).finally(jobs.finish);
      const { weeks, unseen, days } = profileOf(
        read.flatMap(({ rows }) => rows.rows()),
        zone,
        share,
        jobsPerBlock,
      );
      if (flags.json) {
        const policy = { policy: 'profile', zone, blocks: days };
        print(JSON.stringify({ weeks, unseenHours: unseen, quantile: flags.quantile, jobsPerBlock, policy }));
        return;
      }
      const seen = `${weeks.toFixed(1)} weeks, ${flags.quantile} of the jobs at once, ${jobsPerBlock} a block`;
      const missing = unseen === 0 ? [] : [`# ${unseen} of the 168 hours were not seen: 0 blocks there`];
      print(
        [
          ...read.flatMap(({ notes }) => notesText(notes)).map((line) => `# ${line}`),
          ...[`# learned from ${seen}`, ...missing],
          ...['operatingHours:', '  policy: profile', `  zone: ${zone}`, '  blocks:'],
          ...Object.entries(days).map(([day, counts]) => `    ${day}: [${counts.join(', ')}]`),
        ].join('\n'),
      );
    });

/** The flags' values. @throws BadInput with what is wrong with any of them. */
function checked({ zone, quantile, jobsPerBlock }: Flags) {
  const mistakes: Mistake[] = [];
  const mistake = (file: string, message: string): void => {
    mistakes.push({ file, message });
  };
  if (!isZone(zone)) mistake('--zone', zoneMistake(zone));
  const share = /^p(?:100|[1-9]\d?(?:\.\d+)?)$/.test(quantile) ? Number(quantile.slice(1)) / 100 : undefined;
  if (share === undefined) mistake('--quantile', `expected p1 to p100, such as p90, found ${JSON.stringify(quantile)}`);
  const each = /^[1-9]\d{0,5}$/.test(jobsPerBlock) ? Number(jobsPerBlock) : undefined;
  if (each === undefined)
    mistake('--jobs-per-block', `expected a whole number, 1 or more, found ${JSON.stringify(jobsPerBlock)}`);
  if (share === undefined || each === undefined || mistakes.length > 0) throw new BadInput(mistakes);
  return { zone, share, jobsPerBlock: each };
}

/** Reads the files one after the other. @throws BadInput with the mistakes of them all. */
async function readAll(files: readonly string[], options: JobReadOptions) {
  const together = newJobFiles(files);
  const done: RecordedJobs[] = [];
  const mistakes: Mistake[] = [];
  for (const file of files)
    try {
      done.push(await readJobHistory(file, { ...options, told: together.told }));
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      mistakes.push(...error.mistakes);
    }
  if (mistakes.length > 0) throw new BadInput(mistakes);
  return together.settle(done);
}

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
