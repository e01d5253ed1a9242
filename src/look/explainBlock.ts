import { type Block, viewOf } from '../block/block.ts';
import type { Instant } from '../domain/time.ts';
import { type BlockState, type Lease, placeOf } from '../domain/words.ts';
import type { OwnInstance } from '../live/aws/inventory/inventory.ts';
import { isFinal } from '../live/aws/inventory/ownInstance.ts';
import { drift } from '../live/aws/template/template.ts';
import type { Pool } from '../pool/pool.ts';
import type { TightBudget } from './budgets.ts';
import { deedsOf } from './deeds.ts';
import { type Due, dueOf } from './explainPool.ts';
import type { Found } from './found.ts';
import type { Look } from './look.ts';
import type { ClusterFound, NodeFound, PodFound } from './lookAtCluster.ts';
import { poolPicture } from './poolPicture.ts';
import { counted, lengthText, whenText } from './words.ts';

/** One block as people ask about it. */
export interface BlockExplained {
  readonly id: string;
  readonly pool: string;
  /** `unknown` where it cannot be told, `absent` where there is no such block. */
  readonly state: BlockState | 'unknown' | 'absent';
  readonly because: string;
  /** What would be done about it now, in words. */
  readonly now: readonly string[];
  /** What is due if nothing happens, soonest first. */
  readonly next: readonly Due[];
  /** What keeps it from going on: jobs, people, budgets, others that have to leave first. */
  readonly inTheWay: readonly string[];
  readonly lease: Lease | undefined;
  /** EC2's own word for the instance's state. */
  readonly instanceState: string | undefined;
  readonly node: NodeFound | undefined;
  readonly jobs: readonly PodFound[];
  /** Whether it was made from another template than its group has now. */
  readonly template: string;
  /** What the ledger says of it, a sentence each. */
  readonly ledger: readonly string[];
}

/** Why a block is as it is. The id must be a block's, and its pool one of the file's. */
export function explainBlock(
  look: Look,
  pool: Pool,
  id: string,
  budgets: Found<readonly TightBudget[]>,
): BlockExplained {
  const block = look.foresight.now.before.blocks.get(id);
  const instance = instanceOf(look, id);
  const cluster = look.cluster.kind === 'known' ? look.cluster.value : undefined;
  const node = nodeFoundOf(cluster, instance);
  const jobs = node === undefined || cluster === undefined ? [] : cluster.jobsOn(node.name);
  const picture = poolPicture(
    pool,
    { ...look.foresight.now.before, memories: look.foresight.now.after.memories },
    look.at,
    look.quotes.get(pool.spec.name),
  );
  const view = block === undefined ? undefined : viewOf(block);
  return {
    id,
    pool: pool.spec.name,
    ...stateOf(look, block, instance, node),
    now: deedsOf(look.foresight.now, [pool], look.quotes)
      .filter((deed) => deed.block === id)
      .map(({ what, because }) => `${what}: ${because}`),
    next: view === undefined ? [] : dueOf(view, picture, look.at),
    inTheWay: [
      ...waitsForOthers(look, id, picture.times.get(id)?.drainAt),
      ...(node === undefined || cluster === undefined ? [] : inTheWay(cluster, node, jobs, budgets)),
    ],
    lease: instance?.lease,
    instanceState: instance?.state,
    ...{ node, jobs },
    template: templateText(look, pool.spec.name, instance),
    ledger: ledgerText(look, id),
  };
}

/** The newest instance of a block: one that lives before one that is over. */
function instanceOf({ inventory, alive }: Look, id: string): OwnInstance | undefined {
  const all = inventory.kind === 'known' ? inventory.instances : [];
  return (
    alive.find(({ blockId }) => blockId === id) ??
    all.filter(({ blockId }) => blockId === id).toSorted((one, other) => other.lease.startsAt - one.lease.startsAt)[0]
  );
}

const nodeFoundOf = (cluster: ClusterFound | undefined, instance: OwnInstance | undefined): NodeFound | undefined => {
  const seen = instance === undefined ? undefined : cluster?.nodeOf(instance.instanceId);
  return cluster?.nodes.find(({ uid }) => uid === seen?.uid);
};

function stateOf(
  { inventory, cluster, ledger, foresight }: Look,
  block: Block | undefined,
  instance: OwnInstance | undefined,
  node: NodeFound | undefined,
): Pick<BlockExplained, 'state' | 'because'> {
  if (block !== undefined) return { state: block.state, because: whyState(block, node) };
  if (instance !== undefined && isFinal(instance.state)) {
    const reason = instance.stateReason === undefined ? '' : `, ${instance.stateReason}`;
    return { state: 'gone', because: `its instance ${instance.instanceId} is ${instance.state}${reason}` };
  }
  const unread = [inventory, cluster, ledger].find(({ kind }) => kind === 'unknown');
  if (unread?.kind === 'unknown') return { state: 'unknown', because: unread.why };
  // There is one of that id, and another instance stands for the block.
  if (instance !== undefined)
    return { state: 'unknown', because: 'its instance is not one that a keeper would take in' };
  const [living] = [...foresight.now.before.blocks.keys()];
  return {
    state: 'absent',
    because: `no instance of the fleet has its tags${living === undefined ? '; there is no block at all' : ''}`,
  };
}

function whyState({ state, context }: Block, node: NodeFound | undefined): string {
  switch (state) {
    case 'requesting':
      return `by the ledger EC2 is asked for it, as try ${context.attempt}, and no instance is seen yet`;
    case 'joining':
      return node === undefined
        ? 'its instance is there, and no node of it'
        : `its node ${node.name} is not ready${node.pressure ? ' and runs short of something' : ''}`;
    case 'serving':
      return node?.cordoned === true
        ? 'its node is cordoned, and not by the keeper, which leaves it so and counts it for nothing'
        : 'its node is ready and takes jobs';
    case 'draining':
      return 'the keeper has cordoned its node';
    case 'resting':
    case 'terminating':
    case 'gone':
      return 'as it was found';
  }
}

function inTheWay(
  cluster: ClusterFound,
  node: NodeFound,
  jobs: readonly PodFound[],
  budgets: Found<readonly TightBudget[]>,
): readonly string[] {
  const others = cluster.pods.filter((pod) => pod.node === node.name && !pod.job && pod.evictable && !pod.terminating);
  const stuck =
    budgets.kind === 'unknown'
      ? []
      : others.flatMap((pod) =>
          budgets.value
            .filter(({ namespace, covers }) => namespace === pod.namespace && covers(pod.labels))
            .map(
              ({ name }) =>
                `${pod.namespace}/${pod.name} cannot be evicted: the disruption budget ${name} lets nobody go. The block waits for it for timeouts.evict after its cordon, and no longer`,
            ),
        );
  return [
    ...(jobs.length === 0
      ? []
      : [
          `${counted(jobs.length, 'job')} must finish: ${jobs.map((pod) => `${pod.namespace}/${pod.name}`).join(', ')}`,
        ]),
    ...(node.held ? ['people asked to leave the node as it is (annotation spot-keeper.io/hold)'] : []),
    ...stuck,
    ...(budgets.kind === 'unknown' && others.length > 0
      ? [`whether disruption budgets hold ${counted(others.length, 'other pod')} is not known: ${budgets.why}`]
      : []),
  ];
}

/** A block past its time to drain that goes on serving waits for others of its pool. */
function waitsForOthers({ foresight, at }: Look, id: string, drainAt: Instant | undefined): readonly string[] {
  const after = foresight.now.after.blocks.get(id);
  return after?.state === 'serving' && drainAt !== undefined && at >= drainAt
    ? [`its time to drain came at ${whenText(drainAt)}; it waits, for maxUnavailable lets no more blocks leave at once`]
    : [];
}

function templateText({ templates }: Look, pool: string, instance: OwnInstance | undefined): string {
  if (instance === undefined) return 'nothing is launched';
  const resolution = templates.get(pool);
  if (instance.templateHash === '') return 'nobody wrote down what it was made from';
  if (resolution?.kind !== 'resolved') return `made from ${instance.templateHash}; what the group has now is not known`;
  const { hash } = resolution.template;
  return drift(resolution.template, instance.templateHash)
    ? `made from ${instance.templateHash}, and the group's template is ${hash} now: its successor will be made from that`
    : `made from ${hash}, as the group's template is now`;
}

function ledgerText({ ledger, at }: Look, id: string): readonly string[] {
  if (ledger.kind === 'unknown') return [`it cannot be read: ${ledger.why}`];
  const state = ledger.value;
  if (state === undefined) return ['no keeper has written any yet'];
  const place = placeOf(id);
  const slot = `${place?.pool ?? ''}-${place?.slot ?? ''}`;
  const last = Object.hasOwn(state.generations, slot) ? state.generations[slot] : undefined;
  const launches = Object.keys(state.launches).filter((token) => token.slice(0, token.lastIndexOf('.')) === id);
  const ends = Object.entries(state.terminations).filter(([, { blockId }]) => blockId === id);
  return [
    last === undefined ? `slot ${slot} was never used` : `the last generation of ${slot} is ${last}`,
    ...launches.map((token) => `a launch is written down as ${token}, and what came of it is not`),
    ...ends.map(
      ([instanceId, { at: since }]) =>
        `the end of ${instanceId} was asked for at ${whenText(since)}, ${lengthText(at - since)} ago`,
    ),
  ];
}
