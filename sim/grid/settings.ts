import type { Amendment } from '../../src/config/amended.ts';
import { valueAt } from '../../src/config/explain.ts';
import type { Path, Place, Source } from '../../src/config/source.ts';
import type { Dimension, Document } from './readGrid.ts';
import type { SettingPath } from './settingPath.ts';

/** A value for one setting, ready to be put into the documents of a week. */
export interface Setting {
  readonly of: Document;
  /** How people call it: the path as they wrote it. */
  readonly name: string;
  readonly path: SettingPath;
  readonly value: unknown;
  /** Where it was written; undefined: nowhere. */
  readonly place?: Amendment['place'];
}

/** One value of each dimension. The first dimension changes slowest, as in the order of the file. */
export function settingsAt(dimensions: readonly Dimension[], index: number): readonly Setting[] {
  let rest = index;
  return dimensions
    .toReversed()
    .map((dimension): Setting => {
      const { of, name, path, values } = dimension;
      const chosen = rest % values.length;
      rest = Math.floor(rest / values.length);
      const place = { key: dimension.key, value: (within: Path): Place => dimension.placeOf(chosen, within) };
      return { of, name, path, value: values[chosen], place };
    })
    .reverse();
}

/** By the names that people gave them. */
export const settingsRecord = (settings: readonly Setting[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(settings.map(({ of, name, value }) => [of === 'pools' ? name : `scenario ${name}`, value]));

/** What the settings change in a document. A path that names no pool goes for every pool of the file. */
export const amendmentsIn = (of: Document, settings: readonly Setting[], source: Source): readonly Amendment[] =>
  settings
    .filter((setting) => setting.of === of)
    .flatMap(({ path, value, place }) =>
      (of === 'pools' ? inPools(path, source) : [path]).map((one): Amendment => ({ path: one, value, place })),
    );

/** Keys of the file itself, beside its pools. */
const OWN_KEYS = ['version', 'fleet', 'live'];

function inPools(path: SettingPath, { value }: Source): readonly Path[] {
  const pools = valueAt(value, ['pools']);
  const count = Array.isArray(pools) ? pools.length : 0;
  const [first, pool, ...rest] = path;
  if (typeof first === 'string' && OWN_KEYS.includes(first)) return [path];
  if (first !== 'pools' || pool === undefined)
    return Array.from({ length: count }, (_, index) => ['pools', index, ...path]);
  const named = (Array.isArray(pools) ? pools : []).findIndex((one: unknown) => valueAt(one, ['name']) === pool);
  // A list keeps no entry that it does not have: `missingPools` tells of those.
  return [['pools', named >= 0 ? named : pool, ...rest]];
}

/** The pools that settings name and the file does not have. */
export function missingPools(settings: readonly Setting[], { value }: Source): readonly Setting[] {
  const pools = valueAt(value, ['pools']);
  const entries: readonly unknown[] = Array.isArray(pools) ? pools : [];
  return settings.filter(({ of, path: [first, pool] }) => {
    if (of !== 'pools' || first !== 'pools' || pool === undefined) return false;
    return !entries.some((one, index) => index === pool || valueAt(one, ['name']) === pool);
  });
}
