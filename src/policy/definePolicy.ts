import type { z } from 'zod';
import type { OperatingHoursPolicy } from './operatingHours.ts';
import type { PurchasePolicy } from './purchase.ts';
import type { RenewalPolicy } from './renewal.ts';
import type { ScalingPolicy } from './scaling.ts';

/** The four questions that a policy may answer, by the name of the slot it fills in `pools.yaml`. */
export interface PolicySlots {
  readonly operatingHours: OperatingHoursPolicy;
  readonly scaling: ScalingPolicy;
  readonly renewal: RenewalPolicy;
  readonly purchase: PurchasePolicy;
}

export type PolicySlot = keyof PolicySlots;

export const POLICY_SLOTS = [
  'operatingHours',
  'scaling',
  'renewal',
  'purchase',
] as const satisfies readonly PolicySlot[];

/** A promise that a policy may leave out by its name. */
export type WaivablePromise = (typeof WAIVABLE)[number];

export const WAIVABLE = ['jobs', 'cover', 'served', 'cost', 'calm', 'thrift'] as const;

/**
 * A promise that a policy does not make. `ends` is waived with a reason: only a renewal policy that does so may end a block
 * before a job on it has had its lease and the pool's overrun.
 */
export type Waiver = WaivablePromise | { readonly promise: 'ends'; readonly because: string };

/** A policy as it stands on the shelf: its name, its options and how to make one. */
export interface PolicyDefinition<Slot extends PolicySlot = PolicySlot, Options extends z.ZodType = z.ZodType> {
  readonly slot: Slot;
  /** Says what it does: `surge`, `spreadZones`. The name used in `pools.yaml` and on the command line. */
  readonly name: string;
  /** One sentence for people who choose. */
  readonly about: string;
  /** A zod object; everything in it has a default or is required, and carries a description. */
  readonly options: Options;
  /**
   * Options as people write them, of a policy that cannot do without: shown to those who left them out. A text file stands in it
   * by its name.
   */
  readonly example?: Readonly<Record<string, unknown>>;
  /**
   * What the policy openly does not promise, by the names that `spot-keeper check` gives promises. It is not held to these,
   * and people who choose it can read so. Left out: it promises everything.
   */
  readonly waives?: readonly Waiver[];
  /** Makes the policy. Pure: no clock, no chance, no I/O. `shelf` makes the policies that this one is composed of. */
  create(options: z.output<Options>, shelf: Shelf): PolicySlots[Slot];
}

/** A policy by name with its options, as an option of another policy holds it: `choiceOf(slot)` is its schema. */
export interface NamedPolicy {
  readonly policy: string;
  readonly [option: string]: unknown;
}

/** Where a composed policy gets its parts from. */
export interface Shelf {
  /** What the parts do not promise, the policy that is composed of them does not promise either. */
  policy<Slot extends PolicySlot>(slot: Slot, choice: NamedPolicy): PolicySlots[Slot];
  /** Says what is waived by parts that were made elsewhere, such as in a thread of their own. Policies need not call it. */
  readonly waive?: (waivers: readonly Waiver[]) => void;
}

/** Declares a policy; all it does is check the types. */
export const definePolicy = <Slot extends PolicySlot, Options extends z.ZodType>(
  definition: PolicyDefinition<Slot, Options>,
): PolicyDefinition<Slot, Options> => definition;

/** The policies that can be chosen, by slot and name. */
export type Catalogue = { readonly [Slot in PolicySlot]: Readonly<Record<string, PolicyDefinition<Slot>>> };
