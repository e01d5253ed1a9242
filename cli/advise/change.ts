import type { Choices } from '../../sim/advise/space.ts';
import { pathIn } from '../../sim/grid/settingPath.ts';
import { amendmentsIn, type Setting } from '../../sim/grid/settings.ts';
import { valueAt } from '../../src/config/explain.ts';
import { rewritten } from '../../src/config/rewritten.ts';
import type { Source } from '../../src/config/source.ts';
import { flowOf } from '../flow.ts';

/** Choices as settings of every pool. */
export const settingsOf = (choices: Choices): readonly Setting[] =>
  Object.entries(choices).map(([name, value]): Setting => {
    const path = pathIn(name);
    if ('message' in path) throw new Error(path.message);
    return { of: 'pools', name, path, value };
  });

/** What the first pool has at a path; undefined where it says nothing. */
export const todayIn = (source: Source, name: string): unknown => {
  const path = pathIn(name);
  return 'message' in path ? undefined : valueAt(source.value, ['pools', 0, ...path]);
};

/** A pools file with the choices written into it, all else as it was. */
export const changedPools = (text: string, source: Source, choices: Choices): string =>
  rewritten(
    text,
    amendmentsIn('pools', settingsOf(choices), source).filter(
      ({ path, value }) => JSON.stringify(valueAt(source.value, path)) !== JSON.stringify(value),
    ),
    flowOf,
  );
