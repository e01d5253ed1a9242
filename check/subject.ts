import type { PolicyChoice } from '../src/config/pools.ts';
import type { Catalogue, PolicyDefinition, PolicySlot } from '../src/policy/definePolicy.ts';
import { type CheckWorld, wallTimes } from './checkWorld.ts';
import { type Choices, weeklyOptionsOf } from './scenarioOf.ts';

/** A policy that is checked. */
export interface Subject {
  readonly slot: PolicySlot;
  /** As `pools.yaml` names it. */
  readonly name: string;
  /** Options as they are written; for operating hours without any, each world gives its own. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Where the policy is found, and what fills the other slots. */
  readonly catalogue: Catalogue;
  /** The same with the policies' files loaded a second time, so that nothing that a module remembers is in both. */
  readonly apart?: Catalogue;
}

/** A subject that is not in the catalogue: its definition is added under its name. */
export const subjectOf = (
  definition: PolicyDefinition,
  catalogue: Catalogue,
  options: Readonly<Record<string, unknown>> = {},
): Subject => {
  const { slot, name } = definition;
  return { slot, name, options, catalogue: { ...catalogue, [slot]: { ...catalogue[slot], [name]: definition } } };
};

export function definitionOf({ slot, name, catalogue }: Subject): PolicyDefinition {
  const definition = catalogue[slot][name];
  if (definition === undefined) throw new Error(`the catalogue has no ${slot} policy called ${name}`);
  return definition;
}

/** What fills the slots that are not checked, and what a checked one is measured against: the built-ins that promise most. */
const REFERENCE = { operatingHours: 'weekly', scaling: 'scheduled', renewal: 'surge', purchase: 'cheapest' } as const;

/** All choices in a world: the subject's in its slot, the references elsewhere. */
export function choicesIn(subject: Subject, world: CheckWorld): Choices {
  return {
    operatingHours: { policy: REFERENCE.operatingHours, options: weeklyOptionsOf(world) },
    scaling: { policy: REFERENCE.scaling, options: {} },
    renewal: { policy: REFERENCE.renewal, options: {} },
    purchase: { policy: REFERENCE.purchase, options: {} },
    [subject.slot]: choiceIn(subject, world),
  };
}

/** The subject's options, or for operating hours without any the world's window in a shape that it takes. */
function choiceIn(subject: Subject, world: CheckWorld): PolicyChoice {
  const { slot, name, options } = subject;
  if (slot !== 'operatingHours' || Object.keys(options).length > 0) return { policy: name, options };
  const schema = definitionOf(subject).options;
  const fitting = windowShapes(world).find((shape) => takes(schema, shape));
  return { policy: name, options: fitting ?? {} };
}

/** Whether a schema takes these options, and means them: one that drops what it does not know takes everything. */
function takes(schema: PolicyDefinition['options'], shape: Readonly<Record<string, unknown>>): boolean {
  const parsed = schema.safeParse(shape);
  return (
    parsed.success &&
    typeof parsed.data === 'object' &&
    parsed.data !== null &&
    Object.keys(shape).every((key) => key in (parsed.data as object))
  );
}

/**
 * Whether a policy of operating hours can do without options, since it takes the window of each world: any world's tells, as
 * they differ in times and counts alone.
 */
export const takesWindows = ({ options }: Pick<PolicyDefinition, 'options'>): boolean =>
  windowShapes(A_WINDOW).some((shape) => takes(options, shape));

/** What of a world makes its window. */
type Window = Parameters<typeof weeklyOptionsOf>[0];

const A_WINDOW: Window = { zone: 'UTC', opensAt: { hour: 8, minute: 0 }, quarters: 8, blocks: 1, moreBlocks: 0 };

/** A window as policies of operating hours may take it: as `weekly` does, or flat. */
function windowShapes(world: Window): readonly Readonly<Record<string, unknown>>[] {
  const { from, to } = wallTimes(world);
  const flat = { zone: world.zone, from, to: to.replace('+1', ''), blocks: world.blocks };
  return [weeklyOptionsOf(world), { ...flat, days: 'daily' }, flat];
}

/**
 * The choice that a policy is measured against in the same scenario. Undefined for operating hours that do not say in
 * their options which hours they keep: these cannot be measured.
 */
export function referenceFor(
  slot: PolicySlot,
  { options }: PolicyChoice,
  catalogue: Catalogue,
): PolicyChoice | undefined {
  const policy = REFERENCE[slot];
  if (slot !== 'operatingHours') return { policy, options: {} };
  const { zone, from, to, blocks } = options;
  const weekly = catalogue.operatingHours[policy];
  const candidates = [
    options,
    // A flat window that ends before it starts ends on the next day.
    { zone, windows: [{ days: 'daily', from, to: String(to) > String(from) ? to : `${String(to)}+1`, blocks }] },
  ];
  const fitting = candidates.find((candidate) => weekly?.options.safeParse(candidate).success);
  return fitting === undefined ? undefined : { policy, options: fitting };
}
