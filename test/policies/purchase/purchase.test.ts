import { describe, expect, it } from 'vitest';
import { cheapest } from '../../../policies/purchase/cheapest.ts';
import { spreadZones } from '../../../policies/purchase/spreadZones.ts';
import { hours, NEVER } from '../../../src/domain/time.ts';
import type { Offer, Term } from '../../../src/domain/words.ts';
import { countedZones, rankingOf } from '../../../src/policy/purchase.ts';
import { aShelf } from '../../support/aShelf.ts';

const anOffer = (zone: string, usdPerHour: number, instanceType = 'm5', term: Term = 'spot'): Offer => ({
  zone,
  usdPerHour,
  instanceType,
  term,
  durationMs: hours(4),
});

const ranked = (
  definition: typeof cheapest | typeof spreadZones,
  offers: readonly Offer[],
  zones: readonly string[] = [],
): readonly string[] =>
  rankingOf(
    definition.create({}, aShelf).rank(offers, {
      now: 0,
      slot: 0,
      blockId: 'ci-0.1',
      zones,
      blocksIn: countedZones(zones),
      allowance: { blocks: 6, until: NEVER },
      next: { blocks: 6, until: NEVER },
      held: {},
      markets: {},
      terms: ['spot'],
    }),
  ).ranked.map(({ zone, instanceType, term }) => `${zone} ${instanceType} ${term}`);

describe('cheapest', () => {
  it('ranks by price', () => {
    expect(ranked(cheapest, [anOffer('a', 0.3), anOffer('b', 0.1), anOffer('c', 0.2)])).toEqual([
      'b m5 spot',
      'c m5 spot',
      'a m5 spot',
    ]);
  });

  it('breaks ties by zone, then type, then by how safe the term is', () => {
    const offers = [
      anOffer('b', 0.1, 'm5'),
      anOffer('a', 0.1, 'm5', 'spot'),
      anOffer('a', 0.1, 'm5', 'on-demand'),
      anOffer('a', 0.1, 'm5', 'spot-block'),
      anOffer('a', 0.1, 'c5'),
    ];
    expect(ranked(cheapest, offers)).toEqual([
      'a c5 spot',
      'a m5 on-demand',
      'a m5 spot-block',
      'a m5 spot',
      'b m5 spot',
    ]);
  });

  it('takes an unknown price for no low one', () => {
    expect(ranked(cheapest, [anOffer('a', Number.NaN), anOffer('b', 9)])).toEqual(['b m5 spot', 'a m5 spot']);
  });

  it('ranks an offer once that was quoted twice, and nothing where nothing is offered', () => {
    expect(ranked(cheapest, [anOffer('a', 0.1), anOffer('b', 0.1), anOffer('a', 0.1)])).toHaveLength(2);
    expect(ranked(cheapest, [])).toEqual([]);
  });
});

describe('spreadZones', () => {
  const offers = [anOffer('a', 0.1), anOffer('b', 0.2), anOffer('c', 0.3), anOffer('b', 0.15, 'c5')];

  it('ranks the zone with the fewest living blocks first, and by price within a zone', () => {
    expect(ranked(spreadZones, offers, ['a', 'a', 'c'])).toEqual(['b c5 spot', 'b m5 spot', 'c m5 spot', 'a m5 spot']);
  });

  it('ranks by price while zones are even, whatever lives where nothing is offered', () => {
    expect(ranked(spreadZones, offers, ['d', 'd'])).toEqual(['a m5 spot', 'b c5 spot', 'b m5 spot', 'c m5 spot']);
  });

  it('spreads six blocks over three zones, two in each', () => {
    const zones: string[] = [];
    for (let block = 0; block < 6; block += 1) zones.push(ranked(spreadZones, offers, zones)[0]!.split(' ')[0]!);
    expect(zones.toSorted()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  });
});
