import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { byPlugin, plugins } from '../../../../src/live/kubernetes/kubeconfig/plugin.ts';
import { comesTrue } from '../../../support/comesTrue.ts';
import { aFolder, type Folder } from './aKubeconfig.ts';

const credential = (status: object): string => JSON.stringify({ kind: 'ExecCredential', status });

/** A plug-in that does this after it has noted that it was started, by its own process id. */
function aPlugin(folder: Folder, script: string, longestMs = 60_000) {
  const command = folder.write('plugin', `#!/bin/sh\necho $$ >> '${folder.path}/started'\n${script}\n`);
  chmodSync(command, 0o755);
  const user = { name: 'ci', authProvider: byPlugin({ command, args: [], env: [{ name: 'WHO', value: 'ci' }] }) };
  const logIn = plugins({ longestMs });
  return {
    started: () => {
      const file = join(folder.path, 'started');
      return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
    },
    /** What a call is sent with. */
    called: async () => {
      const options: { headers?: Record<string, string>; cert?: string; key?: string } = {};
      await logIn.applyAuthentication(user, options);
      return options;
    },
  };
}

const says = (output: string): string => `cat <<'END'\n${output}\nEND`;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a credential plug-in', () => {
  it('is started once for calls that come together, and again when its credential has run out', async () => {
    using folder = aFolder();
    const lasting = aPlugin(folder, says(credential({ token: 'abc\n' })));
    const [one, other] = await Promise.all([lasting.called(), lasting.called()]);
    expect([one, other, await lasting.called()]).toEqual(Array(3).fill({ headers: { Authorization: 'Bearer abc' } }));
    expect(lasting.started()).toHaveLength(1);

    const over = aPlugin(folder, says(credential({ token: 'b', expirationTimestamp: '2020-01-01T00:00:00Z' })));
    await over.called();
    await over.called();
    expect(over.started()).toHaveLength(3);
  });

  it('may give a certificate with its key', async () => {
    using folder = aFolder();
    const { called } = aPlugin(folder, says(credential({ clientCertificateData: 'C', clientKeyData: 'K' })));
    expect(await called()).toEqual({ cert: 'C', key: 'K' });
  });

  it('that hangs is started once, and ended with all that it has started', async () => {
    using folder = aFolder();
    const { called, started } = aPlugin(folder, `sleep 600 &\necho $! >> '${folder.path}/started'\nwait`, 500);
    const calls = await Promise.allSettled([called(), called(), called()]);
    expect(calls.map((call) => (call.status === 'rejected' ? String(call.reason) : 'sent'))).toEqual(
      Array(3).fill(expect.stringMatching(/plugin took longer than 0\.5 s/)),
    );
    expect(started()).toHaveLength(2);
    await comesTrue(() => {
      expect(started().filter(isAlive)).toEqual([]);
    });
  });

  it.each([
    ['no JSON', says('not json'), /expected an ExecCredential from .*plugin/],
    ['nothing', says('null'), /expected an ExecCredential/],
    ['no status', says('{"kind":"ExecCredential"}'), /expected an ExecCredential/],
    ['an empty token', says(credential({ token: ' ' })), /expected a token, or a certificate with its key/],
    ['a certificate alone', says(credential({ clientCertificateData: 'C' })), /expected a token/],
    ['a failure', 'echo "log in first" >&2; exit 7', /plugin ended with 7: log in first/],
    [
      'words without end',
      "while :; do echo '0123456789012345678901234567890123456789'; done",
      /wrote more than a cred/,
    ],
  ])('that has %s to say fails the call, which is never sent without a credential', async (_, script, message) => {
    using folder = aFolder();
    await expect(aPlugin(folder, script).called()).rejects.toThrow(message);
  });

  it('that is not there fails the call', async () => {
    const logIn = plugins();
    const user = { name: 'ci', authProvider: byPlugin({ command: '/not/there', args: [], env: [] }) };
    await expect(logIn.applyAuthentication(user, {})).rejects.toThrow(/\/not\/there cannot be started/);
  });
});
