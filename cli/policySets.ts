import { BadInput, lineOf, type Mistake } from '../src/config/mistakes.ts';
import type { PolicyChoice, PoolsFile } from '../src/config/pools.ts';
import { isBlockLength } from '../src/config/poolsSchema.ts';
import { termsOf } from '../src/domain/words.ts';
import { type Catalogue, POLICY_SLOTS, type PolicySlot } from '../src/policy/definePolicy.ts';
import { lengthOf } from '../src/policy/options.ts';
import type { Alternatives } from './alternatives.ts';
import { type Base, type Choice, leaseChoice, policyChoice, termChoice } from './choices.ts';

/** A pools file with one alternative of each flag put in. */
export interface PolicySet {
  /** All its policies: `weekly, surge, cheapest`. */
  readonly label: string;
  /** What tells it from the other sets; the label where there is one alternative of everything. */
  readonly name: string;
  /** What is written otherwise than in the file: `lease: { duration: 1h }`; none for the file as it is. */
  readonly written: readonly string[];
  readonly file: PoolsFile;
}

/**
 * Every combination of the alternatives, in the order in which they were written.
 *
 * @throws BadInput with all that is wrong with the alternatives, for these pools.
 */
export function policySets(base: Base, alternatives: Alternatives, catalogue: Catalogue): readonly PolicySet[] {
  const mistakes: Mistake[] = [];
  const flags: readonly (readonly Choice[])[] = [
    ...POLICY_SLOTS.map((slot) =>
      (alternatives.policies[slot] ?? []).map((one) => policyChoice(slot, one, base, catalogue, mistakes)),
    ),
    (alternatives.leases ?? []).map(leaseChoice),
    (alternatives.terms ?? []).map(termChoice),
  ].filter((choices) => choices.length > 0);

  let sets: readonly {
    readonly file: PoolsFile;
    readonly names: readonly string[];
    readonly written: readonly string[];
  }[] = [{ file: base.file, names: [], written: [] }];
  for (const choices of flags)
    sets = sets.flatMap((set) =>
      choices.map(({ name, written, put }) => {
        const file = put(set.file);
        const isOwn = JSON.stringify(file) === JSON.stringify(set.file);
        return {
          file,
          names: choices.length > 1 ? [...set.names, name] : set.names,
          written: isOwn ? set.written : [...set.written, written],
        };
      }),
    );
  mistakes.push(...sets.flatMap(({ file }) => wrongLeases(file, alternatives)));
  if (mistakes.length > 0) throw new BadInput(said(mistakes));
  return sets.map(({ file, names, written }) => {
    const label = labelOf(file);
    return { label, file, written, name: names.length === 0 ? label : names.join(', ') };
  });
}

/** The mistakes, each said once. */
export const said = (mistakes: readonly Mistake[]): readonly Mistake[] => [
  ...new Map(mistakes.map((mistake) => [lineOf(mistake), mistake])).values(),
];

/** How many sets of each base there will be, without making them. */
export const countOf = ({ policies, leases, terms }: Alternatives): number =>
  [...POLICY_SLOTS.map((slot) => policies[slot]), leases, terms].reduce(
    (product, choices) => product * Math.max(1, choices?.length ?? 1),
    1,
  );

/** A length and a term may each be right and not go together. */
const wrongLeases = ({ pools }: PoolsFile, { leases, terms }: Alternatives): readonly Mistake[] =>
  leases === undefined && terms === undefined
    ? []
    : pools
        .filter(({ lease }) => termsOf(lease.term).includes('spot-block') && !isBlockLength(lease.durationMs))
        .map(({ name, lease }) => ({
          file: leases === undefined ? '--term' : '--lease',
          message: `expected one of 1h, 2h, 3h, 4h, 5h, 6h for a spot block, found ${lengthOf(lease.durationMs)} for pool ${name}`,
        }));

/** `weekly, surge, cheapest`, or `weekly, followJobs, surge, cheapest`; pools that differ are named one by one. */
export function labelOf({ pools }: PoolsFile): string {
  const labels = pools.map(({ policies }) =>
    POLICY_SLOTS.filter((slot) => isTold(slot, policies[slot]))
      .map((slot) => policies[slot].policy)
      .join(', '),
  );
  const [first = ''] = labels;
  return labels.every((label) => label === first)
    ? first
    : pools.map(({ name }, index) => `${name}: ${labels[index] ?? ''}`).join('; ');
}

/** The policies that all pools of all files have, each in its slot and with the same options; none of a single file. */
export function commonOf(files: readonly PoolsFile[]): readonly string[] {
  if (files.length < 2) return [];
  return POLICY_SLOTS.flatMap((slot) => {
    const choices = files.flatMap(({ pools }) => pools.map(({ policies }) => policies[slot]));
    const [first] = choices;
    const isCommon = choices.every((choice) => JSON.stringify(choice) === JSON.stringify(first));
    return first !== undefined && isCommon && isTold(slot, first) ? [first.policy] : [];
  });
}

/** Whether a choice is named: a pool that holds what its hours allow is called as it was before there was anything else. */
const isTold = (slot: PolicySlot, { policy }: PolicyChoice): boolean => slot !== 'scaling' || policy !== 'scheduled';
