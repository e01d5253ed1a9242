import { textLike } from '../../src/config/fields.ts';

/** The file in a scenario's folder that names all others. */
export const SCENARIO_FILE = 'scenario.yaml';

/** The pools file of a scenario that names none. */
export const DEFAULT_POOLS = 'pools.yaml';

/** A path inside the scenario's folder: a scenario that somebody sends must not be able to read anything else. */
export const dataPath = () =>
  textLike(/^[^/\\:\0][^\\:\0]{0,199}$/, "a path inside the scenario's folder such as data/prices.csv", {
    without: /(?:^|\/)\.\.?(?:\/|$)/,
  });

/** Whether a text may stand for a file of the scenario. */
export const isDataPath = (value: unknown): value is string => dataPath().safeParse(value).success;
