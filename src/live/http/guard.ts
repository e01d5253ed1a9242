import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { jsonResponse } from './jsonResponse.ts';

/** Where a request came in; no socket when the app is asked without one. */
export interface Env {
  readonly Bindings: Partial<HttpBindings>;
}

/** Names by which a machine is always its own. */
export const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** What every answer carries: it is data, for nobody to run, frame, store, guess about, or reach from another origin. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * Lets through what asks a known host to read something, and nothing else.
 *
 * A web page may make its own name point at this address and read what it likes as a page of the same origin; the host that
 * the request names is all that shows it. A name therefore has to be on the list. An address cannot be made to point
 * anywhere, so the one that the connection was made to is let through: probes and scrapes name a pod by it.
 */
export function guard(allowedHosts: readonly string[]): MiddlewareHandler<Env> {
  const allowed = new Set([...LOOPBACK_HOSTS, ...allowedHosts].map(plain));
  return async (c, next) => {
    const refusal = refusalOf(c, allowed);
    if (refusal === undefined) await next();
    else c.res = refusal;
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.res.headers.set(name, value);
  };
}

/** The host of a `Host` header without its port, in lower case; undefined for one that is malformed. */
export function hostIn(header: string): string | undefined {
  const host = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]\\]+)(?::\d{1,5})?$/i.exec(header)?.[1];
  return host === undefined ? undefined : plain(host);
}

function refusalOf(c: Context<Env>, allowed: ReadonlySet<string>): Response | undefined {
  // There is no environment at all where the app is asked without a server, which its type does not say.
  const env = c.env as Env['Bindings'] | undefined;
  const own = addressOf(env?.incoming?.socket.localAddress);
  const host = hostIn(c.req.header('host') ?? '');
  // A request line may carry a whole URL, which then counts and not the header.
  const named = plain(new URL(c.req.url).hostname);
  for (const one of [host, named])
    if (one === undefined || !(allowed.has(one) || one === own)) return jsonResponse({ error: 'unknown host' }, 421);
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD')
    return jsonResponse({ error: 'this API can only be read' }, 405, { allow: 'GET, HEAD', connection: 'close' });
  if (Number(c.req.header('content-length') ?? 0) !== 0 || c.req.header('transfer-encoding') !== undefined)
    return jsonResponse({ error: 'no body is taken' }, 413, { connection: 'close' });
  return undefined;
}

/** The address of a socket as a URL would write it. */
function addressOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const v4 = address.replace(/^::ffff:(?=\d+\.)/, '');
  return v4.includes(':') ? `[${v4}]` : v4;
}

const plain = (host: string): string => host.toLowerCase().replace(/\.$/, '');
