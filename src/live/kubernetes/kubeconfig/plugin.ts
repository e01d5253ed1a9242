import { spawn } from 'node:child_process';
import type { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';

/** What logs users of the client in; the library exports no name for it. */
type Authenticator = Parameters<KubeConfig['addAuthenticator']>[0];

/** A credential plug-in, ready to be started. */
export interface Plugin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

/** How long a plug-in may take before it is ended: some ask the network, and none should ask people here. */
const LONGEST_MS = 60_000;

/** A credential is asked for again after this, whenever it runs out: one that was taken back tells nobody. */
const KEPT_MS = 5 * 60_000;

/** A credential is not used in the last moment before it runs out. */
const MARGIN_MS = 5_000;

/** A token and a certificate with its key take a few thousand characters. */
const MOST_CHARACTERS = 1024 * 1024;

/** The name under which a user of the client has a plug-in; `exec` is the library's own, which starts one for each call. */
const NAME = 'credential-plug-in';

type ByPlugin = ReturnType<typeof byPlugin>;

/** How a user of the client says that a plug-in logs it in. */
export const byPlugin = (plugin: Plugin) => ({ name: NAME, config: { plugin } });

/**
 * Starts credential plug-ins as kubectl does: one at a time, ended with all that it has started when it takes too long, and what it said
 * is kept until it runs out. What is no credential is an error, and never a call without one.
 */
export function plugins({ longestMs = LONGEST_MS }: { readonly longestMs?: number } = {}): Authenticator {
  const kept = new Map<Plugin, { readonly credential: Credential; readonly until: number }>();
  const running = new Map<Plugin, Promise<Credential>>();

  return {
    // The library leaves open what a provider is; those of this name are made above.
    isAuthProvider: ({ authProvider }) => (authProvider as Partial<ByPlugin> | null | undefined)?.name === NAME,
    async applyAuthentication({ authProvider }, options) {
      const { plugin } = (authProvider as ByPlugin).config;
      const { token, clientCertificateData, clientKeyData } = await credentialOf(plugin);
      // Options of a request of Node, whatever else they are.
      const request = options as { headers?: Record<string, unknown>; cert?: unknown; key?: unknown };
      if (clientCertificateData !== '') [request.cert, request.key] = [clientCertificateData, clientKeyData];
      if (token !== '') request.headers = { ...request.headers, Authorization: `Bearer ${token}` };
    },
  };

  async function credentialOf(plugin: Plugin): Promise<Credential> {
    const known = kept.get(plugin);
    if (known !== undefined && Date.now() < known.until) return known.credential;
    const started = running.get(plugin) ?? ask(plugin);
    running.set(plugin, started);
    try {
      return await started;
    } finally {
      running.delete(plugin);
    }
  }

  async function ask(plugin: Plugin): Promise<Credential> {
    const credential = credentialIn(await outputOf(plugin, longestMs), plugin.command);
    const endsAt = Date.parse(credential.expirationTimestamp) - MARGIN_MS;
    kept.set(plugin, { credential, until: Math.min(Date.now() + KEPT_MS, Number.isNaN(endsAt) ? Infinity : endsAt) });
    return credential;
  }
}

const text = z
  .string()
  .nullish()
  .transform((found) => found?.trim() ?? '');
const CREDENTIAL = z.object({
  kind: z.literal('ExecCredential'),
  status: z.object({ token: text, clientCertificateData: text, clientKeyData: text, expirationTimestamp: text }),
});

type Credential = z.output<typeof CREDENTIAL>['status'];

function credentialIn(output: string, command: string): Credential {
  const read = CREDENTIAL.safeParse(jsonIn(output));
  const status = read.data?.status;
  if (status === undefined) throw new Error(`expected an ExecCredential from ${command}, found something else`);
  const hasCertificate = status.clientCertificateData !== '' && status.clientKeyData !== '';
  if (status.token === '' && !hasCertificate)
    throw new Error(`expected a token, or a certificate with its key, from ${command}, found neither`);
  return status;
}

function jsonIn(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

/** What a plug-in writes. Rejects where it cannot be started, fails, writes without end or takes too long. */
function outputOf({ command, args, env }: Plugin, longestMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...Object.fromEntries(env.map(({ name, value }) => [name, value])) },
      stdio: ['ignore', 'pipe', 'pipe'],
      // In a group of its own, so that what it has started ends with it.
      detached: true,
    });
    let [output, complaint] = ['', ''];
    const end = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`${command} ${why}`));
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    const timer = setTimeout(() => {
      end(`took longer than ${longestMs / 1_000} s`);
    }, longestMs);
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      output += part;
      if (output.length > MOST_CHARACTERS) end('wrote more than a credential');
    });
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      complaint = (complaint + part).slice(-500);
    });
    child.on('error', ({ message }) => {
      end(`cannot be started: ${message}`);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ended with ${code ?? String(signal)}: ${complaint.trim()}`));
    });
  });
}
