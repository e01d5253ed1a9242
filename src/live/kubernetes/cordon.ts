import { PatchStrategy, setHeaderOptions, type V1Node } from '@kubernetes/client-node';
import { labelsOfBlock, NODE_LABEL } from '../../domain/nodeLabels.ts';
import { type Instant, isoOf, seconds } from '../../domain/time.ts';
import { placeOf } from '../../domain/words.ts';
import type { Clock } from '../ports/clock.ts';
import type { Kube, KubeAnswer } from './kubeClient.ts';
import type { KubeFailure } from './kubeFailure.ts';
import { asSent, type KubeObject } from './kubeObject.ts';
import { CLOSING_TAINTS, MARK } from './marks.ts';
import { instanceIdIn, type SeenNode } from './nodes.ts';
import { routingTaint } from './routing.ts';

/** What makes sure that a name still means the node that was meant. */
export interface NodeIdentity {
  /** The node as it was seen; its uid must still be the same. */
  readonly seen: SeenNode;
  /** The instance that must be under it. */
  readonly instanceId: string;
}

/** What a cordon writes on the node. */
export interface CordonMark {
  readonly blockId: string;
  /** By when the node is to be empty. */
  readonly deadline: Instant;
}

interface Marking {
  readonly kube: Kube;
  readonly clock: Clock;
  /** Is given the node as the server returned it: the watch may still show it as it was before. */
  readonly wrote: (node: KubeObject) => void;
}

/**
 * Closes a node for new pods and marks it as ours: unschedulable, a taint with the deadline, annotations. Answers when
 * the server had acknowledged it. Doing it again is no harm; the first `draining-since` stays.
 *
 * A node that was never labelled, as that of a block which drains as soon as it joins, is labelled first: the admission
 * policy lets the keeper close only what was a block's before.
 */
export async function cordonNode(
  { kube, clock, wrote }: Marking,
  identity: NodeIdentity,
  { blockId, deadline }: CordonMark,
): Promise<KubeAnswer<{ readonly ackAt: Instant }>> {
  let isAsked = false;
  const done = await patchNode({ kube, wrote }, 'cordon nodes', identity, async ({ metadata, spec }) => {
    if (metadata?.labels?.[NODE_LABEL.pool] === undefined && !isAsked) {
      // Once: a cluster that refuses the label may still let the node be closed, and that matters more.
      isAsked = true;
      await labelNode({ kube, wrote }, identity, labelsOfBlock(placeOf(blockId)?.pool ?? '', blockId));
      return 'read again';
    }
    const annotations = metadata?.annotations ?? {};
    const isOurs = annotations[MARK.drainingSince] !== undefined;
    const wasCordoned = spec?.unschedulable === true && !isOurs;
    return {
      unschedulable: true,
      taints: [
        ...withoutOurs(spec?.taints),
        // Rounded up: a deadline that has not come must not look past.
        { key: MARK.draining, value: String(Math.ceil(deadline / seconds(1))), effect: 'NoSchedule' },
        { key: MARK.closedForAutoscaler, value: 'true', effect: 'NoSchedule' },
      ],
      annotations: {
        ...annotations,
        [MARK.drainingSince]: annotations[MARK.drainingSince] ?? isoOf(clock.now()),
        [MARK.block]: blockId,
        ...(wasCordoned && { [MARK.cordonedBefore]: 'true' }),
      },
    };
  });
  return done.kind === 'ok' ? { kind: 'ok', value: { ackAt: clock.now() } } : done;
}

/** Opens a node that we closed, but for a cordon that was there before ours. A node without our mark stays as it is. */
export async function uncordonNode(
  { kube, wrote }: Omit<Marking, 'clock'>,
  identity: NodeIdentity,
): Promise<KubeAnswer<undefined>> {
  return patchNode({ kube, wrote }, 'uncordon nodes', identity, ({ metadata, spec }) => {
    const annotations = metadata?.annotations ?? {};
    const tainted = spec?.taints?.some(({ key }) => key === MARK.draining) === true;
    if (annotations[MARK.drainingSince] === undefined && !tainted) return undefined;
    const left = Object.entries(annotations).filter(([key]) => !OUR_ANNOTATIONS.has(key));
    return {
      unschedulable: annotations[MARK.cordonedBefore] === 'true',
      taints: withoutOurs(spec?.taints),
      annotations: Object.fromEntries(left),
    };
  });
}

/** Puts labels on a node, and tells Cluster Autoscaler that it is none of its own. */
export async function labelNode(
  { kube, wrote }: Omit<Marking, 'clock'>,
  { seen }: NodeIdentity,
  labels: Readonly<Record<string, string>>,
): Promise<KubeAnswer<undefined>> {
  // The uid makes the server refuse the patch where the name means another node by now.
  const metadata = { uid: seen.uid, labels, annotations: { [MARK.notAutoscaled]: 'false' } };
  const answer = await kube.call(
    'label nodes',
    () => kube.core.patchNode({ name: seen.name, body: { metadata } }, patchOf(PatchStrategy.MergePatch)),
    { mutating: true },
  );
  if (answer.kind === 'failed') return answer;
  tell(wrote, answer.value);
  return { kind: 'ok', value: undefined };
}

/** Lets only pods on a node that tolerate the taint of its pool; one that is there already stays as it is. */
export const routeNode = (
  marking: Omit<Marking, 'clock'>,
  identity: NodeIdentity,
  pool: string,
): Promise<KubeAnswer<undefined>> =>
  patchNode(marking, 'route nodes', identity, ({ metadata, spec }) => {
    const taints = spec?.taints ?? [];
    const own = routingTaint(pool);
    if (taints.some(({ key, value, effect }) => key === own.key && value === own.value && effect === own.effect))
      return undefined;
    return {
      unschedulable: spec?.unschedulable === true,
      taints: [...taints.filter(({ key, effect }) => key !== own.key || effect !== own.effect), own],
      annotations: metadata?.annotations ?? {},
    };
  });

/** Asks pods to avoid a node, or no longer. */
export const discourageNode = (
  marking: Omit<Marking, 'clock'>,
  identity: NodeIdentity,
  discouraged: boolean,
): Promise<KubeAnswer<undefined>> =>
  patchNode(marking, 'discourage nodes', identity, ({ metadata, spec }) => {
    const taints = spec?.taints ?? [];
    const others = taints.filter(({ key, effect }) => key !== MARK.givingBack || effect !== 'PreferNoSchedule');
    if (others.length < taints.length === discouraged) return undefined;
    return {
      unschedulable: spec?.unschedulable === true,
      taints: discouraged ? [...others, { key: MARK.givingBack, value: 'true', effect: 'PreferNoSchedule' }] : others,
      annotations: metadata?.annotations ?? {},
    };
  });

/** The watch tells of our own write later, and until then what was before it. */
function tell(wrote: Marking['wrote'], node: V1Node): void {
  const object = asSent(node);
  if (object !== undefined) wrote(object);
}

/** A taint as it is sent. */
interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** What a node is to be like; undefined leaves it as it is. */
type Wish = (node: V1Node) => Wished | Promise<Wished>;

type Wished =
  | {
      readonly unschedulable: boolean;
      readonly taints: readonly Taint[];
      readonly annotations: Readonly<Record<string, string>>;
    }
  | 'read again'
  | undefined;

/**
 * Reads a node and patches it as it was read: a list of taints can only be written as a whole, so a patch that was
 * decided on an older state would undo what others wrote meanwhile. Then it is read, and decided, again.
 */
async function patchNode(
  { kube, wrote }: Omit<Marking, 'clock'>,
  action: string,
  identity: NodeIdentity,
  wish: Wish,
): Promise<KubeAnswer<undefined>> {
  const { name } = identity.seen;
  let last: KubeFailure | undefined;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const read = await kube.call('get nodes', () => kube.core.readNode({ name }));
    if (read.kind === 'failed') return read;
    const stranger = strangerIn(read.value, identity);
    if (stranger !== undefined) return stranger;
    const wished = await wish(read.value);
    if (wished === 'read again') continue;
    if (wished === undefined) return { kind: 'ok', value: undefined };
    const body = [
      { op: 'test', path: '/metadata/resourceVersion', value: read.value.metadata?.resourceVersion },
      // `add` also replaces, and is the only one that does not mind whether the field was there.
      { op: 'add', path: '/spec/unschedulable', value: wished.unschedulable },
      { op: 'add', path: '/spec/taints', value: wished.taints },
      { op: 'add', path: '/metadata/annotations', value: wished.annotations },
    ];
    const patched = await kube.call(
      action,
      () => kube.core.patchNode({ name, body }, patchOf(PatchStrategy.JsonPatch)),
      { mutating: true },
    );
    if (patched.kind === 'ok') {
      tell(wrote, patched.value);
      return { kind: 'ok', value: undefined };
    }
    last = patched;
    // A `test` that fails is answered with 422, and a write that came between with 409.
    if (patched.class !== 'conflict' && patched.code !== 422) break;
  }
  return last ?? { kind: 'failed', class: 'conflict', message: `${name} changes too often` };
}

/** Kubelet and others write to a node every few seconds; so many collisions in a row are no accident. */
const MOST_TRIES = 6;

function strangerIn(node: V1Node, { seen, instanceId }: NodeIdentity): KubeFailure | undefined {
  const found = instanceIdIn(node.spec?.providerID ?? '');
  if (node.metadata?.uid === seen.uid && instanceId === found) return undefined;
  return {
    kind: 'failed',
    class: 'conflict',
    message: `${seen.name} is another node now, of ${found ?? 'no instance that is known'}`,
  };
}

/** A taint of our key with another effect was put there by others, and is theirs to take away. */
const withoutOurs = (taints: readonly Taint[] | undefined): readonly Taint[] =>
  (taints ?? []).filter(
    ({ key, effect }) => !CLOSING_TAINTS.some((own) => own.key === key && own.effects.some((one) => one === effect)),
  );

const OUR_ANNOTATIONS: ReadonlySet<string> = new Set([MARK.drainingSince, MARK.block, MARK.cordonedBefore]);

const patchOf = (strategy: string): ReturnType<typeof setHeaderOptions> => setHeaderOptions('Content-Type', strategy);
