import { execFileSync, spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../../src/config/mistakes.ts';
import { aFolder } from './aKubeconfig.ts';

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

/** Few names, so that files meet in them. */
const name = fc.constantFrom('a', 'b', 'c');
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });
const cluster = fc.record(
  {
    server: fc.constantFrom('https://one.example', 'https://two.example:6443/k8s/', 'http://three.example'),
    'tls-server-name': fc.constantFrom('x', ''),
    'insecure-skip-tls-verify': fc.boolean(),
    'proxy-url': fc.constantFrom('http://proxy.example', ''),
  },
  { requiredKeys: ['server'] },
);
const user = fc.record(
  { token: fc.constantFrom('t1', 't2', ''), as: fc.constantFrom('somebody', '') },
  { requiredKeys: [] },
);
const context = fc.record(
  { cluster: name, user: maybe(name), namespace: fc.constantFrom('n1', '') },
  { requiredKeys: ['cluster'] },
);
const named = (key: string, entry: fc.Arbitrary<unknown>) =>
  maybe(
    fc
      .uniqueArray(fc.tuple(name, entry), { selector: ([one]) => one, maxLength: 3 })
      .map((list) => list.map(([one, fields]) => ({ name: one, [key]: fields }))),
  );
const file = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      'current-context': maybe(fc.constantFrom('a', 'b', '')),
      clusters: named('cluster', cluster),
      contexts: named('context', context),
      users: named('user', user),
    }),
  },
  { weight: 1, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

describe.skipIf(!hasKubectl)('beside the kubectl of this machine', () => {
  it('the same cluster, user and namespace are taken from any files', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 4 }), (files) => {
        using folder = aFolder();
        const names = files.map((content, index) => {
          if (content !== undefined) folder.write(`f${index}`, content);
          return `f${index}`;
        });
        const theirs = kubectlView(names.map((one) => join(folder.path, one)));
        const ours = view(() => folder.load(...names));
        // Where kubectl's view lacks a cluster or a user that its context names, its calls are refused as ours are.
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 25 },
    );
  });
});

interface View {
  readonly context: string;
  readonly server: string;
  readonly serverName: string;
  readonly skips: boolean;
  readonly proxy: string;
  readonly token: string;
  readonly as: string;
  readonly namespace: string;
}

function view(load: () => ReturnType<ReturnType<typeof aFolder>['load']>): View | 'refused' {
  try {
    const config = load();
    const { server = '', tlsServerName = '', skipTLSVerify = false, proxyUrl = '' } = config.getCurrentCluster() ?? {};
    const { token = '', impersonateUser = '' } = config.getCurrentUser() ?? {};
    return {
      context: config.getCurrentContext(),
      ...{ server, serverName: tlsServerName, skips: skipTLSVerify, proxy: proxyUrl, token, as: impersonateUser },
      namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? '',
    };
  } catch (error) {
    if (error instanceof BadInput) return 'refused';
    throw error;
  }
}

/** What `kubectl config view` shows of the current context, where its calls would have a cluster and a user. */
function kubectlView(files: readonly string[]): View | 'refused' {
  const args = ['config', 'view', '--minify', '--flatten', '--raw', '-o', 'json'];
  let text: string;
  try {
    text = execFileSync('kubectl', args, {
      env: { ...process.env, KUBECONFIG: files.join(delimiter) },
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    });
  } catch {
    return 'refused';
  }
  // What kubectl prints of a kubeconfig has this form.
  const shown = JSON.parse(text) as Shown;
  const [{ context }] = shown.contexts;
  const cluster = shown.clusters?.find((one) => one.name === context.cluster)?.cluster;
  const user = shown.users?.find((one) => one.name === context.user)?.user;
  if (cluster === undefined || (user === undefined && context.user !== '')) return 'refused';
  return {
    context: shown['current-context'],
    ...{ server: cluster['server'] ?? '', serverName: cluster['tls-server-name'] ?? '' },
    ...{ skips: Boolean(cluster['insecure-skip-tls-verify']), proxy: cluster['proxy-url'] ?? '' },
    ...{ token: user?.['token'] ?? '', as: user?.['as'] ?? '', namespace: context.namespace ?? '' },
  };
}

interface Shown {
  readonly 'current-context': string;
  readonly contexts: readonly [
    { readonly context: { readonly cluster: string; readonly user: string; readonly namespace?: string } },
  ];
  readonly clusters: readonly { readonly name: string; readonly cluster: Readonly<Record<string, string>> }[] | null;
  readonly users: readonly { readonly name: string; readonly user: Readonly<Record<string, string>> }[] | null;
}
