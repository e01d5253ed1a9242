import { z } from 'zod';
import { type Check, required, tryDocument } from '../../src/config/document.ts';
import { type Finding, mistakesOf, valueAt } from '../../src/config/explain.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import type { Path, Place } from '../../src/config/source.ts';
import { pathIn, type SettingPath, sharesPlace } from './settingPath.ts';
import { valuesIn } from './values.ts';

/** One setting and its alternatives. */
export interface Dimension {
  readonly of: Document;
  /** As it was written: `lease.duration`. */
  readonly name: string;
  readonly path: SettingPath;
  readonly values: readonly unknown[];
  /** Where the setting is named. */
  readonly key: Place;
  /** Where a value stands, or a part of it. */
  readonly placeOf: (value: number, within: Path) => Place;
}

/** Whose setting it is. */
export type Document = 'pools' | 'scenario';

/** Every combination of alternatives, and the seeds that each is run with. */
export interface Grid {
  readonly dimensions: readonly Dimension[];
  /** Undefined: the seed of each scenario. */
  readonly seeds: readonly number[] | undefined;
}

/** More runs than that take months; who wants them asks in parts. */
const MOST_SETTINGS = 10_000_000;

const alternatives = z.record(z.string(), z.unknown());

const gridSchema = z.strictObject({
  version: z.literal(1).describe('The version of this format'),
  seeds: z
    .unknown()
    .optional()
    .describe('Where chance starts from: whole numbers; the seed of each scenario if left out'),
  pools: alternatives.default({}).describe('Settings of the pools file, by path, each with its values'),
  scenario: alternatives.default({}).describe('Settings of scenario.yaml, by path, each with its values'),
});

/**
 * Reads a grid: which settings of pools and scenarios are varied, and how. Whether a file has such a setting is not known here.
 *
 * @throws BadInput with every mistake, each with line and column.
 */
export function readGrid(text: string, file: string): Grid {
  const reading = tryDocument(text, file, gridSchema, contents);
  const { pools, scenario, seeds } = required(reading);
  // Known: a reading with a value has its source.
  const source = reading.source!;
  const placeOf = (path: Path, part?: 'key'): Place => ({
    file,
    ...(source.placeOf(path, part) ?? { line: 1, column: 1 }),
  });
  const dimensionsOf = (of: Document, settings: Readonly<Record<string, unknown>>): readonly Dimension[] =>
    Object.entries(settings).map(([name, written]) => {
      const { values, isList } = known(valuesIn(written));
      return {
        ...{ of, name, path: known(pathIn(name)), values },
        key: placeOf([of, name], 'key'),
        placeOf: (value, within) => placeOf(isList ? [of, name, value, ...within] : [of, name]),
      };
    });
  const dimensions = [...dimensionsOf('pools', pools), ...dimensionsOf('scenario', scenario)];
  const count = countOf(dimensions);
  if (count > MOST_SETTINGS)
    throw new BadInput(
      mistakesOf(
        [{ path: [], message: `expected at most ${MOST_SETTINGS} combinations, found ${count}: name fewer values` }],
        source,
      ),
    );
  return { dimensions, seeds: seeds === undefined ? undefined : seedsIn(seeds) };
}

/** How many combinations there are. */
export const countOf = (dimensions: readonly Dimension[]): number =>
  dimensions.reduce((product, { values }) => product * values.length, 1);

/** What the schema leaves open: values, paths, and settings that change the same thing. */
const contents: Check = (value) => {
  const seeds = valueAt(value, ['seeds']);
  return [
    ...(seeds === undefined ? [] : seedFindings(seeds)),
    ...(['pools', 'scenario'] as const).flatMap((of) => {
      const settings = valueAt(value, [of]);
      if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return [];
      return settingFindings(of, Object.entries(settings));
    }),
  ];
};

function settingFindings(of: Document, settings: readonly (readonly [string, unknown])[]): readonly Finding[] {
  const before: { readonly name: string; readonly path: SettingPath }[] = [];
  return settings.flatMap(([name, written]): readonly Finding[] => {
    const found = valuesIn(written);
    const findings: Finding[] =
      'findings' in found ? found.findings.map((one) => ({ ...one, path: [of, name, ...one.path] })) : [];
    const path = pathIn(name);
    if ('message' in path) return [{ path: [of, name], message: path.message, part: 'key' }, ...findings];
    if (of === 'scenario' && path[0] === 'pools')
      findings.push({
        path: [of, name],
        message: 'expected the settings of pools under "pools", found the name of their file',
        part: 'key',
      });
    const other = before.find((one) => sharesPlace(one.path, path));
    if (other !== undefined)
      findings.push({
        path: [of, name],
        message: `expected settings that change different things, found ${name} beside ${other.name}: each would undo the other`,
        part: 'key',
      });
    before.push({ name, path });
    return findings;
  });
}

const MOST_SEED = 4_294_967_295;

function seedFindings(written: unknown): readonly Finding[] {
  const found = valuesIn(written);
  const own = 'findings' in found ? found.findings.map((one) => ({ ...one, path: ['seeds', ...one.path] })) : [];
  const seeds: readonly unknown[] = Array.isArray(written) ? written : 'values' in found ? found.values : [];
  const wrong = seeds.flatMap((seed, index): readonly Finding[] =>
    typeof seed === 'number' && Number.isInteger(seed) && seed >= 0 && seed <= MOST_SEED
      ? []
      : [
          {
            path: Array.isArray(written) ? ['seeds', index] : ['seeds'],
            message: `expected a whole number from 0 to ${MOST_SEED}`,
          },
        ],
  );
  return [...own, ...wrong];
}

/** Checked by `contents`. */
const seedsIn = (written: unknown): readonly number[] => known(valuesIn(written)).values as readonly number[];

/** What was checked before. */
function known<Read extends object>(
  read: Read,
): Exclude<Read, { readonly findings: unknown } | { readonly message: string }> {
  if ('findings' in read || 'message' in read) throw new Error('expected what was checked before');
  // Known: the two kinds of failure were told apart just now.
  return read as Exclude<Read, { readonly findings: unknown } | { readonly message: string }>;
}
