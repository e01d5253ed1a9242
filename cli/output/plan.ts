import type { Instant } from '../../src/domain/time.ts';
import type { Deed } from '../../src/look/deeds.ts';
import type { PoolExplained } from '../../src/look/explainPool.ts';
import type { Look } from '../../src/look/look.ts';
import type { Unknown } from '../../src/look/unknowns.ts';
import { unpricedNote } from '../../src/look/unpriced.ts';
import { whenText } from '../../src/look/words.ts';
import { headText, sentence, unknownText } from './looked.ts';
import { table } from './table.ts';

/** What would be done, now and later. */
export interface Foreseen {
  readonly pools: readonly PoolExplained[];
  readonly now: readonly Deed[];
  /** If nothing else happens until then. */
  readonly wakeUps: readonly WakeUp[];
  /** When the wake-up after these is due; NEVER if none is. */
  readonly dueAt: Instant;
}

export interface WakeUp {
  readonly at: Instant;
  readonly deeds: readonly Deed[];
  /** How many blocks each pool wants from then on, where that changes. */
  readonly wanted: readonly { readonly pool: string; readonly blocks: number }[];
}

/** A plan in words. */
export function planText(look: Look, plan: Foreseen, unknowns: readonly Unknown[], width: number): readonly string[] {
  return [
    ...headText(look, width),
    ...unknownText(unknowns, width),
    '',
    poolTable(plan.pools),
    ...plan.pools.flatMap(({ name, because, short }) => [
      ...sentence(`${name} is ${because}`, '', width),
      ...(short === undefined ? [] : sentence(`short of blocks: ${short}`, '  ', width)),
      ...unpricedText(look, name, width),
    ]),
    '',
    'now',
    ...deedLines(plan.now, width),
    ...plan.wakeUps.flatMap(({ at, deeds, wanted }) => [
      '',
      `at ${whenText(at)}, if nothing else happens until then`,
      ...wanted.flatMap(({ pool, blocks }) => sentence(`${pool} wants ${blocks}`, '  ', width)),
      ...(deeds.length === 0 && wanted.length > 0 ? [] : deedLines(deeds, width)),
    ]),
    '',
    Number.isFinite(plan.dueAt)
      ? `The next wake-up after that is at ${whenText(plan.dueAt)}.`
      : 'Nothing is due after that.',
    ...sentence(
      'Nothing of this was done. A keeper hears of launches, joins and jobs before most of it is due, and decides anew each time.',
      '',
      width,
    ),
  ];
}

/** What is never bought for want of a price, and the key that is missing. */
function unpricedText({ file }: Look, name: string, width: number): readonly string[] {
  const pool = file.pools.find((one) => one.name === name);
  const note = pool === undefined ? undefined : unpricedNote(file, pool);
  return note === undefined ? [] : sentence(`${note.found}; ${note.remedy}`, '  ', width);
}

const deedLines = (deeds: readonly Deed[], width: number): readonly string[] =>
  deeds.length === 0
    ? ['  nothing']
    : deeds.flatMap(({ what, because }) => [
        ...sentence(what, '  ', width),
        ...sentence(`because ${because}`, '    ', width),
      ]);

/** How each pool stands, as one row. */
export function poolTable(pools: readonly PoolExplained[]): string {
  const right = (heading: string) => ({ heading, align: 'right' }) as const;
  return table(
    [{ heading: 'pool' }, ...['wanted', 'serving', 'asked for', 'joining', 'draining', 'ending'].map(right)],
    pools.map(({ name, wanted, counts }) => [
      name,
      ...[wanted ?? '?', counts.serving, counts.requesting + counts.resting, counts.joining].map(String),
      ...[counts.draining, counts.terminating].map(String),
    ]),
  );
}
