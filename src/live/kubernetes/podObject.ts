import { z } from 'zod';
import { type KubeObject, unreadable } from './kubeObject.ts';
import type { PodTraits } from './podTraits.ts';
import type { ContainerSeen } from './workEnd.ts';

/** The fields of a Pod that are read. Throws TypeError for an object that is no pod. */
export function podIn(object: KubeObject): PodData {
  const pod = POD.safeParse(object);
  if (!pod.success) throw unreadable(object, 'pod', pod.error);
  return pod.data;
}

/** What of a pod tells what it is for. */
export function traitsOf({ metadata, spec }: PodData): PodTraits {
  const { namespace, name } = metadata;
  const annotations = metadata.annotations ?? {};
  const owners = metadata.ownerReferences ?? [];
  const controller = owners.find((owner) => owner.controller === true);
  return {
    ...{ namespace, name, annotations, labels: metadata.labels ?? {}, restartPolicy: spec.restartPolicy ?? 'Always' },
    daemonSet: owners.some(({ kind }) => kind === 'DaemonSet'),
    mirror: annotations['kubernetes.io/config.mirror'] !== undefined || owners.some(({ kind }) => kind === 'Node'),
    owner:
      controller === undefined
        ? undefined
        : { group: groupOf(controller.apiVersion), kind: controller.kind, name: controller.name ?? '' },
    tolerates: (spec.tolerations ?? []).flatMap(({ key, effect }) =>
      key == null || key === '' || effect === 'PreferNoSchedule' ? [] : [key],
    ),
    containers: (spec.containers ?? []).map((container) => ({
      name: container.name,
      image: container.image ?? '',
      words: [...(container.command ?? []), ...(container.args ?? [])],
      variables: (container.env ?? []).map((variable) => variable.name),
    })),
  };
}

/** `apps/v1` is of the group `apps`, and `v1` of the core. */
const groupOf = (apiVersion: string | null | undefined): string =>
  apiVersion?.includes('/') === true ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

/** Its regular containers: those that it is to have, and those of which kubelet tells. */
export function containersOf({ spec, status }: PodData): readonly ContainerSeen[] {
  const statuses = new Map((status.containerStatuses ?? []).map((one) => [one.name ?? '', one]));
  const specs = new Map((spec.containers ?? []).map((one) => [one.name, one]));
  return [...new Set([...specs.keys(), ...statuses.keys()])].map((name) => {
    const { restartPolicy, restartPolicyRules } = specs.get(name) ?? {};
    const { finishedAt, exitCode } = statuses.get(name)?.state?.terminated ?? {};
    return {
      name,
      restarts: restartPolicyRules == null ? (restartPolicy ?? undefined) : 'unreadable',
      ended:
        typeof finishedAt === 'string' ? { at: Date.parse(finishedAt), exitCode: exitCode ?? undefined } : undefined,
    };
  });
}

const TEXTS = z.record(z.string(), z.string()).nullish();
const TIME = z.iso.datetime({ offset: true }).nullish();
const STATUS = z.object({
  name: z.string().nullish(),
  state: z.object({ terminated: z.object({ finishedAt: TIME, exitCode: z.number().nullish() }).nullish() }).nullish(),
});
const WORDS = z.array(z.string()).nullish();
const CONTAINER = z.object({
  name: z.string().default(''),
  image: z.string().nullish(),
  command: WORDS,
  args: WORDS,
  env: z.array(z.object({ name: z.string().default('') })).nullish(),
  restartPolicy: z.string().nullish(),
  restartPolicyRules: z.array(z.unknown()).nullish(),
});
const OWNER = z.object({
  apiVersion: z.string().nullish(),
  kind: z.string(),
  name: z.string().nullish(),
  controller: z.boolean().nullish(),
});

const POD = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    labels: TEXTS,
    annotations: TEXTS,
    creationTimestamp: TIME,
    deletionTimestamp: TIME,
    ownerReferences: z.array(OWNER).nullish(),
  }),
  spec: z.object({
    nodeName: z.string().nullish(),
    restartPolicy: z.string().nullish(),
    tolerations: z
      .array(z.object({ key: z.string().nullish(), effect: z.string().nullish() }))
      .nullish()
      .catch(undefined),
    // What cannot be read of them is unknown, and the pod is busy.
    containers: z.array(CONTAINER).nullish().catch(undefined),
  }),
  // The phase of a pod without a status is unknown.
  status: z
    .object({
      phase: z.string().nullish(),
      startTime: TIME,
      containerStatuses: z.array(STATUS).nullish(),
    })
    .nullish()
    .transform((status) => status ?? {}),
});
export type PodData = z.infer<typeof POD>;
