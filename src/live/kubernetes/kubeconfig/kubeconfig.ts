import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { BadInput, type Mistake } from '../../../config/mistakes.ts';
import { clusterOf } from './clusterEntry.ts';
import type { ClusterFields, ContextFields, Entry, UserFields } from './kubeconfigFile.ts';
import { type Merged, mergeFiles } from './kubeconfigFiles.ts';
import { plugins } from './plugin.ts';
import { isReadable, sayingInto } from './saying.ts';
import { byTokenFile, tokenFiles } from './tokenFile.ts';
import { userOf } from './userEntry.ts';

/** Where a kubeconfig is looked for. */
export interface KubeconfigPlaces {
  /** The variables `KUBECONFIG`, `HOME`, `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT`; those of the process if left out. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The folder with a pod's token, certificate authority and namespace; Kubernetes' own if left out. */
  readonly serviceAccount?: string;
}

/** Where a pod finds its service account (Kubernetes documentation, "Accessing the API from a Pod"). */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The cluster and the user that kubectl would take: those of the current context of the files in `KUBECONFIG`, or of
 * `~/.kube/config`; where these hold nothing at all, a pod's own service account. Tokens in files are read again for each call.
 *
 * @throws BadInput with every mistake by file, line and column; also where a file asks for what this client cannot do, and where no
 * cluster is named
 */
export function loadKubeconfig({
  environment = process.env,
  serviceAccount = SERVICE_ACCOUNT,
}: KubeconfigPlaces = {}): KubeConfig {
  const named = environment['KUBECONFIG'] ?? '';
  const home = environment['HOME'] ?? '';
  const usual = home === '' ? [] : [path.join(home, '.kube', 'config')];
  const files = named === '' ? usual : named.split(path.delimiter).filter((file) => file !== '');
  const merged = mergeFiles(files);
  const isEmpty = merged.current === undefined && merged.clusters.size + merged.contexts.size + merged.users.size === 0;
  const own = isEmpty ? inCluster(environment, serviceAccount) : undefined;
  if (own !== undefined) return own;
  if (merged.current === undefined) throw new BadInput([nothingNamed(merged)]);
  return configOf(merged, merged.current);
}

function configOf(merged: Merged, current: NonNullable<Merged['current']>): KubeConfig {
  const mistakes: Mistake[] = [];
  const context = merged.contexts.get(current.name);
  if (context === undefined) {
    const { source } = current.file;
    const known = [...merged.contexts.keys()].join(', ') || 'none';
    throw new BadInput([
      {
        ...{ file: source.file, ...source.placeOf(['current-context']), path: 'current-context' },
        message: `expected a context that one of the files has, found ${JSON.stringify(current.name)}; known are: ${known}`,
      },
    ]);
  }
  const cluster = namedBy(context, 'cluster', merged.clusters, mistakes);
  const user = namedBy(context, 'user', merged.users, mistakes);
  if (cluster !== undefined) {
    const usesCertificate =
      user !== undefined && user.fields['client-certificate'] + user.fields['client-certificate-data'] !== '';
    const ofCluster = clusterOf(cluster, usesCertificate, sayingInto(mistakes, cluster));
    // A context without a user sends no credentials; the client needs an entry for its certificates all the same.
    const ofUser = user === undefined ? { name: '' } : userOf(user, cluster, sayingInto(mistakes, user));
    if (mistakes.length === 0) {
      const { namespace } = context.fields;
      return made({
        clusters: [ofCluster],
        users: [ofUser],
        contexts: [
          { name: context.name, cluster: cluster.name, user: ofUser.name, ...(namespace === '' ? {} : { namespace }) },
        ],
        currentContext: context.name,
      });
    }
  }
  throw new BadInput(mistakes);
}

/** The cluster or the user of a context. One that is named and is not there is a mistake; only a user may be left out. */
function namedBy<Fields extends ClusterFields | UserFields>(
  context: Entry<ContextFields>,
  kind: 'cluster' | 'user',
  entries: ReadonlyMap<string, Entry<Fields>>,
  mistakes: Mistake[],
): Entry<Fields> | undefined {
  const name = context.fields[kind];
  const entry = entries.get(name);
  if (entry !== undefined || (name === '' && kind === 'user')) return entry;
  const known = [...entries.keys()].join(', ') || 'none';
  sayingInto(mistakes, context)(
    [kind],
    `expected a ${kind} that one of the files has, found ${JSON.stringify(name)}; known are: ${known}`,
  );
  return undefined;
}

function nothingNamed({ missing }: Merged): Mistake {
  const found = missing.length === 0 ? 'none' : `none (not there: ${missing.join(', ')})`;
  return {
    file: 'KUBECONFIG',
    message: `expected a current context that names a cluster, found ${found}; run inside a cluster or set KUBECONFIG`,
  };
}

/** A pod's own access; undefined outside of a cluster. */
function inCluster(environment: Readonly<Record<string, string | undefined>>, folder: string): KubeConfig | undefined {
  const host = environment['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '';
  const tokenFile = path.join(folder, 'token');
  if (host === '' || port === '' || !isReadable(tokenFile)) return undefined;
  const name = 'in-cluster';
  const namespaceFile = path.join(folder, 'namespace');
  const namespace = isReadable(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : '';
  return made({
    clusters: [
      {
        ...{ name, skipTLSVerify: false, caFile: path.join(folder, 'ca.crt') },
        server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      },
    ],
    users: [{ name, authProvider: byTokenFile(tokenFile) }],
    contexts: [{ name, cluster: name, user: name, ...(namespace === '' ? {} : { namespace }) }],
    currentContext: name,
  });
}

function made(options: Pick<KubeConfig, 'clusters' | 'users' | 'contexts' | 'currentContext'>): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions(options);
  config.addAuthenticator(tokenFiles());
  config.addAuthenticator(plugins());
  return config;
}
