import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, type Millis, minutes } from '../../domain/time.ts';
import { type Clock, hasCome, until } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { reviewed } from './delayReview.ts';

export interface WebhookSettings {
  /** 0 takes any that is free. */
  readonly port: number;
  readonly host: string;
  /** Where `tls.crt` and `tls.key` lie. */
  readonly folder: string;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** The webhook as it serves. */
export interface Webhook {
  readonly port: number;
  /** Resolves when nothing is served any more, after the signal. */
  readonly closed: Promise<void>;
}

/** Where the API server asks. */
export const WEBHOOK_PATH = '/v1/job-delay';

/** A certificate that was renewed is taken up so soon. */
const AGAIN_MS: Millis = minutes(1);

/** The API server waits for a second, and takes no object of more than 3 MiB. */
const REQUEST_MS = 2_000;
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_CONNECTIONS = 100;

/**
 * Serves the webhook that creates job pods with a short delay. It knows nothing of pools and of who leads, so every replica serves it.
 * Without a certificate no connection comes about; it is looked for again, for a keeper works without this.
 *
 * @throws what the system says of an address that cannot be listened at
 */
export async function serveJobDelay(settings: WebhookSettings): Promise<Webhook> {
  const { port, host, folder, clock, telemetry, signal } = settings;
  const server = createServer(
    { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, handshakeTimeout: REQUEST_MS },
    (request, response) => {
      respond(request, response).catch((error: unknown) => {
        telemetry.noted('error', 'request failed', { error });
        response.destroy();
      });
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  let last = '';
  let isMissed = false;
  await takeUp();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const closed = lookAgain();
  // A server that listens at a port has an address; only one at a pipe has a name instead.
  return { port: (server.address() as AddressInfo).port, closed };

  async function lookAgain(): Promise<void> {
    while (!signal.aborted) {
      await until(clock, after(clock.now(), AGAIN_MS), signal);
      if (!hasCome(signal)) await takeUp();
    }
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  }

  async function takeUp(): Promise<void> {
    try {
      const [cert, key] = await Promise.all(['tls.crt', 'tls.key'].map((name) => readFile(join(folder, name), 'utf8')));
      if (cert === undefined || key === undefined || cert + key === last) return;
      server.setSecureContext({ cert, key });
      last = cert + key;
      isMissed = false;
    } catch (error) {
      // Once: it is looked for every minute.
      if (!isMissed) telemetry.noted('error', 'no certificate for the webhook', { folder, why: String(error) });
      isMissed = true;
    }
  }
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body = '' } = await responseTo(request);
  const headers = status === 200 ? { 'content-type': 'application/json' } : { connection: 'close' };
  response.writeHead(status, headers).end(body);
}

async function responseTo(request: IncomingMessage): Promise<{ readonly status: number; readonly body?: string }> {
  if (request.url?.split('?')[0] !== WEBHOOK_PATH) return { status: 404 };
  if (request.method !== 'POST') return { status: 405 };
  const text = await textOf(request);
  if (text === undefined) return { status: 413 };
  const review = reviewed(text);
  return 'unreadable' in review
    ? { status: 400, body: review.unreadable }
    : { status: 200, body: JSON.stringify(review.response) };
}

/** Undefined where it is longer than any that the API server sends. */
async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    // Known: no encoding is set, so the chunks are bytes.
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES) return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}
