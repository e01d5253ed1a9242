import type { ClassOutcome, Outcome, Variant } from '../sim/outcome.ts';
import { hours } from '../src/domain/time.ts';
import { countText, hoursText, lengthText, plain, usdText } from './figures.ts';
import { table } from './table.ts';
import { WIDTH, wrapped } from './wrapped.ts';

/**
 * A table of the job classes for each variant that has any, under its name where there are several, and below the last what its USD
 * are; nothing where there are no classes. Names that are too long for the width stand below the table.
 */
export function classesText(variants: readonly Pick<Variant, 'name' | 'outcome'>[], width = WIDTH): readonly string[] {
  const tables = variants.flatMap(({ name, outcome }) => {
    const { classes } = outcome;
    if (classes === undefined) return [];
    const left = unsharedText(outcome);
    return [
      [
        ...(variants.length === 1 ? [] : wrapped(`${plain(name)}:`, '', '  ', width)),
        ...fitted(classes, width),
        ...(left === undefined ? [] : wrapped(left, '', '  ', width)),
      ].join('\n'),
    ];
  });
  const last = tables.at(-1);
  if (last === undefined) return [];
  return [...tables.slice(0, -1), [last, ...wrapped(SHARED, 'USD: ', '  ', width)].join('\n')];
}

/** What a class is shown with. */
export const CLASS_FIGURES: readonly { readonly heading: string; readonly textOf: (one: ClassOutcome) => string }[] = [
  { heading: 'jobs', textOf: ({ jobs }) => countText(jobs) },
  { heading: 'killed', textOf: ({ killed }) => countText(killed) },
  { heading: 'never\nfinished', textOf: ({ neverFinished }) => countText(neverFinished) },
  { heading: 'queued\nmean', textOf: ({ queuedMs }) => lengthText(queuedMs.mean) },
  { heading: 'queued\np95', textOf: ({ queuedMs }) => lengthText(queuedMs.p95) },
  { heading: 'hours\nrun', textOf: ({ ranMs }) => hoursText(ranMs / hours(1)) },
  { heading: 'USD', textOf: ({ usd }) => usdText(usd) },
];

export const classNameText = ({ class: name }: ClassOutcome): string => (name === null ? 'no class' : plain(name));

/** How the bill comes to be that of classes. */
export const SHARED =
  'leases are shared by the time that jobs ran on blocks, overflow by the time that they ran on the group, idle nodes included';

/** Money that is in no row, where there is any. */
export function unsharedText({ cost, classes = [] }: Outcome): string | undefined {
  const left = classes.reduce((usd, one) => usd - one.usd, cost.total);
  // Each row is rounded by itself, to a millionth.
  return left < 0.005 ? undefined : `${usdText(left)} USD is of no class: no job ran on those nodes`;
}

/** With fewer blanks, or with numbers for names, where it must be. */
function fitted(classes: readonly ClassOutcome[], width: number): readonly string[] {
  const textOf = (names: readonly string[], gap: number): string =>
    table(
      [{ heading: 'classes' }, ...CLASS_FIGURES.map(({ heading }) => ({ heading, align: 'right' as const }))],
      classes.map((one, index) => [names[index] ?? '', ...CLASS_FIGURES.map((figure) => figure.textOf(one))]),
      gap,
    );
  const names = classes.map(classNameText);
  for (const gap of [2, 1]) {
    const text = textOf(names, gap);
    if (text.split('\n').every((line) => Array.from(line).length <= width)) return [text];
  }
  const numbers = classes.map((_, index) => `#${index + 1}`);
  return [textOf(numbers, 1), ...names.flatMap((name, index) => wrapped(name, `${numbers[index]} `, '   ', width))];
}
