import type { PoolsFile } from '../../config/pools.ts';

/** What a label says of anything that is not on its list. */
export const OTHER = 'other';

/** Keeps the values of labels few, whatever names the world comes up with: a series lives as long as the process. */
export interface Labels {
  readonly pool: (name: string) => string;
  readonly zone: (name: string) => string;
  readonly instanceType: (name: string) => string;
  /** Operations and outcomes of APIs, and the words of conditions: free, but not without end. */
  readonly word: (name: string) => string;
}

/** How many different words are let through; the parts of this program have about a hundred. */
const MOST_WORDS = 300;

/** Words of letters, or a status of HTTP: ids have digits. */
const WORD = /^(?:[a-z][a-z ._:/-]{0,63}|\d{3})$/i;

/** Labels of the pools, types and zones that a pools file names; everything else is `other`. */
export function labelsOf({ pools }: Pick<PoolsFile, 'pools'>): Labels {
  const among = (names: Iterable<string>): ((name: string) => string) => {
    const known = new Set(names);
    return (name) => (known.has(name) ? name : OTHER);
  };
  const words = new Set<string>();
  return {
    pool: among(pools.map(({ name }) => name)),
    zone: among(pools.flatMap(({ zones }) => zones)),
    instanceType: among(pools.flatMap(({ instanceTypes }) => instanceTypes)),
    word: (name) => {
      if (words.has(name)) return name;
      if (words.size >= MOST_WORDS || !WORD.test(name)) return OTHER;
      words.add(name);
      return name;
    },
  };
}
