import { z } from 'zod';
import { ALWAYS, after, type Instant, seconds } from '../../domain/time.ts';
import { isKnownTaint, isStartUpTaint } from './knownTaints.ts';
import { type KubeObject, unreadable } from './kubeObject.ts';
import { MARK } from './marks.ts';
import { isKeepingOff, TAINT_WRITTEN } from './nodeTaint.ts';

/** A Node, as far as the keeper needs it. */
export interface SeenNode {
  readonly name: string;
  /** Another node may bear the name later, with another uid. */
  readonly uid: string;
  /** The EC2 instance under it; undefined until the cloud's controller has said so, and for nodes of no EC2 instance. */
  readonly instanceId: string | undefined;
  /** Undefined where the server does not say. */
  readonly createdAt: Instant | undefined;
  /** It takes pods as far as kubelet and everything that starts up on it say; a cordon does not count here. */
  readonly ready: boolean;
  /** Since when kubelet, or the controller that misses it, says that it is not ready. */
  readonly unreadySince: Instant | undefined;
  /** Keys of taints that keep pods off it, and of which we do not know what they mean. */
  readonly strangeTaints: readonly string[];
  readonly cordoned: boolean;
  /** It bears our mark of draining: without it, a cordon is somebody else's. */
  readonly ours: boolean;
  /** By when our mark says that it is drained. */
  readonly drainBy: Instant | undefined;
  /** Somebody asked the keeper to leave it as it is: the annotation `spot-keeper.io/hold`. */
  readonly held: boolean;
  /** It bears our wish that pods avoid it. */
  readonly discouraged: boolean;
  /** It says that memory, disk or processes run short, or that it has no network. */
  readonly pressure: boolean;
  /** Its well-known labels, and ours. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What is kept of a Node. Throws TypeError for an object that is none. */
export function seenNode(object: KubeObject): SeenNode {
  const node = NODE.safeParse(object);
  if (!node.success) throw unreadable(object, 'node', node.error);
  const { metadata, spec, status } = node.data;
  const annotations = metadata.annotations ?? {};
  const taints = spec?.taints ?? [];
  const conditions = status?.conditions ?? [];
  const readiness = conditions.find(({ type }) => type === 'Ready');
  const drainTaint = taints.find(({ key }) => key === MARK.draining);
  const drainSeconds = Number(drainTaint?.value === '' ? NaN : (drainTaint?.value ?? NaN));
  return {
    name: metadata.name,
    uid: metadata.uid,
    instanceId: instanceIdIn(spec?.providerID ?? ''),
    createdAt: typeof metadata.creationTimestamp === 'string' ? Date.parse(metadata.creationTimestamp) : undefined,
    ready: readiness?.status === 'True' && !taints.some(({ key }) => isStartUpTaint(key)),
    unreadySince:
      typeof readiness?.lastTransitionTime === 'string' && readiness.status !== 'True'
        ? Date.parse(readiness.lastTransitionTime)
        : undefined,
    strangeTaints: taints.filter((taint) => isKeepingOff(taint) && !isKnownTaint(taint.key)).map(({ key }) => key),
    cordoned: spec?.unschedulable === true,
    ours: drainTaint !== undefined || annotations[MARK.drainingSince] !== undefined,
    drainBy: Number.isFinite(drainSeconds) ? after(0, seconds(drainSeconds)) : undefined,
    // Anything but a plain no: whoever writes the annotation wants the node left alone.
    held: annotations[MARK.hold] !== undefined && annotations[MARK.hold] !== 'false',
    discouraged: taints.some(({ key }) => key === MARK.givingBack),
    pressure: conditions.some(({ type, status: is }) => PRESSURES.has(type) && is === 'True'),
    labels: Object.fromEntries(
      Object.entries(metadata.labels ?? {}).filter(([key]) => LABELS.has(key) || key.startsWith(MARK.prefix)),
    ),
  };
}

/** `aws:///eu-west-1a/i-0123`, `aws:////i-0123` and the bare id: what counts is the last segment, if it is an instance's. */
export function instanceIdIn(providerId: string): string | undefined {
  const last = providerId.slice(providerId.lastIndexOf('/') + 1);
  return last.startsWith('i-') ? last : undefined;
}

/** Nodes by their instance: the only way in which the two meet. */
export interface NodesByInstance {
  /** Takes a node's newest state. */
  readonly put: (node: SeenNode) => void;
  readonly remove: (node: SeenNode) => void;
  /** The node of an instance: of several that claim to be it, the one created last. */
  readonly of: (instanceId: string) => SeenNode | undefined;
  /** All that claim to be the same instance as this one, this one included: pods may be bound to the name of any. */
  readonly besides: (node: SeenNode) => readonly SeenNode[];
}

export function nodesByInstance(): NodesByInstance {
  const claims = new Map<string, SeenNode[]>();
  const without = ({ instanceId, uid }: SeenNode): SeenNode[] =>
    (claims.get(instanceId ?? '') ?? []).filter((one) => one.uid !== uid);

  const put = (node: SeenNode): void => {
    if (node.instanceId === undefined) return;
    const all = [...without(node), node];
    // The uid decides between nodes of the same second, so that every keeper decides alike.
    const bornAt = ({ createdAt = ALWAYS }: SeenNode): Instant => createdAt;
    all.sort((one, other) => bornAt(other) - bornAt(one) || (one.uid < other.uid ? 1 : -1));
    claims.set(node.instanceId, all);
  };
  const remove = (node: SeenNode): void => {
    if (node.instanceId === undefined) return;
    const left = without(node);
    if (left.length === 0) claims.delete(node.instanceId);
    else claims.set(node.instanceId, left);
  };
  return {
    ...{ put, remove },
    of: (instanceId) => claims.get(instanceId)?.[0],
    besides: (node) => [node, ...without(node)],
  };
}

const PRESSURES: ReadonlySet<string> = new Set(['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable']);

const LABELS: ReadonlySet<string> = new Set([
  'node.kubernetes.io/instance-type',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'kubernetes.io/arch',
  'kubernetes.io/os',
  'kubernetes.io/hostname',
  'karpenter.sh/capacity-type',
  'karpenter.sh/nodepool',
  'eks.amazonaws.com/nodegroup',
  'eks.amazonaws.com/capacityType',
]);

const TEXTS = z.record(z.string(), z.string()).nullish();
/** Since when a condition holds is not worth a node: a time that cannot be read is unknown. */
const SINCE = z.iso.datetime({ offset: true }).nullish().catch(undefined);
const NODE = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    // Of one node in a list that says nothing of it, or nothing that can be read, the others must not be lost.
    creationTimestamp: z.iso.datetime({ offset: true }).nullish().catch(undefined),
    labels: TEXTS,
    annotations: TEXTS,
  }),
  spec: z
    .object({
      providerID: z.string().nullish(),
      unschedulable: z.boolean().nullish(),
      taints: z.array(TAINT_WRITTEN).nullish(),
    })
    .nullish(),
  status: z
    .object({
      conditions: z.array(z.object({ type: z.string(), status: z.string(), lastTransitionTime: SINCE })).nullish(),
    })
    .nullish(),
});
