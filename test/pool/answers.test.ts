import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEVER } from '../../src/domain/time.ts';
import { allowanceIn, rankIn, timesIn } from '../../src/pool/answers.ts';
import { askAllowance, askRank, askTimes } from '../../src/pool/ask.ts';
import { aLease, anOffer } from '../support/aBlock.ts';
import { somePolicies } from '../support/aPool.ts';
import { hours, minutes } from '../support/lengths.ts';

/** Anything a policy might answer, near misses included. */
const anything = fc.oneof(
  fc.anything(),
  fc.record({ blocks: fc.anything(), until: fc.anything() }),
  fc.record({ blocks: fc.double(), until: fc.double() }),
  fc.record({ relieveAt: fc.double(), drainAt: fc.double(), endBy: fc.double() }),
);

describe('An answer of a policy', () => {
  it('is refused in words, or read as what a pool can go by', () => {
    fc.assert(
      fc.property(anything, (answer) => {
        const demand = allowanceIn(answer, 1_000);
        if (typeof demand === 'string') expect(demand).toMatch(/^answered /);
        else {
          expect(Number.isSafeInteger(demand.blocks) && demand.blocks >= 0).toBe(true);
          expect(demand.until).toBeGreaterThan(1_000);
        }
        const times = timesIn(answer, aLease({ hardEndAt: hours(4) }));
        if (typeof times === 'string') expect(times).toMatch(/^answered /);
        else {
          expect(times.relieveAt).toBeLessThanOrEqual(times.drainAt);
          expect(times.drainAt).toBeLessThanOrEqual(times.endBy);
          expect(times.endBy).toBeLessThanOrEqual(hours(4));
        }
        expect(rankIn(answer, [])).toSatisfy(
          (read) => typeof read === 'string' || (Array.isArray(read) && read.length === 0),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('is read once: what was checked is what is used', () => {
    let reads = 0;
    const answer = {
      get blocks() {
        reads += 1;
        return reads === 1 ? 3 : -7;
      },
      until: 5,
    };
    expect(allowanceIn(answer, 0)).toEqual({ blocks: 3, until: 5 });
    expect(reads).toBe(1);
  });

  it('that holds until after the end of all calendars always holds', () => {
    expect(allowanceIn({ blocks: 1, until: 1e300 }, 0)).toEqual({ blocks: 1, until: NEVER });
  });

  it('may be any part of the offers in any order, each once', () => {
    const offers = [1, 2, 3].map((usdPerHour) => anOffer({ usdPerHour }));
    expect(rankIn([offers[2], offers[0]], offers)).toEqual([offers[2], offers[0]]);
    expect(rankIn([offers[2], offers[2]], offers)).toBe('answered an offer twice');
  });
});

describe('A policy of this process that throws', () => {
  const told: string[] = [];
  const fault = (slot: string, kind: string, what: string): void => {
    told.push(`${slot} ${kind} ${what}`);
  };
  const throws = (what: unknown) => () => {
    throw what;
  };

  it('is told of, and the stated fallback decides', () => {
    const hoursPolicy = { allowedAt: throws(new Error('no')) };
    expect(askAllowance(hoursPolicy, 0, null, fault)).toEqual({ blocks: 0, until: minutes(5) });
    expect(askAllowance(hoursPolicy, 0, { blocks: 4, until: 0 }, fault).blocks).toBe(4);

    const lease = aLease();
    const question = {
      now: 0,
      slot: 0,
      lease,
      spec: { leaseMs: hours(4), surge: 1, overrunMs: hours(24) },
      hardEnd: false,
      jobs: { running: 0 },
    };
    const demand = { blocks: 1, until: NEVER };
    const market = { grants: 0, refusals: 0, interruptions: 0 };
    expect(
      askTimes({ timesFor: throws(null) }, { ...question, allowance: demand, next: demand, market }, fault),
    ).toEqual({
      relieveAt: hours(4) - minutes(35),
      drainAt: hours(4) - minutes(30),
      endBy: hours(28),
    });

    const offers = [anOffer({ usdPerHour: 2 }), anOffer({ usdPerHour: 1 })];
    const need = {
      now: 0,
      allowance: demand,
      next: demand,
      slot: 0,
      blockId: 'ci-0.1',
      zones: [],
      blocksIn: {},
      held: {},
      markets: {},
      terms: ['spot'] as const,
    };
    expect(askRank({ rank: throws('text') }, offers, need, fault)).toEqual([offers[1], offers[0]]);
    expect(told).toEqual([
      'operatingHours threw threw no',
      'operatingHours threw threw no',
      'renewal threw threw null',
      'purchase threw threw "text"',
    ]);
  });

  it('is not mistaken for one that answers', () => {
    told.length = 0;
    expect(askAllowance(somePolicies(3).operatingHours, 0, null, fault)).toEqual({ blocks: 3, until: NEVER });
    expect(told).toEqual([]);
  });
});
