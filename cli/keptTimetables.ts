import type { Catalogue, PolicyDefinition } from '../src/policy/definePolicy.ts';

const kept = new Map<string, unknown>();

/**
 * The catalogue with operating hours that are made once for each set of options: they depend on the clock alone, and a timetable
 * that was worked out for one run serves the next.
 */
export function keptTimetables(catalogue: Catalogue): Catalogue {
  const operatingHours = Object.fromEntries(
    Object.entries(catalogue.operatingHours).map(([name, definition]) => [name, keeping(name, definition)]),
  );
  return { ...catalogue, operatingHours };
}

/** So many sets of options are a sweep over hours themselves, which gains nothing here. */
const MOST = 500;

const keeping = (name: string, definition: PolicyDefinition<'operatingHours'>): PolicyDefinition<'operatingHours'> => ({
  ...definition,
  create: (options, shelf) => {
    const key = `${name} ${JSON.stringify(options)}`;
    // Known: only this function puts anything there, under a key that has the name.
    const known = kept.get(key) as ReturnType<typeof definition.create> | undefined;
    if (known !== undefined) return known;
    const made = definition.create(options, shelf);
    if (kept.size < MOST) kept.set(key, made);
    return made;
  },
});
