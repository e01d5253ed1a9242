import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PurchaseQuestion } from '../../../src/policy/purchase.ts';
import { apartFromNow, showPurchase, showRenewal } from '../../../src/policy/shown/ask.ts';
import { renewalCopy } from '../../../src/policy/shown/copies.ts';
import { purchaseParts } from '../../../src/policy/shown/purchaseParts.ts';
import { aPurchaseQuestion, aRenewalQuestion } from '../../laws/questions.ts';
import { aSpec } from '../../support/aPool.ts';

const purchaseCopy = (question: PurchaseQuestion) => purchaseParts(question).plain() as PurchaseQuestion;

describe('A question', () => {
  it('is copied with all its documented fields', () => {
    fc.assert(
      fc.property(aRenewalQuestion, aPurchaseQuestion, (renewal, purchase) => {
        expect(renewalCopy(renewal)).toEqual(renewal);
        expect(purchaseCopy(purchase)).toEqual(purchase);
      }),
    );
  });

  it('is copied with no more than these, whatever the objects carry that it is made of', () => {
    const more = <Value extends object>(value: Value): Value => {
      if (Array.isArray(value)) return value.map((part: unknown) => withMore(part)) as Value;
      const parts = Object.entries(value).map(([name, part]) => [name, withMore(part)]);
      return { ...Object.fromEntries(parts), secret: 1 } as Value;
    };
    const withMore = (part: unknown): unknown => (typeof part === 'object' && part !== null ? more(part) : part);
    fc.assert(
      fc.property(aRenewalQuestion, aPurchaseQuestion, (renewal, { offers, need }) => {
        expect(renewalCopy(more(renewal))).toEqual(renewal);
        const { markets, held, blocksIn, ...rest } = need;
        const byName = <Value extends object>(record: Readonly<Record<string, Value>>) =>
          Object.fromEntries(Object.entries(record).map(([name, value]) => [name, more(value)]));
        // What is by market or zone is a record, in which a name is no field.
        const asked = { ...more(rest), markets: byName(markets), held: byName(held), blocksIn };
        expect(purchaseCopy({ offers: more(offers), need: asked })).toEqual({ offers, need });
      }),
    );
    const [question] = fc.sample(aRenewalQuestion, { numRuns: 1, seed: 1 });
    const shown = renewalCopy({ ...question!, spec: aSpec() });
    expect(Object.keys(shown.spec)).toEqual(['leaseMs', 'surge', 'overrunMs']);
  });

  it('shares nothing with what it was copied from, so that nothing of the keeper is in reach', () => {
    fc.assert(
      fc.property(aRenewalQuestion, aPurchaseQuestion, (renewal, purchase) => {
        for (const [of, copy] of [
          [renewal, renewalCopy(renewal)],
          [purchase, purchaseCopy(purchase)],
        ] as const)
          expect(objectsIn(copy).filter((one) => objectsIn(of).includes(one))).toEqual([]);
      }),
    );
  });
});

describe('What came of showing a question', () => {
  const [renewal] = fc.sample(aRenewalQuestion, { numRuns: 1, seed: 1 });
  const [purchase] = fc.sample(aPurchaseQuestion, { numRuns: 1, seed: 1 });

  it('is a write before all else: before an answer, and before what was thrown', () => {
    const swallowing = showRenewal(renewal!, (shown) => {
      try {
        Object.assign(shown, { now: 1 });
      } catch {}
      return 'an answer';
    });
    expect(swallowing).toMatchObject({ wrote: { path: 'now' } });
    const throwing = showPurchase(purchase!, ({ need }) => {
      Object.assign(need.markets, { mine: 1 });
    });
    expect(throwing).toMatchObject({ wrote: { path: 'need.markets.mine' } });
  });

  it('is what the policy throws, where it did not write', () => {
    expect(() =>
      showRenewal(renewal!, () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    const blind = new Proxy({}, { get: () => Object.assign({}, null), getPrototypeOf: () => Object.assign({}, null) });
    expect(() =>
      showRenewal(renewal!, () => {
        throw blind as Error;
      }),
    ).toThrow();
  });

  it('is an answer that hangs on the whole question, where the policy clones it', () => {
    const said = showPurchase(purchase!, ({ need }) => structuredClone(need).zones);
    expect(said).toEqual({ answer: purchase!.need.zones, reads: undefined });
  });

  it('hangs on the time only where no instant stands for it', () => {
    const of = (read: (shown: NonNullable<typeof purchase>) => unknown) => {
      const said = showPurchase(purchase!, read);
      if ('wrote' in said || said.reads === undefined) throw new Error('expected reads');
      return said.reads;
    };
    const reads = of(({ need }) => need.now + need.slot);
    expect(apartFromNow(reads).parts[0]?.names).toEqual(['slot']);
    const timeless = of(({ need }) => need.slot);
    expect(apartFromNow(timeless)).toBe(timeless);
  });
});

function objectsIn(value: unknown): readonly object[] {
  return typeof value !== 'object' || value === null ? [] : [value, ...Object.values(value).flatMap(objectsIn)];
}
