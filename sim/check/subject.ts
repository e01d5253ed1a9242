import type { PolicyChoice } from '../../src/config/pools.ts';
import type { Catalogue, PolicyDefinition, PolicySlot, PolicySlots } from '../../src/policy/definePolicy.ts';
import { shelfOf } from '../../src/policy/shelf.ts';
import { type CheckWorld, wallTimes } from './checkWorld.ts';
import { type Choices, weeklyOptionsOf } from './scenarioOf.ts';

/** A policy that is checked. */
export interface Subject {
  readonly slot: PolicySlot;
  /** As `pools.yaml` names it. */
  readonly name: string;
  readonly definition: PolicyDefinition;
  /** Options as they are written; for operating hours without any, each world gives its own. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What the other slots and the reference are taken from. */
  readonly catalogue: Catalogue;
}

/** What fills the slots that are not checked, and what a checked one is measured against: the built-ins that promise most. */
const REFERENCE = { operatingHours: 'weekly', renewal: 'surge', purchase: 'cheapest' } as const;

export const referenceOf = (slot: PolicySlot): string => REFERENCE[slot];

/** The subject's choice in a world: its options, or for operating hours the world's window in a shape that it takes. */
export function choiceIn({ slot, name, definition, options }: Subject, world: CheckWorld): PolicyChoice {
  if (slot !== 'operatingHours' || Object.keys(options).length > 0) return { policy: name, options };
  const fitting = windowShapes(world).find((shape) => definition.options.safeParse(shape).success);
  return { policy: name, options: fitting ?? {} };
}

/** Whether a check can say which hours the subject should keep: it takes a window, as `weekly` does. */
export const takesWindows = (subject: Subject, world: CheckWorld): boolean =>
  subject.slot === 'operatingHours' && Object.keys(choiceIn(subject, world).options).includes('zone');

/** The reference's choice in a world. */
export const referenceIn = (slot: PolicySlot, world: CheckWorld): PolicyChoice => ({
  policy: REFERENCE[slot],
  options: slot === 'operatingHours' ? weeklyOptionsOf(world) : {},
});

/** All three choices: the subject's in its slot, the references elsewhere. */
export function choicesIn(subject: Subject, world: CheckWorld, own: PolicyChoice): Choices {
  return {
    operatingHours: referenceIn('operatingHours', world),
    renewal: referenceIn('renewal', world),
    purchase: referenceIn('purchase', world),
    [subject.slot]: own,
  };
}

/** Makes the subject's policy, anew each time. @throws what the policy's options or `create` throw */
export function makeSubject(subject: Subject, world: CheckWorld): PolicySlots[PolicySlot] {
  const { definition, catalogue } = subject;
  const { options } = choiceIn(subject, world);
  return definition.create(definition.options.parse(options), shelfOf(catalogue));
}

/** A window as policies of operating hours may take it: as `weekly` does, or flat. */
function windowShapes(world: CheckWorld): readonly Readonly<Record<string, unknown>>[] {
  const weekly = weeklyOptionsOf(world);
  const { from, to } = wallTimes(world);
  const flat = { zone: world.zone, from, to: to.replace('+1', ''), blocks: world.blocks };
  return [weekly, { ...flat, days: 'daily' }, flat];
}
