import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../../src/config/mistakes.ts';
import { kubeClient } from '../../../../src/live/kubernetes/kubeClient.ts';
import { loadKubeconfig } from '../../../../src/live/kubernetes/kubeconfig/kubeconfig.ts';
import { openGet } from '../../../../src/live/kubernetes/watch/rawApi.ts';
import { silent } from '../../../../src/live/ports/telemetry.ts';
import { anApiServer, json } from '../anApiServer.ts';
import { aFolder, aKubeconfig, type Folder } from './aKubeconfig.ts';

describe('several kubeconfig files', () => {
  it('are merged as kubectl merges them: the first wins, whole', () => {
    using folder = aFolder();
    folder.write('staging', aKubeconfig('staging'));
    folder.write('production', aKubeconfig('production'));

    expect(folder.load('staging', 'production').getCurrentCluster()?.server).toBe('https://staging.example');
    expect(folder.load('production', 'staging').getCurrentCluster()?.server).toBe('https://production.example');
  });

  it('may name the same things, the same file twice, files that are not there, and nothing', () => {
    using folder = aFolder();
    folder.write('a', { ...aKubeconfig('ci', { user: {} }), 'current-context': '' });
    folder.write('b', aKubeconfig('ci', { cluster: { server: 'https://other.example', 'tls-server-name': 'x' } }));

    const config = folder.load('a', '', 'not-there', 'a', 'b');

    expect(config.getCurrentContext()).toBe('ci');
    expect(config.getCurrentCluster()).toEqual({ name: 'ci', server: 'https://ci.example', skipTLSVerify: false });
    expect(config.getCurrentUser()).toEqual({ name: 'ci' });
  });

  it('that hold nothing leave a pod its own service account, and others without a cluster', () => {
    using folder = aFolder();
    folder.write('empty', '');
    folder.write('pod/token', 'abc\n');
    folder.write('pod/ca.crt', '');
    folder.write('pod/namespace', 'ci\n');
    const environment = { KUBECONFIG: `${folder.path}/empty:${folder.path}/not-there` };

    expect(() => loadKubeconfig({ environment, serviceAccount: `${folder.path}/pod` })).toThrow(
      /not there: .*not-there/,
    );

    const inPod = { ...environment, KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    const config = loadKubeconfig({ environment: inPod, serviceAccount: `${folder.path}/pod` });
    expect(config.getCurrentCluster()?.server).toBe('https://[fd00::1]:443');
    expect(config.getContextObject(config.getCurrentContext())?.namespace).toBe('ci');
  });
});

describe('a file named by a kubeconfig', () => {
  it('is looked for beside the kubeconfig that names it', () => {
    using folder = aFolder();
    for (const name of ['deep/ca.pem', 'deep/cert.pem', 'deep/key.pem']) folder.write(name, '');
    folder.write('deep/config', {
      ...aKubeconfig('ci', {
        user: { 'client-certificate': 'cert.pem', 'client-key': './key.pem' },
        cluster: { 'certificate-authority': 'ca.pem' },
      }),
    });

    const config = folder.load('deep/config');

    expect(config.getCurrentCluster()?.caFile).toBe(`${folder.path}/deep/ca.pem`);
    expect(config.getCurrentUser()).toMatchObject({
      certFile: `${folder.path}/deep/cert.pem`,
      keyFile: `${folder.path}/deep/key.pem`,
    });
  });

  it('is its plug-in where the command has a slash; the plug-in is told what kubectl would tell it', async () => {
    using folder = aFolder();
    await using server = await tellingTheToken();
    folder.write('deep/bin/plugin', PLUGIN);
    chmodSync(`${folder.path}/deep/bin/plugin`, 0o755);
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      ...{ command: './bin/plugin', args: null, env: [{ name: 'WHO', value: 'ci' }] },
      ...{ interactiveMode: 'Never', provideClusterInfo: true },
    };
    folder.write('deep/config', aKubeconfig('ci', { user: { exec }, cluster: { server: server.url } }));

    expect(await tokensSeen(folder, 'deep/config')).toEqual([`Bearer ci-${server.url}`, `Bearer ci-${server.url}`]);
  });
});

describe('a token', () => {
  it.each([
    ['inline, with a line feed', () => ({ token: 'abc\n' })],
    [
      'in a file, with a line feed',
      (folder: Folder) => (folder.write('tokens/one', 'abc\n'), { tokenFile: 'tokens/one' }),
    ],
    [
      'in a file, which goes before the other',
      (folder: Folder) => (folder.write('one', 'abc'), { tokenFile: 'one', token: 'old' }),
    ],
    ['inline, while its file is not there', () => ({ tokenFile: 'none', token: 'abc' })],
  ])('%s is sent as it is meant', async (_, user) => {
    using folder = aFolder();
    await using server = await tellingTheToken();
    folder.write('config', aKubeconfig('ci', { user: user(folder), cluster: { server: server.url } }));

    expect(await tokensSeen(folder, 'config')).toEqual(['Bearer abc', 'Bearer abc']);
  });

  it('in a file is read again when it was exchanged, and the last one stays while there is none', async () => {
    using folder = aFolder();
    await using server = await tellingTheToken();
    folder.write('token', 'one\n');
    folder.write('config', aKubeconfig('ci', { user: { tokenFile: 'token' }, cluster: { server: server.url } }));
    const config = folder.load('config');

    expect(await tokenSeen(config)).toBe('Bearer one');
    folder.write('token', 'two\n');
    expect(await tokenSeen(config)).toBe('Bearer two');
    folder.write('token', '');
    expect(await tokenSeen(config)).toBe('Bearer two');
  });

  it('of a service account ends in a line feed and is sent without', async () => {
    using folder = aFolder();
    await using server = await tellingTheToken();
    folder.write('token', 'pod\n');
    folder.write('ca.crt', '');
    const { port } = new URL(server.url);
    const environment = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: port };
    const config = loadKubeconfig({ environment, serviceAccount: folder.path });
    // The test's server has no certificate.
    config.clusters = config.clusters.map(({ name, skipTLSVerify }) => ({ name, skipTLSVerify, server: server.url }));

    expect(await tokenSeen(config)).toBe('Bearer pod');
  });
});

describe('a kubeconfig that cannot be followed', () => {
  it.each([
    ['what is no YAML', 'a: [', /broken:1:\d+: /],
    ['an alias of nothing', 'users: [*a]', /broken:1:9: expected an anchor &a before \*a, found none/],
    [
      'an alias of itself',
      'users: &a [{ name: a, user: *a }, *a]',
      /expected aliases that can be written out|expected/,
    ],
    ['lists in lists without end', '['.repeat(200), /expected at most 100 levels, found more/],
    [
      'a number for a server',
      { clusters: [{ name: 'ci', cluster: { server: 12 } }] },
      /clusters\[0\]\.cluster\.server: expected text, found 12/,
    ],
    [
      'two clusters of a name',
      { clusters: [{ name: 'ci' }, { name: 'ci' }] },
      /clusters\[1\]\.name: expected each cluster once, found "ci" again/,
    ],
    ['another kind', { apiVersion: 'v1', kind: 'Pod' }, /kind: expected one of Config/],
    [
      'a context that is not there',
      { 'current-context': 'prod' },
      /current-context: expected a context that one of the files has, found "prod"; known are: none/,
    ],
    [
      'a cluster that is not there',
      { ...aKubeconfig('ci'), clusters: [] },
      /contexts\[0\]\.context\.cluster: expected a cluster that one of the files has, found "ci"/,
    ],
    [
      'a user that is not there',
      { ...aKubeconfig('ci'), users: [] },
      /contexts\[0\]\.context\.user: expected a user that one of the files has, found "ci"/,
    ],
    [
      'two ways to log in',
      aKubeconfig('ci', { user: { token: 'a', username: 'b', password: 'c' } }),
      /expected one way to log in, found a token and username and password/,
    ],
    [
      'a token file that is not there',
      aKubeconfig('ci', { user: { tokenFile: 'none' } }),
      /tokenFile: expected a file, cannot read \/.*none/,
    ],
    [
      'groups to act as',
      aKubeconfig('ci', { user: { token: 'a', as: 'b', 'as-groups': ['c'] } }),
      /as-groups: cannot be sent/,
    ],
    [
      'a certificate without a key',
      aKubeconfig('ci', { user: { 'client-certificate-data': 'YQ==' } }),
      /expected a client-key beside/,
    ],
    [
      'an unknown log-in',
      aKubeconfig('ci', { user: { 'auth-provider': { name: 'x' } } }),
      /auth-provider\.name: expected one of oidc/,
    ],
    [
      'a plug-in that asks people',
      aKubeconfig('ci', {
        user: { exec: { command: 'x', apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Always' } },
      }),
      /interactiveMode: expected Never or IfAvailable, found Always/,
    ],
    [
      'a proxy of another kind',
      aKubeconfig('ci', { cluster: { 'proxy-url': 'ftp://x' } }),
      /proxy-url: expected an address that begins/,
    ],
    [
      'two ways to trust',
      aKubeconfig('ci', { cluster: { 'certificate-authority-data': 'YQ==', 'insecure-skip-tls-verify': true } }),
      /insecure-skip-tls-verify: expected no certificate authority beside it/,
    ],
  ])('is refused for %s, with its place', (_, content, message) => {
    using folder = aFolder();
    folder.write('broken', content);

    const load = (): unknown => folder.load('broken');

    expect(load).toThrow(BadInput);
    expect(load).toThrow(message);
    expect(load).toThrow(/broken:\d+:\d+: /);
  });

  it('tells the mistakes of all files at once', () => {
    using folder = aFolder();
    folder.write('a', 'clusters: 5');
    folder.write('b', 'users: 5');

    expect(() => folder.load('a', 'b')).toThrow(/\/a:1:11: clusters.*\n.*\/b:1:8: users/);
  });
});

/** A credential plug-in that says who it was started for. */
const PLUGIN = `#!/usr/bin/env node
const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
const { apiVersion, kind } = info;
console.log(JSON.stringify({ apiVersion, kind, status: { token: process.env.WHO + '-' + info.spec.cluster.server } }));
`;

/** An API server whose every node is called by the token that was sent. */
const tellingTheToken = () =>
  anApiServer(({ headers }, response) => {
    json(response, { apiVersion: 'v1', kind: 'Node', metadata: { name: headers.authorization } });
  });

async function tokenSeen(config: ReturnType<typeof loadKubeconfig>): Promise<string | undefined> {
  const kube = kubeClient({ telemetry: silent, config });
  const answer = await kube.call('get nodes', () => kube.core.readNode({ name: 'a' }));
  return answer.kind === 'ok' ? answer.value.metadata?.name : answer.message;
}

/** What the typed client sends, and the client of the watches. */
async function tokensSeen(folder: Folder, name: string): Promise<readonly (string | undefined)[]> {
  const config = folder.load(name);
  const { config: usable } = kubeClient({ telemetry: silent, config });
  const response = await openGet(usable, { path: '/api', idleMs: 5_000, signal: AbortSignal.timeout(5_000) });
  let text = '';
  for await (const chunk of response as AsyncIterable<string>) text += chunk;
  return [await tokenSeen(config), (JSON.parse(text) as { metadata: { name: string } }).metadata.name];
}
