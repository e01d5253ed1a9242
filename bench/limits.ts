import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Figure } from './figure.ts';

/** What a ratio may be, by the name of its figure. A ratio is of one run on one machine: a time would judge the machine. */
export type Limits = Readonly<Record<string, { readonly most: number } | { readonly least: number }>>;

/** The limits that CI holds ratios to; `bench/limits.json`. */
export const statedLimits = async (): Promise<Limits> =>
  JSON.parse(await readFile(resolve('bench/limits.json'), 'utf8')) as Limits;

/**
 * What is worse than its limit, a line each. A figure that could not be measured, for want of something here, is no worse; one that
 * has a limit and is not there at all is a mistake.
 */
export function worseThan(limits: Limits, figures: readonly Figure[]): readonly string[] {
  return Object.entries(limits).flatMap(([name, limit]) => {
    const figure = figures.find((one) => one.name === name);
    if (figure === undefined) return [`${name}: it has a limit, and was not measured`];
    const { ratio, value } = figure;
    if (value === null) return [];
    if (ratio === null || Number.isNaN(ratio)) return [`${name}: it has a limit, and no ratio`];
    if ('most' in limit)
      return ratio <= limit.most ? [] : [`${name}: at most ${limit.most} x, found ${shown(ratio)} x`];
    return ratio >= limit.least ? [] : [`${name}: at least ${limit.least} x, found ${shown(ratio)} x`];
  });
}

const shown = (ratio: number): string => ratio.toPrecision(3);
