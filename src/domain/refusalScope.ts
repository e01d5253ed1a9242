import { quotaFamilyOf } from './instanceTypes.ts';
import type { Offer, Refusal } from './words.ts';

/**
 * What a refusal is about, seen from the offer that was refused; everything outside it may still be granted.
 *
 * - `offer`: this type, zone and term.
 * - `subnet`: the zone, none of whose subnets takes another instance.
 * - `type`: this type and term, in every zone.
 * - `family`: all types whose vCPUs EC2 counts together with this one's, bought on the same side (spot or on-demand).
 * - `term`: everything that is bought on this term.
 * - `template`: everything that is launched from the pool's template.
 * - `account`: everything.
 */
export type RefusalScope = 'offer' | 'subnet' | 'type' | 'family' | 'term' | 'template' | 'account';

export const REFUSAL_SCOPES = [
  'offer',
  'subnet',
  'type',
  'family',
  'term',
  'template',
  'account',
] as const satisfies readonly RefusalScope[];

/** A refusal as far as its scope goes. */
export interface ScopedRefusal {
  readonly offer: Offer;
  readonly refusal: Refusal;
  /** Left out where EC2 did not say: then it is the narrowest that such a refusal can be about. */
  readonly scope?: RefusalScope;
}

/** What a refusal is about. */
export const scopeOf = ({ refusal, scope }: ScopedRefusal): RefusalScope => scope ?? NARROWEST[refusal];

/** Whether an offer lies within a refusal's scope, and would be refused alike. */
export const meetsRefusal = (refused: ScopedRefusal, offer: Offer): boolean =>
  scopeKeyOf(scopeOf(refused), offer) === scopeKeyOf(scopeOf(refused), refused.offer);

/** Names what a scope holds, seen from one of the offers in it: two offers of one scope have the same name. */
export function scopeKeyOf(scope: RefusalScope, { instanceType, zone, term }: Offer): string {
  switch (scope) {
    case 'offer':
      return `${instanceType}/${zone}/${term}`;
    case 'subnet':
      return `*/${zone}/*`;
    case 'type':
      return `${instanceType}/*/${term}`;
    case 'family': {
      const family = quotaFamilyOf(instanceType);
      // Spot and spot blocks count against one quota (EC2 user guide).
      const side = term === 'on-demand' ? term : 'spot';
      return family === undefined ? `${instanceType}/*/${term}` : `quota ${family}/*/${side}`;
    }
    case 'term':
      return `*/*/${term}`;
    case 'template':
    case 'account':
      return scope;
  }
}

/** A wrong guess that is too narrow costs a call; one that is too wide costs the blocks that could have been bought. */
const NARROWEST: Readonly<Record<Refusal, RefusalScope>> = {
  'no-capacity': 'offer',
  'subnet-full': 'offer',
  cancelled: 'offer',
  quota: 'type',
  'bad-template': 'type',
  forbidden: 'type',
  'unsupported-term': 'term',
  // The door of the API is the same for every call.
  throttled: 'account',
};
