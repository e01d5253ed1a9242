import { evaluate } from '@marcbachmann/cel-js';
import type { KubernetesObject } from '../../src/install/names.ts';

/** A node before a patch and after it, as an admission policy sees them. */
export interface Patched {
  readonly object: unknown;
  readonly oldObject: unknown;
}

/** The messages of the validations of a ValidatingAdmissionPolicy that deny a patch; none if it is let through. */
export function denialsOf(policy: KubernetesObject, patched: Patched): readonly string[] {
  // Known: the spec of such a policy.
  const { variables, validations } = policy['spec'] as {
    readonly variables: readonly { readonly name: string; readonly expression: string }[];
    readonly validations: readonly { readonly expression: string; readonly message: string }[];
  };
  // Plain copies: what comes out of the simulated API server is frozen, and may share parts.
  const scope: Record<string, unknown> = { object: plain(patched.object), oldObject: plain(patched.oldObject) };
  const values: Record<string, unknown> = {};
  // Each may use those before it.
  for (const { name, expression } of variables) values[name] = evaluate(expression, { ...scope, variables: values });
  return validations
    .filter(({ expression }) => evaluate(expression, { ...scope, variables: values }) !== true)
    .map(({ message }) => message);
}

/** Whether the policy looks at what this user asks for. */
export function judges(policy: KubernetesObject, username: string): boolean {
  // Known: the spec of such a policy.
  const { matchConditions } = policy['spec'] as {
    readonly matchConditions: readonly { readonly expression: string }[];
  };
  return matchConditions.every(
    ({ expression }) => evaluate(expression, { request: { userInfo: { username } } }) === true,
  );
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;
