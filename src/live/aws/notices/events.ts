import { z } from 'zod';
import { after, type Instant } from '../../../domain/time.ts';
import { NOTICE_MS } from '../inventory/goneCause.ts';
import { INSTANCE_STATES, type InstanceState } from '../inventory/ownInstance.ts';

/** What an event says about instances. */
export type Interruption =
  /** EC2 takes the instance at that instant. */
  | { readonly kind: 'reclaim'; readonly instanceId: string; readonly reclaimAt: Instant }
  /** The risk of interruption is elevated. */
  | { readonly kind: 'atRisk'; readonly instanceId: string }
  | { readonly kind: 'state'; readonly instanceId: string; readonly state: InstanceState }
  /** AWS has scheduled something for these instances: a retirement, a maintenance. */
  | { readonly kind: 'health'; readonly instanceIds: readonly string[] };

/** What one event is to the keeper. `other`: it concerns no instance, or nothing here reads it. */
export type ReadEvent =
  | { readonly kind: 'news'; readonly region: string | undefined; readonly news: Interruption }
  | { readonly kind: 'other' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Reads one event of EventBridge, as JSON was parsed. Never throws. */
export function eventIn(value: unknown): ReadEvent {
  const envelope = Envelope.safeParse(value);
  if (!envelope.success) return unreadable('no event of EventBridge');
  const { source, 'detail-type': detailType, region, time, detail } = envelope.data;
  const kind = KINDS.get(`${source} ${detailType}`);
  if (kind === undefined) return { kind: 'other' };
  const read = kind.safeParse({ ...detail, time: Date.parse(time) });
  if (!read.success) return unreadable(`detail of ${detailType}`);
  return read.data === undefined ? { kind: 'other' } : { kind: 'news', region, news: read.data };
}

export const unreadable = (why: string): ReadEvent => ({ kind: 'unreadable', why });

const Envelope = z.object({
  source: z.string(),
  'detail-type': z.string(),
  region: z.string().optional(),
  time: z.iso.datetime({ offset: true }),
  // `resources` is a list in most events and a string in one, and says nothing that `detail` does not.
  detail: z.record(z.string(), z.unknown()),
});

const InstanceId = z.string().regex(/^i-[0-9a-f]{1,64}$/);

/** What is read of a detail, with the event's own time beside it. */
type Kind = z.ZodType<Interruption | undefined>;

const Warning: Kind = z
  // What EC2 does to it (terminate, stop, hibernate) makes no difference: its jobs end. So the action is not read.
  .object({ time: z.number(), 'instance-id': InstanceId })
  .transform((detail) => ({
    kind: 'reclaim',
    instanceId: detail['instance-id'],
    reclaimAt: after(detail.time, NOTICE_MS),
  }));

const ReservationWarning: Kind = z
  .object({ 'instance-id': InstanceId, 'instance-termination-time': z.iso.datetime({ offset: true }) })
  .transform((detail) => ({
    kind: 'reclaim',
    instanceId: detail['instance-id'],
    reclaimAt: Date.parse(detail['instance-termination-time']),
  }));

const Rebalance: Kind = z
  .object({ 'instance-id': InstanceId })
  .transform((detail) => ({ kind: 'atRisk', instanceId: detail['instance-id'] }));

const StateChange: Kind = z.object({ 'instance-id': InstanceId, state: z.string() }).transform((detail) => {
  // A state that EC2 has learnt since is no reason to distrust the message.
  const state = INSTANCE_STATES.find((one) => one === detail.state);
  return state === undefined ? undefined : { kind: 'state', instanceId: detail['instance-id'], state };
});

const Health: Kind = z
  .object({
    service: z.string(),
    eventTypeCategory: z.string(),
    affectedEntities: z.array(z.object({ entityValue: z.string().optional() })).optional(),
  })
  .transform(({ service, eventTypeCategory, affectedEntities = [] }) => {
    if (service !== 'EC2' || eventTypeCategory !== 'scheduledChange') return undefined;
    const instanceIds = affectedEntities.flatMap(({ entityValue }) => InstanceId.safeParse(entityValue).data ?? []);
    return instanceIds.length === 0 ? undefined : { kind: 'health', instanceIds };
  });

/** By source and detail-type, as AWS writes them. */
const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['aws.ec2 EC2 Spot Instance Interruption Warning', Warning],
  ['aws.ec2 EC2 Capacity Reservation Instance Interruption Warning', ReservationWarning],
  ['aws.ec2 EC2 Instance Rebalance Recommendation', Rebalance],
  ['aws.ec2 EC2 Instance State-change Notification', StateChange],
  ['aws.health AWS Health Event', Health],
]);
