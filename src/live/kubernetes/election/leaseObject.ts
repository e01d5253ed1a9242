import { type CoordinationV1Api, V1Lease, V1LeaseSpec, V1MicroTime, V1ObjectMeta } from '@kubernetes/client-node';
import { z } from 'zod';
import { type Instant, type Millis, seconds } from '../../../domain/time.ts';
import type { Kube, KubeAnswer } from '../kubeClient.ts';

/** The one Lease object that the keepers of a fleet contend for. */
export interface LeaseObject {
  /** What it says now; fails with `not-found` where there is none. */
  read(timeoutMs: Millis): Promise<KubeAnswer<LeaseRecord>>;
  /** Writes a claim over the record it is based on, or creates the object; a `conflict` means that somebody was faster. */
  write(over: LeaseRecord | undefined, claim: Claim, timeoutMs: Millis): Promise<KubeAnswer<LeaseRecord>>;
}

/** What a lease object said. */
export interface LeaseRecord {
  /** Empty: nobody holds it. */
  readonly holder: string;
  /** How long its holder asked others to wait after it last changed. */
  readonly durationMs: Millis;
  /** `leaseTransitions`: how often the holder has changed. */
  readonly tenure: number;
  /** When the holder began to hold it, by the holder's wall clock. Compared for equality only. */
  readonly acquiredAt: Instant | undefined;
  /** All that the record says and its version as one text, to see that it was written, whatever clock its holder has. */
  readonly words: string;
  /** As it came, so that what people or other tools added survives our write. */
  readonly lease: V1Lease;
}

/** What a holder writes. Its times are for people: nobody judges by another machine's clock. */
export interface Claim {
  /** Empty to release the lease. */
  readonly holder: string;
  readonly durationMs: Millis;
  readonly tenure: number;
  readonly acquiredAt: Instant;
}

/** What is used of the API server. */
export interface LeaseApi extends Pick<Kube, 'call'> {
  readonly coordination: Pick<
    CoordinationV1Api,
    'readNamespacedLease' | 'createNamespacedLease' | 'replaceNamespacedLease'
  >;
}

export function leaseObject({
  kube,
  namespace,
  name,
}: {
  readonly kube: LeaseApi;
  readonly namespace: string;
  readonly name: string;
}): LeaseObject {
  const lease = kube.coordination;
  return {
    read: async (timeoutMs) =>
      recordIn(await kube.call('get leases', () => lease.readNamespacedLease({ namespace, name }), { timeoutMs })),
    write: async (over, claim, timeoutMs) => {
      const spec = specOf(claim, over?.lease.spec);
      const metadata = over?.lease.metadata ?? Object.assign(new V1ObjectMeta(), { namespace, name });
      const body = Object.assign(new V1Lease(), over?.lease, { metadata, spec });
      const options = { timeoutMs, mutating: true };
      // The metadata carries the resourceVersion, which makes the API server refuse a write over anything newer.
      return recordIn(
        over === undefined
          ? await kube.call('create leases', () => lease.createNamespacedLease({ namespace, body }), options)
          : await kube.call('update leases', () => lease.replaceNamespacedLease({ namespace, name, body }), options),
      );
    },
  };
}

/** Whether a record is what this claim has written, or somebody else's work. */
export const isOf = (record: LeaseRecord, claim: Claim | undefined): boolean =>
  claim !== undefined &&
  record.holder === claim.holder &&
  record.tenure === claim.tenure &&
  record.acquiredAt === claim.acquiredAt;

const specOf = (claim: Claim, before: V1LeaseSpec | undefined): V1LeaseSpec =>
  Object.assign(new V1LeaseSpec(), before, {
    holderIdentity: claim.holder,
    leaseDurationSeconds: Math.max(1, Math.ceil(claim.durationMs / seconds(1))),
    leaseTransitions: claim.tenure,
    acquireTime: new V1MicroTime(claim.acquiredAt),
    // The wall clock of this machine, for people who look at the lease.
    renewTime: new V1MicroTime(Date.now()),
  });

/** Typed as dates, but the library hands times of microseconds on as the text that came. */
const time = z.union([z.string(), z.date()]).nullish();

const leaseShape = z.object({
  metadata: z.object({ resourceVersion: z.string().min(1) }),
  spec: z
    .object({
      holderIdentity: z.string().nullish(),
      leaseDurationSeconds: z.number().nonnegative().nullish(),
      leaseTransitions: z.int().nonnegative().nullish(),
      acquireTime: time,
      renewTime: time,
    })
    .nullish(),
});

/** A lease that cannot be read is no free lease: it counts as a failed call. */
function recordIn(answer: KubeAnswer<V1Lease>): KubeAnswer<LeaseRecord> {
  if (answer.kind === 'failed') return answer;
  const read = leaseShape.safeParse(answer.value);
  if (!read.success)
    return { kind: 'failed', class: 'malformed', message: `an unreadable lease: ${z.prettifyError(read.error)}` };
  const spec = read.data.spec ?? {};
  const acquiredAt = spec.acquireTime == null ? Number.NaN : new Date(spec.acquireTime).getTime();
  return {
    kind: 'ok',
    value: {
      holder: spec.holderIdentity ?? '',
      durationMs: seconds(spec.leaseDurationSeconds ?? 0),
      tenure: spec.leaseTransitions ?? 0,
      acquiredAt: Number.isNaN(acquiredAt) ? undefined : acquiredAt,
      words: JSON.stringify([read.data.metadata.resourceVersion, spec]),
      lease: answer.value,
    },
  };
}
