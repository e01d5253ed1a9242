import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { openRecords } from '../records/file.ts';
import { strangeIn } from '../records/look.ts';
import type { OnDemandList } from '../records/onDemand/priceList.ts';
import { readOnDemand } from '../records/onDemand/readOnDemand.ts';
import type { JobReadOptions } from '../records/readJobs.ts';
import type { PriceReadOptions } from '../records/readPrices.ts';
import type { Recordings } from './compose.ts';
import { holdsNothing, kindOf, lookOf } from './kindOf.ts';
import { readRecording } from './readRecording.ts';
import type { Kind, Recorded } from './recordings.ts';

const KINDS = ['jobs', 'prices', 'availability'] as const satisfies readonly Kind[];

const NOUNS: Readonly<Record<Kind, string>> = {
  jobs: 'CI jobs',
  prices: 'spot prices',
  availability: 'availability',
};

/** What was found in the files, joined by kind. */
export interface Recognised extends Partial<Recordings> {
  /** The price list of AWS, if one is among the files. */
  readonly onDemand?: OnDemandList;
}

/**
 * Reads files of recorded data, telling by the content of each what it holds, and joins those of a kind.
 *
 * @throws BadInput with the mistakes in all of the files; for one that is of no kind, with what it looks like.
 */
export async function recognise(
  files: readonly string[],
  polarity: 'up' | 'down',
  reading: { readonly jobs: JobReadOptions; readonly prices: PriceReadOptions },
): Promise<Recognised> {
  const mistakes: Mistake[] = [];
  const byKind: Record<Kind, string[]> = { jobs: [], prices: [], availability: [] };
  const gathered = async <Value>(work: () => Promise<Value>): Promise<Value | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      mistakes.push(...error.mistakes);
      return undefined;
    }
  };
  const read = (kind: Kind, of: readonly string[]): Promise<Recorded> => readRecording(kind, of, polarity, reading);

  let list: OnDemandList | undefined;
  const empty: string[] = [];
  for (const [index, file] of files.entries()) {
    if (files.indexOf(file) < index) mistakes.push({ file, message: 'expected each file once, found it twice' });
    else
      await gathered(async () => {
        const records = await openRecords(file);
        const strange = strangeIn(records);
        if (strange !== undefined)
          throw new BadInput([
            {
              file,
              message: `expected CI jobs, spot prices or availability, found ${strange.found}: ${strange.remedy}`,
            },
          ]);
        const told = kindOf(records);
        if (told === undefined && holdsNothing(records)) {
          empty.push(file);
          return;
        }
        const kind = told ?? (await kindByReading(file));
        if (kind !== 'on-demand') byKind[kind].push(file);
        else if (list === undefined) list = await readOnDemand(file);
        else
          throw new BadInput([
            { file, message: `expected one file of on-demand prices, found another in ${list.file}` },
          ]);
      });
  }
  // The last page of many is an empty list, and so is a day without jobs.
  if (byKind.jobs.length > 0) byKind.jobs.push(...empty);
  else
    for (const file of empty)
      mistakes.push({
        file,
        message:
          'expected CI jobs, spot prices or availability, found an empty list: export another time, project or page',
      });
  const found: { -readonly [Name in Kind]?: Recorded } = {};
  for (const kind of KINDS)
    if (byKind[kind].length > 0) {
      const recorded = await gathered(() => read(kind, byKind[kind]));
      if (recorded !== undefined) found[kind] = recorded;
    }
  if (mistakes.length > 0) throw new BadInput(mistakes);
  // Known: what was read as a kind is of it.
  return { ...(found as Partial<Recordings>), ...(list === undefined ? {} : { onDemand: list }) };

  /** For a file whose beginning does not tell: the one kind as which it can be read. */
  async function kindByReading(file: string): Promise<Kind> {
    const readable: Kind[] = [];
    for (const kind of KINDS) {
      const isReadable = await read(kind, [file]).then(
        () => true,
        (error: unknown) => {
          if (error instanceof BadInput) return false;
          throw error;
        },
      );
      if (isReadable) readable.push(kind);
    }
    const [kind, ...others] = readable;
    if (kind !== undefined && others.length === 0) return kind;
    const message =
      kind === undefined
        ? `expected CI jobs, spot prices or availability, found ${lookOf(await openRecords(file))}: read are what CI systems export, tables with columns such as queued, started and finished (others with --columns), what aws ec2 describe-spot-price-history writes, and availability traces`
        : `expected one kind of data, found what can be read as ${readable.map((one) => NOUNS[one]).join(' and as ')}: bring it into a scenario with spot-keeper import`;
    throw new BadInput([{ file, message }]);
  }
}
