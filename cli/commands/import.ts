import { Command, Option } from 'commander';
import { type Imported, importInto } from '../../data/import/importInto.ts';
import { importOptions, onDemandKnown, type WrittenOptions } from '../../data/import/options.ts';
import { readRecording } from '../../data/import/readRecording.ts';
import type { Kind } from '../../data/import/recordings.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { type JobFlags, jobReading, withJobFlags } from '../jobFlags.ts';
import { type PriceFlags, priceReading, withPriceFlags } from '../priceFlags.ts';
import { withUserPolicies } from '../userPolicies.ts';

const KINDS: Readonly<Record<Kind, string>> = {
  prices: 'recorded spot prices: the answer of describe-spot-price-history in any of its forms, or a table of it',
  availability: 'recorded availability: a spot-traces JSON, or a CSV with timestamps',
  jobs: 'recorded CI jobs: what a CI system exports, or a table of when they were queued, started and finished',
};

/** `spot-keeper import prices|availability|jobs FILE… --into DIR`: puts recorded data into a scenario. */
export function command(): Command {
  const parent = new Command('import').description('put recorded data into a scenario, and make the scenario fit them');
  for (const kind of ['prices', 'availability', 'jobs'] as const) parent.addCommand(forKind(kind).exitOverride());
  return parent;
}

function forKind(kind: Kind): Command {
  const command = new Command(kind)
    .description(`import ${KINDS[kind]}`)
    .argument('<file...>', 'one file or several, which are joined; .gz is read as it is')
    .requiredOption('--into <dir>', 'the folder of the scenario')
    .option(
      '--starts-at <instant>',
      "where the recording is to start; by default on the same weekday in the scenario's window",
    )
    .option('--no-shift', 'keep the recorded time')
    .option('--replace', 'put the data in the place of those that are there')
    .addHelpText(
      'after',
      '\nWhatever was moved, joined or assumed is printed, and kept in composed: of scenario.yaml.',
    );
  if (kind !== 'jobs')
    command
      .option(
        '--instance-type <type>',
        kind === 'prices' ? 'only this instance type' : 'the instance type it stands for',
      )
      .option(
        '--zone <zone>',
        kind === 'prices' ? 'only this availability zone' : 'the availability zone it stands for',
      );
  if (kind === 'prices')
    command
      .option('--market <type/zone...>', 'only these markets, for example m5.2xlarge/us-east-1a')
      .option(
        '--on-demand <prices>',
        'on-demand prices of the recorded time: TYPE=USD,… an hour, or the file of an AWS price list',
      );
  if (kind === 'availability')
    command.addOption(new Option('--polarity <which>', 'what 1 means').choices(['up', 'down']).default('up'));
  if (kind === 'jobs') withJobFlags(command);
  if (kind === 'prices') withPriceFlags(command);
  return command.action(
    async (files: string[], written: WrittenOptions & JobFlags & PriceFlags & { readonly into: string }) => {
      const options = importOptions(written);
      const jobs = kind === 'jobs' ? jobReading(written) : undefined;
      const prices = kind === 'prices' ? priceReading(written) : undefined;
      const recorded = await readRecording(kind, files, options.polarity, {
        ...(jobs === undefined ? {} : { jobs: jobs.options }),
        ...(prices === undefined ? {} : { prices: prices.options }),
      }).finally(() => (jobs ?? prices)?.finish());
      const onDemand = await onDemandKnown(options);
      await withUserPolicies(async (policies) => {
        const imported = await importInto(written.into, recorded, { ...options, onDemand }, catalogue, policies);
        process.stdout.write(reportOf(written.into, imported));
      });
    },
  );
}

function reportOf(dir: string, { files, composed, notes }: Imported): string {
  const lines = [
    ...notes,
    ...composed.map((sentence) => `composed: ${sentence}`),
    ...files.map((file) => `wrote ${dir.replace(/\/$/, '')}/${file}`),
    `next: spot-keeper simulate ${dir}`,
  ];
  return `${lines.join('\n')}\n`;
}
