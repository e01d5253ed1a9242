import type { Command } from 'commander';
import type { PriceReadOptions } from '../data/records/readPrices.ts';
import { jobReading, type SetAsideFlags, withSetAsideFlags } from './jobFlags.ts';

/** The flags of every command that reads recorded prices. */
export interface PriceFlags extends SetAsideFlags {
  readonly incomplete?: true;
}

/** Adds the flags that say how files of prices are read. */
export const withPriceFlags = (command: Command): Command =>
  withSetAsideFlags(command).option(
    '--incomplete',
    'take a file that ends with a NextToken, though later pages are missing; every result says so',
  );

/** How files of prices are read, and what is to be done once all are read. */
export interface PriceReading {
  readonly options: PriceReadOptions;
  /** Writes the rows that were set aside, if that was asked for; also after a file was refused. @throws BadInput */
  readonly finish: () => Promise<void>;
}

/** @throws BadInput with every mistake in the flags. */
export function priceReading(flags: PriceFlags): PriceReading {
  const { options, finish } = jobReading(flags);
  const { timeZone, atMostSetAside, onReject } = options;
  return { options: { timeZone, atMostSetAside, onReject, incomplete: flags.incomplete === true }, finish };
}
