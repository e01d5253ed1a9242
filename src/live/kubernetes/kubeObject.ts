import { z } from 'zod';

/** What every object of the API server has. The rest of it is read by whoever prunes it. */
export interface KubeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | null | undefined;
    readonly uid: string;
    readonly resourceVersion: string;
  };
}

/** Checks that something is an object of the API server. Throws TypeError if it is not. */
export function objectIn(raw: unknown): KubeObject {
  const object = OBJECT.safeParse(raw);
  if (!object.success) throw new TypeError('an object without name, uid or resourceVersion');
  return object.data;
}

/** Says of which object something cannot be read, and what: `node-a is no node that can be read: spec.taints is not as documented`. */
export function unreadable({ metadata }: KubeObject, kind: string, { issues }: z.ZodError): TypeError {
  const [issue] = issues;
  const what = issue === undefined ? '' : `: ${issue.path.join('.')} is not as documented`;
  return new TypeError(`${metadata.name} is no ${kind} that can be read${what}`);
}

/**
 * What the server sent before the client made dates of it; undefined for an object that cannot be read, of which the watch
 * tells.
 */
export function asSent(answered: object): KubeObject | undefined {
  try {
    return objectIn(JSON.parse(JSON.stringify(answered)));
  } catch {
    return undefined;
  }
}

/** `<namespace>/<name>`: what an object is called. Another object may bear the name later, with another uid. */
export const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/**
 * Whether one resourceVersion is older than another of the same resource, or undefined where nobody can tell. They are
 * integers that may be compared since Kubernetes 1.35, and have always been where etcd counts them.
 */
export function isOlder(one: string, other: string): boolean | undefined {
  if (one === other) return false;
  if (!INTEGER.test(one) || !INTEGER.test(other)) return undefined;
  return one.length === other.length ? one < other : one.length < other.length;
}

const INTEGER = /^[1-9]\d*$/;

const OBJECT = z.looseObject({
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().nullish(),
    uid: z.string().min(1),
    resourceVersion: z.string().min(1),
  }),
});
