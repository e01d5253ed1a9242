import { COLUMNS_SAID } from '../../report/estimateText.ts';
import { wrapped } from '../../report/wrapped.ts';

/** One command of a tool that people have, which only reads and writes a file for `estimate`. */
export interface Export {
  readonly system: 'GitHub Actions' | 'GitLab' | 'Kubernetes' | 'AWS';
  /** What the file holds. */
  readonly holds: 'jobs' | 'prices';
  readonly command: string;
}

/** All that `estimate` says. */
export interface Estimate {
  readonly headline: string;
  readonly read: readonly string[];
  readonly assumed: readonly string[];
  /** The command that fetches prices, where none were given. */
  readonly missing: string | undefined;
  /** Whether a recording says when there was spot. */
  readonly hasAvailability: boolean;
  readonly tried: string;
  /** The recommendation beside what there is without a keeper. */
  readonly figures: string;
  /** Whether the keeper is worth it. */
  readonly isWorth: boolean;
  /** The recommended pools file. */
  readonly pools: string;
  readonly wrote: readonly string[];
  readonly out: string | undefined;
}

/** The estimate for people, what was read and assumed first. */
export function estimateLines(
  { headline, read, assumed, missing, hasAvailability, tried, figures, isWorth, pools, wrote, out }: Estimate,
  width: number,
): readonly string[] {
  const item = (text: string): readonly string[] => wrapped(text, '  - ', '    ', width);
  return [
    ...['read', ...read.flatMap(item), 'assumed', ...assumed.flatMap(item), ''],
    ...(missing === undefined
      ? []
      : [
          ...wrapped(
            `No file of spot prices was given: spot is taken as 0.3 of the on-demand price and as ${hasAvailability ? 'interrupted when its availability ends' : 'never interrupted'}, so that this is a guess. Your prices come from this command, which only reads:`,
            ...(['', '', width] as const),
          ),
          ...[missing, ''],
        ]),
    ...wrapped(headline, '', '', width),
    '',
    figures,
    ...wrapped(
      `money is in USD; * with 2 USD for a killed job and 1 USD for an hour that a job waits; ${COLUMNS_SAID}`,
      '',
      '  ',
      width,
    ),
    ...wrapped(`${tried}.`, '', '', width),
    '',
    ...(isWorth ? ['the recommended pools.yaml:', '', pools.trimEnd(), ''] : []),
    ...wrote.map((path) => `wrote ${path}`),
    ...(out === undefined
      ? [`next: the same with --out DIR, to keep the scenario and its pools.yaml`]
      : [`next: spot-keeper advise ${out}, which searches longer; or spot-keeper simulate ${out}`]),
  ];
}

/** How to make the files, a command each. */
export const exportLines = (commands: readonly Export[]): readonly string[] => [
  'These commands only read, and write the files that estimate wants; copy the one of your CI system, and that of AWS:',
  '',
  ...commands.flatMap(({ system, holds, command }) => [`# ${system}: ${holds}`, command, '']),
  'then: spot-keeper estimate jobs.json prices.json',
  'other CI systems: docs/data.md has the command for each',
];
