import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type IntentEntry,
  UNWRITTEN,
  withIntents,
  withoutIntents,
} from '../../../../src/live/kubernetes/ledger/ledgerState.ts';

const launch = (token: string, at = 1_000, intent: object = { subnetId: 'subnet-a' }): IntentEntry => ({
  kind: 'launch',
  token,
  at,
  intent,
});
const termination = (instanceId: string, blockId: string): IntentEntry => ({
  kind: 'termination',
  instanceId,
  blockId,
  at: 2_000,
});

function stateAfter(...entries: readonly IntentEntry[]) {
  const added = withIntents(UNWRITTEN, entries);
  if ('refused' in added) throw new Error(added.refused);
  return added.state;
}

const refusalAfter = (...entries: readonly IntentEntry[]): string | undefined => {
  const added = withIntents(UNWRITTEN, entries);
  return 'refused' in added ? added.refused : undefined;
};

describe('the state of the ledger', () => {
  it('keeps launches by token, terminations by instance, and the last generation of each slot', () => {
    expect(stateAfter(launch('ci-0.3.1', 5), launch('big-ci-12.1.1', 6), termination('i-1', 'ci-0.2'))).toEqual({
      generations: { 'ci-0': 3, 'big-ci-12': 1 },
      launches: { 'ci-0.3.1': { subnetId: 'subnet-a' }, 'big-ci-12.1.1': { subnetId: 'subnet-a' } },
      terminations: { 'i-1': { blockId: 'ci-0.2', at: 2_000 } },
      launchedAt: [5, 6],
    });
  });

  it('counts a launch for each new block, not for each attempt', () => {
    expect(stateAfter(launch('ci-0.1.1', 5), launch('ci-0.1.2', 9)).launchedAt).toEqual([5]);
  });

  it('remembers a thousand launches and no more', () => {
    const many = Array.from({ length: 1_200 }, (_, at) => launch(`ci-0.${at + 1}.1`, at));
    expect(stateAfter(...many).launchedAt).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 200));
  });

  it('forgets what is over, but no generation and no launch time', () => {
    const state = stateAfter(launch('ci-0.1.1', 5), termination('i-1', 'ci-1.4'));
    expect(withoutIntents(state, ['ci-0.1.1', 'i-1', 'ci-7.1.1'])).toEqual({
      ...UNWRITTEN,
      generations: { 'ci-0': 1 },
      launchedAt: [5],
    });
    expect(withoutIntents(state, ['toString'])).toBe(state);
  });

  it('takes the same intent twice, and never another one under the same key', () => {
    const state = stateAfter(launch('ci-0.1.1'), termination('i-1', 'ci-1.4'));
    expect(withIntents(state, [launch('ci-0.1.1', 9), termination('i-1', 'ci-1.4')])).toEqual({ state });
    expect(withIntents(state, [launch('ci-0.1.1', 9, { subnetId: 'subnet-b' })])).toEqual({
      refused: 'ci-0.1.1 is in the ledger with another intent',
    });
    expect(withIntents(state, [termination('i-1', 'ci-2.1')])).toEqual({
      refused: 'i-1 is in the ledger as the instance of ci-1.4',
    });
  });

  it('refuses what is no token, an earlier generation, and an intent that JSON cannot hold', () => {
    expect(refusalAfter(launch('nonsense'))).toBe('nonsense is no token');
    expect(refusalAfter(launch('ci-0.2.1'), launch('ci-0.1.1'))).toMatch(/generation before ci-0\.2/);
    expect(refusalAfter(launch('ci-0.1.1', 1, { count: 1n }))).toMatch(/no JSON object/);
    expect(refusalAfter(launch('ci-0.1.1', 1, [1]))).toMatch(/no JSON object/);
  });

  it('is the same after the same entries in any grouping, and holds each token until it is settled', () => {
    const token = fc
      .tuple(fc.nat(3), fc.integer({ min: 1, max: 3 }))
      .map(([slot, attempt]) => `ci-${slot}.1.${attempt}`);
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), fc.nat(12), (tokens, cut) => {
        const entries = tokens.map((one) => launch(one));
        const first = withIntents(UNWRITTEN, entries.slice(0, cut));
        const both = 'state' in first ? withIntents(first.state, entries.slice(cut)) : first;
        const state = stateAfter(...entries);
        expect(both).toEqual({ state });
        expect(new Set(Object.keys(state.launches))).toEqual(new Set(tokens));
        expect(withoutIntents(state, tokens).launches).toEqual({});
      }),
    );
  });
});
