import type { PolicySlot } from '../../../src/policy/definePolicy.ts';
import type { FaultKind } from '../../../src/pool/policyFault.ts';

/** A policy that does what no policy should: what it does when it is asked, and what people are told of that. */
export interface Hostile {
  readonly slot: PolicySlot;
  /** The body of the one method that a policy of the slot has; its parameters are `now`, `question`, or `offers, need`. */
  readonly body: string;
  /** Statements before the policy: what it keeps between questions. */
  readonly before?: string;
  /** Absent for one that does harm without doing wrong. */
  readonly told?: { readonly kind: FaultKind; readonly what: RegExp };
}

/** The policies of a gallery as files, by the path that pools would have for them. */
export const filesOf = (gallery: Readonly<Record<string, Hostile>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(gallery).map(([name, hostile]) => [fileOf(name), sourceOf(hostile)]));

/** `endless loop` is in `endless-loop.ts`. */
export const fileOf = (name: string): string => `${name.replaceAll(/\W+/g, '-')}.ts`;

const METHODS: Readonly<Record<PolicySlot, string>> = {
  operatingHours: 'allowedAt(now: number)',
  scaling: 'wantedNow(question: any)',
  renewal: 'timesFor(question: any)',
  purchase: 'rank(offers: any, need: any)',
};

const sourceOf = ({ slot, before = '', body }: Hostile): string => `
import { definePolicy, z } from 'spot-keeper/policy';
${before}
export default definePolicy({
  slot: '${slot}',
  name: 'hostile',
  about: 'Does what no policy should.',
  options: z.strictObject({}),
  create: () => ({
    ${METHODS[slot]} {
      ${body}
    },
  }),
} as any);
`;
