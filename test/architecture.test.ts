import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXEMPTIONS } from './support/house/bans.ts';
import { breachesIn } from './support/house/breaches.ts';
import { circlesIn } from './support/house/circles.ts';
import { importsOf } from './support/house/imports.ts';
import { ROOMS } from './support/house/layers.ts';
import { houseSources } from './support/house/sources.ts';
import { wallsOf } from './support/house/walls.ts';

const ROOT = resolve(import.meta.dirname, '..');

const MOST_LINES = 300;

/** Imports whose file is named at run time, and how. */
const NAMED_AT_RUN_TIME = ['src/userPolicies/worker.ts'];

const sources = houseSources();
const files = [...sources.files].map(([path, source]) => ({ path, imports: importsOf(path, source) }));
const walls = wallsOf(ROOMS);

describe('the house', () => {
  it('is seen as a whole', () => {
    expect(files.length).toBeGreaterThan(400);
  });

  it('is TypeScript alone: nothing else is looked at here', () => {
    const folders = ['src', 'policies', 'sim', 'data', 'fakes', 'report', 'check', 'cli', 'bench'];
    const strangers = folders.flatMap((folder) =>
      readdirSync(resolve(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(?:[cm]?jsx?|[cm]ts|tsx|d\.ts|node|wasm)$/.test(name))
        .map((name) => `${folder}/${name}`),
    );
    expect(strangers).toEqual([]);
  });

  it('lets each room import only what its place allows', () => {
    const trespasses = walls.trespasses(files);
    const isNamedAtRunTime = (one: string): boolean =>
      NAMED_AT_RUN_TIME.some((path) => one.startsWith(`${path}:`) && one.endsWith('imports what only a run can tell'));
    expect(trespasses.filter((one) => !isNamedAtRunTime(one))).toEqual([]);
    expect(trespasses.filter(isNamedAtRunTime), 'named for nothing').toHaveLength(NAMED_AT_RUN_TIME.length);
  });

  it('allows nothing that no file makes use of', () => {
    expect(walls.idle(files)).toEqual([]);
  });

  it('has no circles, of types only neither', () => {
    const imports = files.map(
      ({ path, imports }) => [path, imports.flatMap(({ target }) => (target === undefined ? [] : [target]))] as const,
    );
    expect(circlesIn(new Map(imports))).toEqual([]);
  });

  it('takes time from facts, chance from the seed, and the outside from the edges', () => {
    const used = new Set<string>();
    const breaches = breachesIn(sources).filter(({ path, what }) => {
      const exemption = EXEMPTIONS.find(
        ({ place, from }) => (path === place || path.startsWith(`${place}/`)) && (from?.includes(what) ?? true),
      );
      if (exemption !== undefined) used.add(exemption.place);
      return exemption === undefined;
    });
    expect(breaches).toEqual([]);
    expect(
      EXEMPTIONS.filter(({ place }) => !used.has(place)).map(({ place }) => `${place} needs no exemption`),
    ).toEqual([]);
  });

  it('keeps files small', () => {
    const large = files
      .map(({ path }) => ({ path, lines: readFileSync(resolve(ROOT, path), 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > MOST_LINES);
    expect(large).toEqual([]);
  });
});
