import { z } from 'zod';

/** Something that is asked of one label, or of one field, of a node. */
export interface Requirement {
  readonly key: string;
  /** `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt`, `Lt`, or what a later Kubernetes knows. */
  readonly operator: string;
  readonly values: readonly string[];
}

/** One of the alternatives of a node affinity: all of it must hold. */
export interface NodeTerm {
  readonly labels: readonly Requirement[];
  readonly fields: readonly Requirement[];
}

/**
 * Whether a node meets an alternative. One that asks for nothing is met by no node. Of a node's fields only
 * `metadata.name` can be asked for.
 * Source: Kubernetes, "Assigning Pods to Nodes" (node affinity, operators) and the API reference of NodeSelectorTerm.
 */
export const meetsTerm = (
  { labels: asked, fields }: NodeTerm,
  labels: Readonly<Record<string, string>>,
  name: string,
): boolean =>
  asked.length + fields.length > 0 &&
  asked.every((requirement) => meets(requirement, labels[requirement.key])) &&
  fields.every((requirement) => requirement.key === 'metadata.name' && meets(requirement, name));

/** A requirement that cannot be read is met by nothing. */
function meets({ operator, values }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    // A node without the label is not one of those that are named.
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return isOrdered(values, value, (bound, own) => own > bound);
    case 'Lt':
      return isOrdered(values, value, (bound, own) => own < bound);
    default:
      return false;
  }
}

/** Both operators compare whole numbers, and take exactly one. */
function isOrdered(
  values: readonly string[],
  value: string | undefined,
  test: (bound: number, own: number) => boolean,
): boolean {
  const [bound] = values;
  if (values.length !== 1 || bound === undefined || value === undefined) return false;
  return WHOLE.test(bound) && WHOLE.test(value) && test(Number(bound), Number(value));
}

const WHOLE = /^[+-]?\d+$/;

const REQUIREMENT = z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).nullish() });
const REQUIREMENTS = z
  .array(REQUIREMENT)
  .nullish()
  .transform((all) =>
    (all ?? []).map(({ key, operator, values }): Requirement => ({ key, operator, values: values ?? [] })),
  );

/** A NodeSelectorTerm as it is written. */
export const NODE_TERM = z
  .object({ matchExpressions: REQUIREMENTS, matchFields: REQUIREMENTS })
  .transform(({ matchExpressions: labels, matchFields: fields }): NodeTerm => ({ labels, fields }));
