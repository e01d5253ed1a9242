import { describe, expect, it } from 'vitest';
import { meetsRefusal, REFUSAL_SCOPES, type RefusalScope } from '../../src/domain/refusalScope.ts';
import { anOffer } from '../support/aBlock.ts';

const OFFERS = {
  same: anOffer(),
  otherZone: anOffer({ zone: 'us-east-1b' }),
  otherType: anOffer({ instanceType: 'm7g.2xlarge' }),
  otherFamily: anOffer({ instanceType: 'g5.2xlarge' }),
  otherTerm: anOffer({ term: 'on-demand' }),
} as const;

const within = (scope: RefusalScope) =>
  Object.entries(OFFERS).flatMap(([name, offer]) =>
    meetsRefusal({ offer: OFFERS.same, refusal: 'quota', scope }, offer) ? [name] : [],
  );

describe('what a refusal is about', () => {
  it('holds what its scope says, and nothing else', () => {
    expect(Object.fromEntries(REFUSAL_SCOPES.map((scope) => [scope, within(scope)]))).toEqual({
      offer: ['same'],
      subnet: ['same', 'otherType', 'otherFamily', 'otherTerm'],
      type: ['same', 'otherZone'],
      family: ['same', 'otherZone', 'otherType'],
      term: ['same', 'otherZone', 'otherType', 'otherFamily'],
      template: Object.keys(OFFERS),
      account: Object.keys(OFFERS),
    });
  });

  it('is the narrowest that it can be where EC2 does not say', () => {
    const met = (refusal: 'no-capacity' | 'quota' | 'forbidden' | 'throttled', offer: keyof typeof OFFERS) =>
      meetsRefusal({ offer: OFFERS.same, refusal }, OFFERS[offer]);
    expect(met('no-capacity', 'otherZone')).toBe(false);
    expect(met('quota', 'otherZone')).toBe(true);
    expect(met('quota', 'otherType')).toBe(false);
    expect(met('forbidden', 'otherType')).toBe(false);
    expect(met('throttled', 'otherFamily')).toBe(true);
  });
});
