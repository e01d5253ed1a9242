import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { NAMEABLE } from '../data/records/jobs/names.ts';
import type { Reject } from '../data/records/jobs/setAside.ts';
import type { JobReadOptions } from '../data/records/readJobs.ts';
import { isZone, zoneMistake } from '../policies/operating-hours/calendar/zone.ts';
import { BadInput, type Mistake } from '../src/config/mistakes.ts';

/** The flags of every command that reads recorded rows: the clock they go by, and what becomes of rows that cannot be meant. */
export interface SetAsideFlags {
  readonly timeZone?: string;
  readonly atMostSetAside: string;
  readonly strict?: true;
  readonly rejects?: string;
}

/** The flags of every command that reads recorded CI jobs. */
export interface JobFlags extends SetAsideFlags {
  readonly columns?: string;
}

/** Adds the flags that say how files of jobs are read. */
export const withJobFlags = (command: Command): Command =>
  withSetAsideFlags(
    command.option(
      '--columns <field=name,...>',
      `which column or key holds what, where their names do not say: ${NAMEABLE.join(', ')}; keys within keys with dots`,
    ),
  );

/** Adds the flags that hold for rows of any kind. */
export const withSetAsideFlags = (command: Command): Command =>
  command
    .option('--time-zone <name>', 'the IANA zone by whose clock times without a zone go, such as Europe/Berlin or UTC')
    .addOption(
      new Option('--at-most-set-aside <share>', 'rows that cannot be meant, of all; more refuse the file').default(
        '5%',
      ),
    )
    .option('--strict', 'refuse a file with any row that cannot be meant')
    .option('--rejects <file>', 'write a CSV of every row that is set aside: file, line, column, reason');

/** How files of jobs are read, and what is to be done once all are read. */
export interface JobReading {
  readonly options: JobReadOptions;
  /** Writes the rows that were set aside, if that was asked for; also after a file was refused. @throws BadInput */
  readonly finish: () => Promise<void>;
}

/** @throws BadInput with every mistake in the flags. */
export function jobReading(flags: JobFlags): JobReading {
  const mistakes: Mistake[] = [];
  const columns = flags.columns === undefined ? undefined : columnsIn(flags.columns, mistakes);
  if (flags.timeZone !== undefined && !isZone(flags.timeZone))
    mistakes.push({ file: '--time-zone', message: zoneMistake(flags.timeZone) });
  const share = /^(\d{1,3}(?:\.\d+)?)%$/.exec(flags.atMostSetAside)?.[1];
  if (share === undefined || Number(share) > 100)
    mistakes.push({
      file: '--at-most-set-aside',
      message: `expected a share from 0% to 100%, such as 5%, found ${JSON.stringify(flags.atMostSetAside)}`,
    });
  if (mistakes.length > 0) throw new BadInput(mistakes);
  const rejects: Reject[] = [];
  const { rejects: path } = flags;
  return {
    options: {
      columns,
      timeZone: flags.timeZone,
      atMostSetAside: flags.strict === true ? 0 : Number(share) / 100,
      onReject: path === undefined ? undefined : (reject) => void rejects.push(reject),
    },
    finish: async () => {
      if (path === undefined) return;
      const rows = rejects.map(({ file, line, column, reason }) =>
        [file, line ?? '', column ?? '', reason].map(quoted).join(','),
      );
      await writeFile(path, `${['file,line,column,reason', ...rows].join('\n')}\n`).catch((error: unknown) => {
        const said = error instanceof Error ? error.message : String(error);
        throw new BadInput([{ file: path, message: `cannot be written: ${said}` }]);
      });
    },
  };
}

const quoted = (cell: string | number): string =>
  /[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);

function columnsIn(text: string, mistakes: Mistake[]): JobReadOptions['columns'] {
  const columns: Record<string, string> = {};
  for (const pair of text.split(',')) {
    const [field = '', name = ''] = pair.split(/=(.*)/s).map((part) => part.trim());
    const isField = NAMEABLE.some((one) => one === field);
    if (!isField || name === '' || field in columns)
      mistakes.push({
        file: '--columns',
        message: `expected FIELD=NAME with each of ${NAMEABLE.join(', ')} at most once, such as started=begin_ts, found ${JSON.stringify(pair)}`,
      });
    else columns[field] = name;
  }
  return columns;
}
