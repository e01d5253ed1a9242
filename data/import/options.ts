import { instantOf } from '../../src/config/fields.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { readOnDemand } from '../records/onDemand/readOnDemand.ts';
import type { ImportOptions } from './importInto.ts';
import type { OnDemandKnown } from './onDemand.ts';

/** The options as the command line has them. */
export interface WrittenOptions {
  readonly startsAt?: string;
  readonly shift: boolean;
  readonly replace?: boolean;
  readonly instanceType?: string;
  readonly zone?: string;
  readonly polarity?: string;
  readonly market?: readonly string[];
  readonly onDemand?: string;
}

/** The options as they were meant. */
export interface ReadOptions extends Omit<ImportOptions, 'onDemand'> {
  readonly polarity: 'up' | 'down';
  /** On-demand prices in USD per hour by instance type, as far as they were given by hand. */
  readonly onDemand: Readonly<Record<string, number>>;
  /** A file of on-demand prices. */
  readonly onDemandFile: string | undefined;
}

/** What is known of on-demand prices, the file read. @throws BadInput with the mistakes in it. */
export const onDemandKnown = async ({
  onDemand,
  onDemandFile,
}: Pick<ReadOptions, 'onDemand' | 'onDemandFile'>): Promise<OnDemandKnown> => ({
  given: onDemand,
  list: onDemandFile === undefined ? undefined : await readOnDemand(onDemandFile),
});

/** The options read. @throws BadInput with every mistake in them. */
export function importOptions(written: WrittenOptions): ReadOptions {
  const mistakes: Mistake[] = [];
  const say = (file: string, message: string): void => {
    mistakes.push({ file, message });
  };
  const startsAt = written.startsAt === undefined ? undefined : instantOf(written.startsAt);
  if (written.startsAt !== undefined && startsAt === undefined)
    say('--starts-at', `expected an instant such as 2026-03-02T00:00:00Z, found ${JSON.stringify(written.startsAt)}`);
  if (written.startsAt !== undefined && !written.shift)
    say('--no-shift', 'expected no --starts-at beside it: it moves the recording');

  const markets = written.market ?? [];
  for (const market of markets)
    if (!/^[^/\s]+\/[^/\s]+$/.test(market))
      say('--market', `expected a type and a zone such as m5.2xlarge/us-east-1a, found ${JSON.stringify(market)}`);

  const onDemand: Record<string, number> = {};
  let onDemandFile: string | undefined;
  for (const pair of written.onDemand?.split(',') ?? []) {
    if (isFile(pair)) {
      if (onDemandFile !== undefined) say('--on-demand', `expected one file, found ${onDemandFile} and ${pair.trim()}`);
      onDemandFile = pair.trim();
      continue;
    }
    const [, type = '', usd = ''] = /^\s*([a-z0-9-]+\.[a-z0-9-]+)=(\d+(?:\.\d+)?)\s*$/.exec(pair) ?? [];
    if (Number(usd) > 0) onDemand[type] = Number(usd);
    else
      say(
        '--on-demand',
        `expected TYPE=USD-PER-HOUR such as m4.10xlarge=2.394, or the file of an AWS price list, found ${JSON.stringify(pair)}`,
      );
  }
  if (mistakes.length > 0) throw new BadInput(mistakes);
  return {
    startsAt,
    shift: written.shift,
    replace: written.replace === true,
    instanceType: written.instanceType,
    zone: written.zone,
    polarity: written.polarity === 'down' ? 'down' : 'up',
    markets,
    onDemand,
    onDemandFile,
  };
}

/** A path: neither a pair nor a type whose price was forgotten. */
const isFile = (text: string): boolean =>
  !text.includes('=') && (/\.(?:json|csv|tsv|txt|gz)\s*$/i.test(text) || text.includes('/'));
