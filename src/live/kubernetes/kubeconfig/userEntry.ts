import path from 'node:path';
import type { User } from '@kubernetes/client-node';
import type { ClusterFields, Entry, ExecFields, UserFields } from './kubeconfigFile.ts';
import { byPlugin, type Plugin } from './plugin.ts';
import { isReadable, placeOfFile, type Say } from './saying.ts';
import { byTokenFile } from './tokenFile.ts';

/** Log-ins by name that the client knows. */
const PROVIDERS: readonly string[] = ['oidc', 'azure', 'gcp'];

/** Versions of the protocol of credential plug-ins that kubectl knows (Kubernetes documentation, "Authenticating"). */
const EXEC_VERSIONS: readonly string[] = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/**
 * A user of a kubeconfig as the client takes it. What kubectl refuses, and what the client could not do, is said: no
 * credential is left out of the calls without a word.
 */
export function userOf(entry: Entry<UserFields>, cluster: Entry<ClusterFields>, say: Say): User {
  const { fields, name } = entry;
  const { exec, 'auth-provider': provider, username, password } = fields;
  const tokenFile = placeOfFile(entry, fields.tokenFile);
  const token = fields.token.trim();
  const certFile = placeOfFile(entry, fields['client-certificate']);
  const keyFile = placeOfFile(entry, fields['client-key']);
  const ways = [
    ...(token === '' && tokenFile === undefined ? [] : ['a token']),
    ...(username === '' && password === '' ? [] : ['username and password']),
    ...(exec == null ? [] : ['exec']),
    ...(provider == null ? [] : ['auth-provider']),
  ];
  if (ways.length > 1) say([], `expected one way to log in, found ${ways.join(' and ')}: keep one`);
  if (tokenFile !== undefined && token === '' && !isReadable(tokenFile))
    say(['tokenFile'], `expected a file, cannot read ${tokenFile}`);
  certificateMistakes(entry, certFile, keyFile, say);
  impersonationMistakes(fields, say);
  if (provider != null && !PROVIDERS.includes(provider.name))
    say(['auth-provider', 'name'], `expected one of ${PROVIDERS.join(', ')}, or a plug-in under exec`);
  return {
    name,
    ...(certFile === undefined ? {} : { certFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
    ...(fields['client-certificate-data'] === '' ? {} : { certData: fields['client-certificate-data'] }),
    ...(fields['client-key-data'] === '' ? {} : { keyData: fields['client-key-data'] }),
    ...(username === '' ? {} : { username, password }),
    ...(fields.as === '' ? {} : { impersonateUser: fields.as }),
    ...(exec == null ? {} : { authProvider: byPlugin(pluginOf(entry, exec, cluster, say)) }),
    ...(provider == null ? {} : { authProvider: { name: provider.name, config: provider.config ?? {} } }),
    ...(tokenFile === undefined ? {} : { authProvider: byTokenFile(tokenFile, token) }),
    ...(token === '' || tokenFile !== undefined ? {} : { token }),
  };
}

function certificateMistakes(
  { fields }: Entry<UserFields>,
  certFile: string | undefined,
  keyFile: string | undefined,
  say: Say,
): void {
  const certData = fields['client-certificate-data'];
  const keyData = fields['client-key-data'];
  if (certFile !== undefined && certData !== '')
    say(['client-certificate-data'], 'expected either this or client-certificate, found both: remove one');
  if (keyFile !== undefined && keyData !== '')
    say(['client-key-data'], 'expected either this or client-key, found both: remove one');
  const hasCertificate = certFile !== undefined || certData !== '';
  const hasKey = keyFile !== undefined || keyData !== '';
  if (hasCertificate && !hasKey) say([], 'expected a client-key beside the client-certificate, found none');
  if (hasKey && !hasCertificate) say([], 'expected a client-certificate beside the client-key, found none');
  if (certFile !== undefined && !isReadable(certFile))
    say(['client-certificate'], `expected a file, cannot read ${certFile}`);
  if (keyFile !== undefined && !isReadable(keyFile)) say(['client-key'], `expected a file, cannot read ${keyFile}`);
}

/** The client sends no more of these than the user's name: without the rest, the calls would have other rights. */
function impersonationMistakes(fields: UserFields, say: Say): void {
  const remedy = 'this client can send only `as`: make a kubeconfig whose user has these rights itself';
  if (fields['as-uid'] !== '') say(['as-uid'], `cannot be sent; ${remedy}`);
  if (fields['as-groups'].length > 0) say(['as-groups'], `cannot be sent; ${remedy}`);
  if (Object.keys(fields['as-user-extra'] ?? {}).length > 0) say(['as-user-extra'], `cannot be sent; ${remedy}`);
}

/** A credential plug-in as the client starts it, with what kubectl tells one in `KUBERNETES_EXEC_INFO`. */
function pluginOf(entry: Entry<UserFields>, exec: ExecFields, { fields }: Entry<ClusterFields>, say: Say): Plugin {
  const { apiVersion, interactiveMode, args, env, provideClusterInfo } = exec;
  if (exec.command === '') say(['exec', 'command'], 'expected the command of a credential plug-in, found none');
  if (!EXEC_VERSIONS.includes(apiVersion)) say(['exec', 'apiVersion'], `expected one of ${EXEC_VERSIONS.join(', ')}`);
  if (interactiveMode === 'Always')
    say(['exec', 'interactiveMode'], 'expected Never or IfAvailable, found Always: the plug-in can ask nobody here');
  else if (!['Never', 'IfAvailable', ''].includes(interactiveMode))
    say(['exec', 'interactiveMode'], 'expected Never or IfAvailable');
  const info = {
    kind: 'ExecCredential',
    apiVersion,
    spec: { interactive: false, ...(provideClusterInfo ? { cluster: clusterInfo(fields) } : {}) },
  };
  return {
    // A name without a slash is looked for in PATH.
    command: exec.command.includes(path.sep) ? (placeOfFile(entry, exec.command) ?? '') : exec.command,
    args,
    env: [
      ...env.map(({ name, value }) => ({ name, value })),
      { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) },
    ],
  };
}

/** What a plug-in is told of the cluster (client.authentication.k8s.io, `Cluster`). */
function clusterInfo(fields: ClusterFields): Record<string, unknown> {
  const extension = fields.extensions.find(({ name }) => name === 'client.authentication.k8s.io/exec')?.extension;
  return Object.fromEntries(
    Object.entries({
      server: fields.server,
      'tls-server-name': fields['tls-server-name'],
      'insecure-skip-tls-verify': fields['insecure-skip-tls-verify'],
      'certificate-authority-data': fields['certificate-authority-data'],
      'proxy-url': fields['proxy-url'],
      config: extension,
    }).filter(([, value]) => value !== '' && value !== false && value !== undefined),
  );
}
