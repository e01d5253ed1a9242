import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import type { Offer, Refusal } from '../../src/domain/words.ts';
import { noMemory, remember } from '../../src/pool/memory.ts';
import type { Rests } from '../../src/pool/rests.ts';
import { aLease, anOffer } from '../support/aBlock.ts';
import { aKeeper } from '../support/aKeeper.ts';
import { aPool, aSpec } from '../support/aPool.ts';
import { minutes, seconds } from '../support/lengths.ts';

const ARM = anOffer({ instanceType: 'm7g.2xlarge', usdPerHour: 0.08 });
const ARM_B = { ...ARM, zone: 'us-east-1b' };
const X86 = anOffer({ usdPerHour: 0.1 });

/** What rests after the first minutes, by name. */
const running = (rests: Rests | undefined): readonly string[] =>
  [...(rests ?? [])].flatMap(([key, { until }]) => (until > minutes(1) ? [key] : []));

const refused = (at: number, offer: Offer, refusal: Refusal, more: Partial<Fact> = {}): Fact => ({
  ...{ type: 'capacity.refused', at, blockId: 'ci-0.1', token: 'ci-0.1.1', offer, refusal },
  // Only the fields of this fact are given.
  ...(more as object),
});

describe('a type that cannot be bought', () => {
  it.each(['quota', 'bad-template', 'forbidden'] as const)(
    'for %s leaves the others to be bought at once',
    (refusal) => {
      const keeper = aKeeper(aPool(1))
        .begins(0, [ARM, ARM_B, X86])
        .hears(refused(2_000, ARM, refusal));
      // Not its other zone, which would be refused alike.
      expect(keeper.asked('requestCapacity').map(({ offer }) => offer)).toEqual([X86]);
      expect(running(keeper.keeper.memories.get('ci')?.cooling)).toEqual(['m7g.2xlarge/*/spot']);
    },
  );

  it('does not come first again while it rests', () => {
    const keeper = aKeeper(aPool(2, {}, { launchRate: { launches: 1, perMs: seconds(5) } })).begins(0, [ARM, X86]);
    keeper.hears(refused(2_000, ARM, 'quota'), { type: 'clock.reached', at: 7_000 });
    expect(keeper.asked('requestCapacity').map(({ offer }) => offer)).toEqual([X86]);
  });
});

describe('a wider scope', () => {
  const learnt = (offers: readonly Offer[], facts: readonly Fact[]) =>
    running(facts.reduce((memory, fact) => remember(memory, aSpec(), fact), { ...noMemory, offers }).cooling);

  it('is believed once all that the pool may buy in it was refused for the same reason', () => {
    const gpu = anOffer({ instanceType: 'g5.2xlarge' });
    const facts = [refused(1, ARM, 'quota'), refused(2, X86, 'quota')];
    expect(learnt([ARM, X86, gpu], facts.slice(0, 1))).toEqual(['m7g.2xlarge/*/spot']);
    expect(learnt([ARM, X86, gpu], facts)).toContain('quota standard/*/spot');
    expect(learnt([ARM, X86, gpu], facts)).not.toContain('account');
    expect(learnt([ARM, X86, gpu], [...facts, refused(3, gpu, 'quota')])).toContain('account');
  });

  it('is not believed where the reasons differ, or one type is all there is', () => {
    expect(learnt([ARM, X86], [refused(1, ARM, 'quota'), refused(2, X86, 'forbidden')])).toEqual([
      'm7g.2xlarge/*/spot',
      'm5.2xlarge/*/spot',
    ]);
    expect(learnt([ARM, ARM_B], [refused(1, ARM, 'forbidden')])).toEqual(['m7g.2xlarge/*/spot']);
  });

  it('of the template is over when the template changes, and that of a quota is not', () => {
    const keys = (refusal: Refusal) =>
      learnt(
        [X86],
        [refused(1, X86, refusal, { scope: 'template' }), { type: 'template.changed', at: 2, pool: 'ci', hash: 'b' }],
      );
    expect(keys('bad-template')).toEqual([]);
    expect(keys('quota')).toEqual(['template']);
  });
});

describe('a pool of which everything is refused', () => {
  const A = anOffer({ zone: 'us-east-1a' });
  const B = anOffer({ zone: 'us-east-1b' });
  /** Three blocks wanted, each refused in both zones. */
  const stuck = () => {
    const keeper = aKeeper(aPool(3, {}, { coolingMs: minutes(1) })).begins(0, [A, B]);
    for (const slot of [0, 1, 2])
      for (const [index, offer] of [A, B].entries())
        keeper.hears({
          ...{ type: 'capacity.refused', at: 2_000 + 10 * slot + index, blockId: `ci-${slot}.1` },
          ...{ token: `ci-${slot}.1.${index + 1}`, offer, refusal: 'no-capacity' },
        });
    return keeper;
  };
  const goesOn = (keeper: ReturnType<typeof aKeeper>, until: number) => {
    const asked: number[] = [];
    while (keeper.wakeAt <= until) {
      const at = keeper.wakeAt;
      keeper.hears({ type: 'clock.reached', at });
      asked.push(...keeper.asked('requestCapacity').map(() => at));
    }
    return asked;
  };

  it('is tried with one block, and with twice as many for each that is granted', () => {
    const keeper = stuck();
    const [first, ...others] = goesOn(keeper, minutes(3) + seconds(10));
    expect(others).toEqual([]);
    expect(first).toBeGreaterThan(minutes(3));
    const [probe] = [...keeper.keeper.blocks.values()].filter(({ state }) => state === 'requesting');
    const { id, offer } = probe!.context;
    const lease = aLease({ instanceId: 'i-1', offer, startsAt: first! + 1_000 });
    keeper.hears({ type: 'capacity.granted', at: first! + 1_000, blockId: id, token: `${id}.1`, lease });
    expect(keeper.keeper.memories.get('ci')?.pace).toBe(2);
    expect(keeper.asked('requestCapacity')).toHaveLength(1);
  });

  it('tells people once, with the culprits', () => {
    const keeper = aKeeper(aPool(1)).begins(0, [A, B]);
    keeper.hears(refused(2_000, A, 'forbidden', { scope: 'account' }));
    expect(keeper.asked('announce')).toEqual([
      {
        ...{ type: 'announce', pool: 'ci', reason: 'AllRefused' },
        note: 'nothing that the pool may buy can be bought before 1970-01-01T00:10:02.000Z: account (not allowed)',
      },
    ]);
    keeper.hears({ type: 'clock.reached', at: minutes(6) });
    expect(keeper.asked('announce')).toEqual([]);
  });
});
