import { type Beside, nothingBeside } from '../src/config/beside.ts';
import { type Finding, mistakesOf } from '../src/config/explain.ts';
import { BadInput } from '../src/config/mistakes.ts';
import { type Known, readChoice } from '../src/config/policyChoices.ts';
import type { PolicyChoice, PoolConfig, PoolsFile } from '../src/config/pools.ts';
import { sourceOf } from '../src/config/source.ts';
import { type Catalogue, POLICY_SLOTS, type PolicySlot } from '../src/policy/definePolicy.ts';

/** Policies named on the command line in place of those of the pools file: some names a slot, none for the pools' own. */
export type NamedPolicies = { readonly [Slot in PolicySlot]?: readonly string[] };

/** The flags that name policies, by slot. */
export const SLOT_FLAGS: Readonly<Record<PolicySlot, string>> = {
  operatingHours: '--operating-hours',
  renewal: '--renewal',
  purchase: '--purchase',
};

/** The pools file under one set of policies, and its name: the policies that differ from set to set, or all of them. */
export interface PolicySet {
  readonly label: string;
  readonly file: PoolsFile;
}

/**
 * Every combination of the named policies. A pool's own policy keeps its own options; another has its defaults.
 *
 * @throws BadInput for a name that neither the catalogue nor a file has, and for a policy that cannot do without options.
 */
export function policySets(
  file: PoolsFile,
  named: NamedPolicies,
  catalogue: Catalogue,
  beside: Beside = nothingBeside,
): readonly PolicySet[] {
  const mistakes = POLICY_SLOTS.flatMap((slot) =>
    (named[slot] ?? [])
      .filter((name) => !file.pools.every(({ policies }) => policies[slot].policy === name))
      .flatMap((name) =>
        mistakesOf(withoutOptions(slot, name, { catalogue, beside, embeds: true }), sourceOf({}, SLOT_FLAGS[slot])),
      ),
  );
  if (mistakes.length > 0) throw new BadInput(mistakes);
  let sets: readonly PoolsFile[] = [file];
  for (const slot of POLICY_SLOTS) {
    const names = named[slot];
    if (names !== undefined) sets = sets.flatMap((set) => names.map((name) => withPolicy(set, slot, name)));
  }
  return sets.map((set) => ({ label: labelOf(set), file: set }));
}

const withoutOptions = (slot: PolicySlot, name: string, known: Known): readonly Finding[] =>
  readChoice({ slot, name, options: {}, namePath: [], path: [] }, known).findings;

const withPolicy = (file: PoolsFile, slot: PolicySlot, name: string): PoolsFile => ({
  ...file,
  pools: file.pools.map((pool): PoolConfig => {
    const own = pool.policies[slot];
    const choice: PolicyChoice = own.policy === name ? own : { policy: name, options: {} };
    return { ...pool, policies: { ...pool.policies, [slot]: choice } };
  }),
});

/** `weekly, surge, cheapest`; pools that differ are named one by one. */
export function labelOf({ pools }: PoolsFile): string {
  const labels = pools.map(({ policies }) => POLICY_SLOTS.map((slot) => policies[slot].policy).join(', '));
  const [first = ''] = labels;
  return labels.every((label) => label === first)
    ? first
    : pools.map(({ name }, index) => `${name}: ${labels[index] ?? ''}`).join('; ');
}
