import { assign, emit, setup } from 'xstate';
import type { Effect } from '../domain/effects.ts';
import type { Timeouts } from '../domain/timeouts.ts';
import type { Ending } from '../domain/words.ts';
import type { BlockContext, BlockEvent } from './context.ts';
import { changes, type Draft, effects, guards } from './rules.ts';

const allow = (timeout: keyof Timeouts) => ({ type: 'allow', params: { timeout } }) as const;
const endAs = (ending: Ending) => ({ type: 'endAs', params: { ending } }) as const;

/** Asked for again with the same token, once what was in the way may be over. */
const askedInVain = [
  { guard: 'stale' },
  { guard: 'requestUntriedUnwanted', target: 'gone' },
  { guard: 'requestUntried', actions: [allow('launchMs'), 'askLater'] },
] as const;

/**
 * The life of one block. It holds no timers: `clock.reached` past `deadlineAt` is how time acts on it. Each waiting
 * state has one deadline and one reaction to missing it. `docs/block.md` draws it.
 */
export const blockMachine = setup({
  types: {
    input: {} as BlockContext,
    context: {} as BlockContext,
    events: {} as BlockEvent,
    emitted: {} as Effect,
  },
  guards: {
    overdue: guard(guards.overdue),
    unwanted: guard(guards.unwanted),
    leased: guard(guards.leased),
    stale: guard(guards.stale),
    offersLeft: guard(guards.offersLeft),
    stray: guard(guards.stray),
    joined: guard(guards.joined),
    joinedUnwanted: guard(guards.joinedUnwanted),
    provenEmpty: guard(guards.provenEmpty),
    reclaimed: guard(guards.reclaimed),
    ranOut: guard(guards.ranOut),
    impatient: guard(guards.impatient),
    cordonFailed: guard(guards.cordonFailed),
    labelFailed: guard(guards.labelFailed),
    terminationUntried: guard(guards.terminationUntried),
    requestUntried: guard(guards.requestUntried),
    requestUntriedUnwanted: guard(guards.requestUntriedUnwanted),
    outlastsLease: guard(guards.outlastsLease),
    overdueNoded: guard(guards.overdueNoded),
    outlastsNotice: guard(guards.outlastsNotice),
    overdueEnd: guard(guards.overdueEnd),
    nodeless: guard(guards.nodeless),
    overdueNode: guard(guards.overdueNode),
    outdated: guard(guards.outdated),
    nodeReady: guard(guards.nodeReady),
    nodeReadyUnwanted: guard(guards.nodeReadyUnwanted),
    closed: guard(guards.closed),
    reopened: guard(guards.reopened),
    unusable: guard(guards.unusable),
    nodeLost: guard(guards.nodeLost),
  },
  actions: {
    allow: change(changes.allow),
    rest: change(changes.rest),
    endAs: change(changes.endAs),
    tryNextOffer: change(changes.tryNextOffer),
    takeLease: change(changes.takeLease),
    noteNode: change(changes.noteNode),
    labelIfLost: change(changes.labelIfLost),
    loseReadiness: change(changes.loseReadiness),
    serveOut: change(changes.serveOut),
    drainOut: change(changes.drainOut),
    endByOrder: change(changes.endByOrder),
    hurry: change(changes.hurry),
    outlastNotice: change(changes.outlastNotice),
    forgetCordon: change(changes.forgetCordon),
    acknowledgeCordon: change(changes.acknowledgeCordon),
    askLater: change(changes.askLater),
    labelLater: change(changes.labelLater),
    awaitCordon: change(changes.awaitCordon),
    awaitNode: change(changes.awaitNode),
    stopAsking: change(changes.stopAsking),
    noteRisk: change(changes.noteRisk),
    requestCapacity: ask(effects.requestCapacity),
    cancelRequest: ask(effects.cancelRequest),
    labelNode: ask(effects.labelNode),
    cordonNode: ask(effects.cordonNode),
    findNode: ask(effects.findNode),
    terminateInstance: ask(effects.terminateInstance),
    terminateStray: ask(effects.terminateStray),
  },
}).createMachine({
  id: 'block',
  context: ({ input }) => ({ ...input }), // spread, never read: XState also runs this without input
  initial: 'requesting',
  on: {
    'instance.gone': [
      { guard: 'reclaimed', target: '.gone', actions: endAs('interrupted') },
      { guard: 'ranOut', target: '.gone', actions: endAs('expired') },
      { guard: 'leased', target: '.gone', actions: endAs('lost') },
    ],
    'capacity.granted': { guard: 'stray', actions: 'terminateStray' },
    'instance.atRisk': { actions: 'noteRisk' },
    // Levels: what is news in one is found out by `nodeNews.ts`, and an older one than is known says nothing.
    'node.seen': [{ guard: 'outdated' }, { actions: 'noteNode' }],
    'clock.reached': { guard: 'unusable', actions: 'loseReadiness' },
  },
  states: {
    requesting: {
      entry: 'requestCapacity',
      on: {
        'capacity.granted': [
          { guard: 'stale', actions: 'terminateStray' },
          // Wanted or not, its node may be there already with a job on it: only a drain can tell.
          { guard: 'joinedUnwanted', target: 'draining', actions: ['takeLease', 'drainOut'] },
          { guard: 'joined', target: 'serving', actions: 'takeLease' },
          { target: 'joining', actions: 'takeLease' },
        ],
        'capacity.refused': [
          { guard: 'stale' },
          { guard: 'unwanted', target: 'gone' },
          { guard: 'offersLeft', target: 'requesting', reenter: true, actions: ['tryNextOffer', allow('launchMs')] },
          { target: 'resting', actions: [endAs('refused'), 'rest'] },
        ],
        // Cancelling is only asking: the request stays open until the world answers it. It is not made again meanwhile.
        retire: { actions: ['cancelRequest', endAs('retired'), 'stopAsking'] },
        // Nothing has left.
        'effect.untried': askedInVain,
        // No such request is known: the answer to it, or the request itself, was lost.
        'effect.failed': askedInVain,
        'clock.reached': [
          { guard: 'impatient', target: 'requesting', reenter: true, actions: allow('launchMs') },
          { guard: 'overdue', actions: ['cancelRequest', allow('launchMs')] },
        ],
      },
    },
    // Refused everywhere, it keeps its slot until its rest is over. That is all the back-off there is.
    resting: {
      on: {
        retire: 'gone',
        'clock.reached': { guard: 'overdue', target: 'gone' },
      },
    },
    joining: {
      entry: allow('joinMs'),
      on: {
        'node.seen': [
          { guard: 'outdated' },
          { guard: 'nodeReadyUnwanted', target: 'draining', actions: ['noteNode', 'drainOut'] },
          { guard: 'nodeReady', target: 'serving', actions: 'noteNode' },
          { guard: 'nodeless', target: 'terminating', actions: endAs('stillborn') },
          { guard: 'overdueNode', target: 'draining', actions: ['noteNode', endAs('stillborn'), 'drainOut'] },
          { actions: 'noteNode' },
        ],
        // Its node may have joined a moment ago, with a job on it: it is drained once it has, and not ended unseen.
        retire: { actions: endAs('retired') },
        'instance.interrupted': { actions: [endAs('interrupted'), 'hurry'] },
        'clock.reached': [
          { guard: 'overdueEnd', target: 'terminating', actions: endAs('stillborn') },
          { guard: 'overdueNoded', target: 'draining', actions: [endAs('stillborn'), 'drainOut'] },
          // That its node was not heard of does not say that there is none.
          { guard: 'overdue', actions: ['findNode', 'awaitNode'] },
          { guard: 'impatient', actions: ['findNode', 'awaitNode'] },
        ],
      },
    },
    serving: {
      entry: ['serveOut', 'labelNode'],
      on: {
        'node.seen': [{ guard: 'outdated' }, { actions: ['noteNode', 'labelIfLost'] }],
        // Cordoned by people or other tools, it takes no pods and is no supply, but it is not ours to uncordon.
        'effect.failed': { guard: 'labelFailed', actions: 'labelLater' },
        'effect.untried': { guard: 'labelFailed', actions: 'askLater' },
        retire: { target: 'draining', actions: [endAs('retired'), 'endByOrder'] },
        // The end of its lease, until which it was to serve, is no end of a drain.
        'instance.interrupted': { target: 'draining', actions: [endAs('interrupted'), 'hurry', 'drainOut'] },
        // Its pool never retired it. A lease is no guillotine: where AWS imposes no end, its jobs finish.
        'clock.reached': [
          { guard: 'outlastsLease', target: 'draining', actions: [endAs('expired'), 'drainOut'] },
          { guard: 'overdue', target: 'terminating', actions: endAs('expired') },
          // Nothing can start there any more, and what runs there is let finish.
          { guard: 'nodeLost', target: 'draining', actions: ['loseReadiness', endAs('lost'), 'drainOut'] },
          { guard: 'impatient', actions: ['labelNode', 'stopAsking'] },
        ],
      },
    },
    draining: {
      entry: ['cordonNode', 'awaitCordon'],
      on: {
        'node.seen': [
          { guard: 'outdated' },
          { guard: 'reopened', actions: ['noteNode', 'forgetCordon', 'cordonNode', 'awaitCordon'] },
          { guard: 'closed', actions: ['noteNode', 'acknowledgeCordon'] },
          { actions: 'noteNode' },
        ],
        'node.emptied': { guard: 'provenEmpty', target: 'terminating' },
        'effect.failed': { guard: 'cordonFailed', actions: 'askLater' },
        'effect.untried': { guard: 'cordonFailed', actions: 'askLater' },
        'instance.interrupted': { actions: 'hurry' },
        // It drains by itself, or since before a restart, and its pool says until when.
        retire: { actions: 'endByOrder' },
        'clock.reached': [
          { guard: 'outlastsNotice', actions: 'outlastNotice' },
          { guard: 'overdue', target: 'terminating' },
          { guard: 'impatient', actions: ['cordonNode', 'awaitCordon'] },
        ],
      },
    },
    terminating: {
      entry: ['terminateInstance', allow('terminateMs')],
      on: {
        // What EC2 would not do is asked for again at the deadline: it is not stormed.
        'effect.untried': { guard: 'terminationUntried', actions: 'askLater' },
        'clock.reached': [
          { guard: 'overdue', target: 'terminating', reenter: true },
          { guard: 'impatient', target: 'terminating', reenter: true },
        ],
      },
    },
    gone: { type: 'final' },
  },
});

type Params = Record<string, unknown> | undefined;

function guard(holds: (block: BlockContext, event: BlockEvent) => boolean) {
  return ({ context, event }: { context: BlockContext; event: BlockEvent }): boolean => holds(context, event);
}

function change<P extends Params>(apply: (draft: Draft, event: BlockEvent, params: P) => void) {
  return assign<BlockContext, BlockEvent, P, BlockEvent, never>(({ context, event }, params) => {
    const draft = { ...context };
    apply(draft, event, params);
    return draft;
  });
}

function ask(effectOf: (block: BlockContext, event: BlockEvent) => Effect) {
  return emit<BlockContext, BlockEvent, Params, BlockEvent, Effect>(({ context, event }) => effectOf(context, event));
}
