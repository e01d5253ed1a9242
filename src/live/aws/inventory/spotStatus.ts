import { DescribeSpotInstanceRequestsCommand, type SpotInstanceRequest } from '@aws-sdk/client-ec2';
import { after, type Instant } from '../../../domain/time.ts';
import { TAG } from '../../ports/tags.ts';
import type { Answer } from '../calls/answer.ts';
import { everyPage, type Page } from '../calls/pages.ts';
import { NOTICE_MS } from './goneCause.ts';
import type { InventorySettings } from './inventory.ts';

/** What EC2 says of the instances that it takes back, or why that is not known. */
export type Reclaims =
  | {
      readonly kind: 'known';
      /** When EC2 was asked: what it decided later is not in it. */
      readonly takenAt: Instant;
      /** By instance id, when EC2 takes it. */
      readonly reclaimAt: ReadonlyMap<string, Instant>;
    }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * The status codes of a spot request whose instance EC2 takes, or has taken and may still show as running (EC2 user guide, "Spot
 * request status"). Not among them: what we or our people ended ourselves.
 */
export const RECLAIM_CODES: readonly string[] = [
  'marked-for-termination',
  'marked-for-stop',
  'instance-terminated-no-capacity',
  'instance-terminated-by-price',
  'instance-terminated-by-service',
  'instance-terminated-launch-group-constraint',
  'instance-stopped-no-capacity',
  'instance-stopped-by-price',
];

/**
 * Asks which spot requests of the fleet EC2 is taking the instances of: one call and nearly always one short page, however many
 * instances there are. It finds what the queue has lost, and everything where there is no queue. Never throws.
 */
export async function readReclaims({ aws, caller, fleet, clock }: InventorySettings): Promise<Reclaims> {
  const takenAt = clock.now();
  const list = await everyPage(async (token): Promise<Answer<Page<SpotInstanceRequest>>> => {
    const answer = await caller.call('ec2', 'DescribeSpotInstanceRequests', (abortSignal) =>
      aws.ec2.send(
        new DescribeSpotInstanceRequestsCommand({
          Filters: [
            { Name: `tag:${TAG.fleet}`, Values: [fleet] },
            { Name: 'status-code', Values: [...RECLAIM_CODES] },
          ],
          ...(token === undefined ? {} : { NextToken: token }),
        }),
        { abortSignal },
      ),
    );
    if (answer.kind === 'failed') return answer;
    const { SpotInstanceRequests: items, NextToken: nextToken } = answer.value;
    return { kind: 'ok', value: { items, nextToken } };
  });
  if (list.kind === 'unknown') return list;
  const reclaimAt = new Map<string, Instant>();
  for (const { InstanceId: instanceId, Status: status } of list.items) {
    // Filters are not trusted: an endpoint may take no notice of them.
    if (instanceId === undefined || !RECLAIM_CODES.includes(status?.Code ?? '')) continue;
    const markedAt = status?.UpdateTime?.getTime() ?? Number.NaN;
    const dueAt = after(Number.isNaN(markedAt) ? takenAt : markedAt, NOTICE_MS);
    // One that is late is on its way: EC2 says so now, and not when. So it has the usual time from now.
    reclaimAt.set(instanceId, dueAt > takenAt ? dueAt : after(takenAt, NOTICE_MS));
  }
  return { kind: 'known', takenAt, reclaimAt };
}
