import http, { type IncomingMessage } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ApiException, type KubeConfig } from '@kubernetes/client-node';
import { textLines } from '../../../domain/textLines.ts';
import type { Millis } from '../../../domain/time.ts';

/** One GET: the path with its query, and how long the connection may be silent in real time. */
export interface RawGet {
  readonly path: string;
  readonly idleMs: Millis;
  readonly signal: AbortSignal;
}

/**
 * Sends a GET with the kubeconfig's own authentication and resolves when the answer begins. The typed client reads
 * whole answers only, and its `Watch` drops lines that it cannot read. Throws `ApiException` for a status that is no
 * success, as the typed client does.
 */
export async function openGet(config: KubeConfig, { path, idleMs, signal }: RawGet): Promise<IncomingMessage> {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('The kubeconfig has no current context that names a cluster');
  const url = new URL(cluster.server + path);
  const options: RequestOptions = { headers: { accept: 'application/json' } };
  await config.applyToHTTPSOptions(options);
  const response = await answered(url, { ...options, signal }, idleMs);
  if (response.statusCode === 200) return response;
  const body = await textOf(response);
  throw new ApiException(response.statusCode ?? 0, 'No success', body, {
    // Node joins repeated headers into one text, but for `set-cookie`, which nobody reads here.
    'retry-after': String(response.headers['retry-after'] ?? NaN),
  });
}

/** Reads a whole answer as JSON. Throws SyntaxError for a body that is none, also for one that was cut short. */
export async function getJson(config: KubeConfig, get: RawGet): Promise<unknown> {
  return JSON.parse(await textOf(await openGet(config, get)));
}

/**
 * The lines of an answer as they come, without empty ones; what follows the last line feed is a line too. Only line
 * feeds part them: JSON may hold the other separators that Unicode knows. Throws when the connection breaks, and `LineTooLong`.
 */
export async function* linesOf(response: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const { text } of textLines(response, LONGEST_LINE)) if (text.trim() !== '') yield text;
}

/** An object is at most 1.5 MiB in etcd by its default limit; encoding and the event around it may add to that. */
const LONGEST_LINE = 8 * 1024 * 1024;

function answered(url: URL, options: RequestOptions, idleMs: Millis): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'http:' ? http : https).request(url, options, resolve);
    // A peer that vanished without a word leaves a connection that looks healthy for ever.
    request.setTimeout(idleMs, () => {
      request.destroy(new Error(`silent for ${idleMs} ms`));
    });
    request.on('error', reject);
    request.end();
  });
}

/** The body of an answer as text. Nothing here asks for compression, which keeps no server or proxy from it. */
export function textIn(response: IncomingMessage): Readable {
  const isZipped = /^(?:x-)?gzip$/i.test(response.headers['content-encoding'] ?? '');
  // An error of the one is an error of the other, and its reader gets it.
  const body: Readable = isZipped ? pipeline(response, createGunzip(), () => undefined) : response;
  return body.setEncoding('utf8');
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  // With an encoding set, the chunks of a body are texts.
  for await (const chunk of textIn(response) as AsyncIterable<string>) text += chunk;
  return text;
}
