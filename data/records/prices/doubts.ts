import type { RecordFile } from '../file.ts';
import { newAside, type Reason, type SetAsideRules } from '../jobs/setAside.ts';
import type { SetAside } from '../notes.ts';
import type { Problems, Where } from '../problems.ts';
import type { PriceHistory } from './history.ts';

/** Rows of prices that cannot be meant. Few of them are set aside and counted; too many are mistakes, each with its place. */
export interface Doubts {
  /** The next row begins: it is set aside once, whatever is wrong with it. */
  nextRow(): void;
  add(reason: Reason, message: string, where: () => Where): void;
  /** A row whose zone is a whole region. */
  region(message: string, where: Where): void;
  /** Decides, once all is read; what is too much goes to the problems. @returns what was assumed of regions. */
  settle(history: PriceHistory, read: number, atMost: number, naive: number): readonly string[];
  close(rules: SetAsideRules): Promise<readonly SetAside[]>;
}

/** As many as are shown of mistakes. */
const MOST_KEPT = 20;

export function newDoubts(records: RecordFile, problems: Problems, keepAll: boolean): Doubts {
  const aside = newAside(records, keepAll);
  const kept: { readonly message: string; readonly where: Where }[] = [];
  const regions: { readonly message: string; readonly where: Where }[] = [];
  let [rows, isCounted, ofRegions] = [0, false, 0];
  return {
    nextRow: () => {
      isCounted = false;
    },
    add: (reason, message, where) => {
      if (kept.length < MOST_KEPT) kept.push({ message, where: where() });
      if (isCounted) return;
      isCounted = true;
      rows += 1;
      aside.add(reason, where);
    },
    region: (message, where) => {
      ofRegions += 1;
      if (regions.length < MOST_KEPT) regions.push({ message, where });
    },
    settle: (history, read, atMost, naive) => {
      // One price of a type in a whole region mixes nothing; two would be those of different zones.
      const isPlain = ofRegions > 0 && ofRegions === history.series.length && ofRegions === history.length;
      if (!isPlain) {
        for (const { message, where } of regions) problems.add(where, message);
        for (let more = regions.length; more < ofRegions; more += 1) problems.add(undefined, '');
      }
      const isTooMuch = rows > atMost * read || rows === read;
      if (rows > 0 && (problems.count > 0 || isTooMuch)) {
        const isAlone = problems.count === 0 && naive === 0;
        for (const { message, where } of kept) problems.add(where, message);
        for (let more = kept.length; more < rows; more += 1) problems.add(undefined, '');
        if (isAlone) problems.summary(tooMany(rows, read, atMost));
      }
      return isPlain
        ? [
            `${[...new Set(history.series.map(({ zone }) => zone))].join(', ')} is a whole region: its one price of each type is taken for that of a zone`,
          ]
        : [];
    },
    close: (rules) => aside.close(Number.POSITIVE_INFINITY, { ...rules, atMost: 1 }),
  };
}

function tooMany(rows: number, read: number, atMost: number): string {
  const share = (part: number): string => `${Math.round(part * 1_000) / 10} %`;
  const limit = atMost === 0 ? 'no row that cannot be meant' : `at most ${share(atMost)} of the rows not to be meant`;
  const remedy =
    rows === read
      ? 'are these spot prices?'
      : `mend them, list them with --rejects FILE, or allow as many with --at-most-set-aside ${Math.ceil((rows / read) * 100)}%`;
  return `expected ${limit}, found ${rows} of ${read} (${share(rows / read)}): ${remedy}`;
}
