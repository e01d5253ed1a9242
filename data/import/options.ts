import { instantOf } from '../../src/config/fields.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import type { ImportOptions } from './importInto.ts';

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

/** The options read. @throws BadInput with every mistake in them. */
export function importOptions(written: WrittenOptions): ImportOptions & { readonly polarity: 'up' | 'down' } {
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
  for (const pair of written.onDemand?.split(',') ?? []) {
    const [, type = '', usd = ''] = /^\s*([a-z0-9-]+\.[a-z0-9-]+)=(\d+(?:\.\d+)?)\s*$/.exec(pair) ?? [];
    if (Number(usd) > 0) onDemand[type] = Number(usd);
    else say('--on-demand', `expected TYPE=USD-PER-HOUR such as m4.10xlarge=2.394, found ${JSON.stringify(pair)}`);
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
  };
}
