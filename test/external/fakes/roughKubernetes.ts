import { type Door, doorTo, type Passing, type Rejection } from './door.ts';

/**
 * A door that does to new objects what the admission of a real API server does and the simulated one leaves out: a node
 * is born with the taint that it is not ready, which only somebody else takes off, and a pod needs its namespace's
 * default ServiceAccount.
 */
export const roughKubernetes = (url: string): Promise<Door> =>
  doorTo(url, {
    onRequest: async ({ method, path, body }: Passing) => {
      if (method !== 'POST') return body;
      if (/^\/api\/v1\/nodes(?:\?|$)/.test(path)) return tainted(body);
      const [, namespace] = /^\/api\/v1\/namespaces\/([^/]+)\/pods(?:\?|$)/.exec(path) ?? [];
      if (namespace === undefined) return body;
      const account = await fetch(`${url}/api/v1/namespaces/${namespace}/serviceaccounts/default`);
      await account.arrayBuffer();
      return account.ok ? body : noAccount(namespace);
    },
  });

const TAINT = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

function tainted(body: string): string {
  // What the client sends is a Node, or the server behind refuses it.
  const node = JSON.parse(body) as { readonly spec?: { readonly taints?: readonly unknown[] } };
  return JSON.stringify({ ...node, spec: { ...node.spec, taints: [...(node.spec?.taints ?? []), TAINT] } });
}

const noAccount = (namespace: string): Rejection => ({
  status: 403,
  contentType: 'application/json',
  body: JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason: 'Forbidden',
    code: 403,
    message: `pods is forbidden: error looking up service account ${namespace}/default: serviceaccount "default" not found`,
  }),
});
