import { z } from 'zod';
import { BORN_WITH, POD_MARK } from '../kubernetes/marks.ts';

/** The response to a review, or why it cannot be read. */
export type Reviewed = { readonly response: object } | { readonly unreadable: string };

/**
 * Returns the response to the AdmissionReview of a pod that is created. No pod is refused. It gets a short delay unless it brings one along.
 * The same as what the MutatingAdmissionPolicy of the chart does, for clusters before Kubernetes 1.36.
 */
export function reviewed(text: string): Reviewed {
  const review = REVIEW.safeParse(jsonIn(text));
  if (!review.success) return { unreadable: 'expected an AdmissionReview of admission.k8s.io/v1' };
  const { apiVersion, kind, request } = review.data;
  const pod = POD.safeParse(request.object);
  const patch = pod.success && request.operation === 'CREATE' ? patchOf(pod.data.metadata.annotations) : [];
  const changes = patch.length === 0 ? {} : { patchType: 'JSONPatch', patch: base64(JSON.stringify(patch)) };
  return { response: { apiVersion, kind, response: { uid: request.uid, allowed: true, ...changes } } };
}

/** A JSON patch (RFC 6902). */
function patchOf(annotations: Readonly<Record<string, string>> | null | undefined): readonly object[] {
  if (annotations == null)
    return [{ op: 'add', path: '/metadata/annotations', value: { [POD_MARK.delay]: BORN_WITH } }];
  if (Object.hasOwn(annotations, POD_MARK.delay)) return [];
  return [{ op: 'add', path: `/metadata/annotations/${pointer(POD_MARK.delay)}`, value: BORN_WITH }];
}

/** A key as a part of a JSON pointer (RFC 6901). */
const pointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const REVIEW = z.object({
  apiVersion: z.literal('admission.k8s.io/v1'),
  kind: z.literal('AdmissionReview'),
  request: z.object({ uid: z.string().min(1).max(1_000), operation: z.string(), object: z.unknown() }),
});

const POD = z.object({
  kind: z.literal('Pod'),
  metadata: z.object({ annotations: z.record(z.string(), z.string()).nullish() }),
});
