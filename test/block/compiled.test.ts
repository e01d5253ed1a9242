import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialTransition, transition } from 'xstate';
import { advanceCompiled, openCompiled } from '../../src/block/compiled.ts';
import type { Block, BlockContext, BlockEvent } from '../../src/block/context.ts';
import { advanceByXState, openByXState } from '../../src/block/interpreted.ts';
import { blockMachine } from '../../src/block/machine.ts';
import type { Effect } from '../../src/domain/effects.ts';
import { TAINT } from '../../src/domain/nodeLabels.ts';
import { ALWAYS, NEVER } from '../../src/domain/time.ts';
import { BLOCK_STATES, ENDINGS } from '../../src/domain/words.ts';
import { aContext, aLease, anOffer } from '../support/aBlock.ts';
import { anyBlockFact } from '../support/anyFact.ts';

// Small ranges, so that guards flip both ways.
const instant = fc.integer({ min: 0, max: 6_000 });
const offer = fc.constantFrom(anOffer(), anOffer({ zone: 'us-east-1b' }));
const lease = fc.constantFrom(aLease(), aLease({ instanceId: 'i-2', hardEndAt: 3_000 }));

const context: fc.Arbitrary<BlockContext> = fc
  .record({
    attempt: fc.integer({ min: 1, max: 3 }),
    offer,
    offersLeft: fc.array(offer, { maxLength: 2 }),
    // Joined and named states have a lease and a node; those without are the machine's own business to never reach.
    lease,
    node: fc.constant('node-1'),
    nodeGone: fc.boolean(),
    ready: fc.boolean(),
    unusableAt: fc.oneof(instant, fc.constant(NEVER)),
    cordoned: fc.boolean(),
    cordonedAt: fc.option(instant),
    atRiskAt: fc.option(instant),
    deadlineAt: instant,
    askAgainAt: fc.oneof(instant, fc.constant(NEVER)),
    seenAt: fc.oneof(instant, fc.constant(ALWAYS)),
    jobsSeenAt: fc.oneof(instant, fc.constant(ALWAYS)),
    jobs: fc.array(fc.record({ id: fc.constantFrom('j1', 'j2'), startedAt: instant }), { maxLength: 2 }),
    jobsKnown: fc.boolean(),
    endedJobs: fc.subarray(['j1', 'j2']),
    busySince: fc.option(instant),
    idleSince: fc.option(instant),
    ending: fc.option(fc.constantFrom(...ENDINGS)),
  })
  .map((over) => Object.freeze(aContext(over)));

const event: fc.Arbitrary<BlockEvent> = fc.oneof(
  { arbitrary: fc.record({ type: fc.constant('clock.reached' as const), at: instant }), weight: 2 },
  { arbitrary: fc.record({ type: fc.constant('retire' as const), at: instant, endBy: instant }), weight: 1 },
  {
    arbitrary: anyBlockFact({
      ...{ instant, offer, lease, token: token(), blockId: fc.constant('ci-0.1'), name: fc.constant('node-2') },
      ...{ id: fc.constantFrom('j1', 'j2'), marks: fc.subarray([TAINT.draining]) },
    }),
    weight: 10,
  },
);

describe('the compiled block machine', () => {
  it('does what the official transition does, from any state, in any context, on any event', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BLOCK_STATES), context, event, (state, before, happened) => {
        const block: Block = { state, context: before };
        expect(plain(advanceCompiled(block, happened))).toEqual(officially(block, happened));
      }),
      { numRuns: 4_000 },
    );
  });

  it('is what the reused scope of XState does, over whole lives', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 30 }), (events) => {
        let [byTrees, byXState] = [openCompiled(aContext())[0], openByXState(aContext())[0]];
        for (const happened of events) {
          // A grant makes a lease and a node possible; without them some states cannot be reached at all.
          const [trees, xstate] = [advanceCompiled(byTrees, happened), advanceByXState(byXState, happened)];
          expect(plain(trees)).toEqual(plain(xstate));
          [byTrees, byXState] = [trees[0], xstate[0]];
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is born as XState bears it', () => {
    const [, actions] = initialTransition(blockMachine, aContext());
    expect(plain(openCompiled(aContext()))).toEqual([
      { state: 'requesting', context: aContext() },
      actions.map((action) => (action.params as { event: Effect }).event),
    ]);
  });

  it('leaves what it was given unchanged, and gives it back when nothing happens', () => {
    const gone: Block = { state: 'gone', context: Object.freeze(aContext()) };
    expect(advanceCompiled(gone, { type: 'clock.reached', at: 9_000 })).toEqual([gone, []]);
    const early: Block = { state: 'requesting', context: Object.freeze(aContext()) };
    expect(advanceCompiled(early, { type: 'clock.reached', at: 1 })[0]).toBe(early);
  });
});

function token() {
  return fc.constantFrom('ci-0.1.1', 'ci-0.1.2', 'ci-0.1.3');
}

function officially(block: Block, happened: BlockEvent): unknown {
  const before = blockMachine.resolveState({ value: block.state, context: block.context });
  // XState lets a finished machine take events; the door does not.
  if (before.status !== 'active') return [block, []];
  const [next, actions] = transition(blockMachine, before, happened);
  const effects = actions
    .filter(({ type }) => (type as string) === 'xstate.emit')
    .map((action) => (action.params as { event: Effect }).event);
  return [{ state: next.value, context: next.context }, effects];
}

const plain = ([block, effects]: readonly [Block, readonly Effect[]]): unknown => [block, [...effects]];
