import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Telemetry } from '../ports/telemetry.ts';
import { apiApp } from './app.ts';
import { limitConnections } from './connections.ts';
import { SECURITY_HEADERS } from './guard.ts';
import type { Sources } from './sources.ts';

export interface ServeSettings {
  /** 0 takes any that is free. */
  readonly port: number;
  /** The address to listen at; only this machine can reach it if left out. */
  readonly host?: string;
  /** Names under which the API may be asked for, beside `localhost` and the address itself; without a port. */
  readonly allowedHosts?: readonly string[];
  readonly sources: Sources;
  readonly telemetry?: Telemetry;
}

export interface Serving {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Ends the streams, answers what was asked, and stops to listen. */
  readonly close: () => Promise<void>;
}

/** No client needs more, and each costs memory. */
const MOST_CONNECTIONS = 100;
/** How many of them may wait for an answer at a time, so that there is always room for a probe. */
const MOST_ASKED = 80;
const MOST_HEADER_BYTES = 8 * 1024;
const MOST_HEADERS = 64;

/** Real time, all of it: these are the manners of clients. */
const REQUEST_MS = 10_000;
const KEEP_ALIVE_MS = 5_000;
/** A connection on which nothing moves; a stream of events says something four times as often. */
const SILENT_MS = 60_000;
const CLOSING_MS = 1_000;

/**
 * Serves the API over HTTP.
 *
 * @throws what the system says of an address that cannot be listened at
 */
export async function serve({ port, host = '127.0.0.1', ...settings }: ServeSettings): Promise<Serving> {
  const { sources, allowedHosts = [], telemetry } = settings;
  const closing = new AbortController();
  const failed = (error: unknown): void => {
    telemetry?.noted('error', 'request failed', { error });
  };
  const app = apiApp({ sources, allowedHosts, closing: closing.signal, failed });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: REQUEST_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: REQUEST_MS / 2,
    },
    (request, response) => {
      // Some requests are refused before the app sees them; these answers carry the same headers.
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
      if (!connections.isRoomFor(request)) {
        response.writeHead(503, { 'retry-after': '5', connection: 'close' }).end();
        return;
      }
      listener(request, response).catch(failed);
    },
  );
  const connections = limitConnections(server, { most: MOST_CONNECTIONS, mostAsked: MOST_ASKED });
  server.maxHeadersCount = MOST_HEADERS;
  server.maxRequestsPerSocket = 1_000;
  server.timeout = SILENT_MS;
  await listening(server, port, host);
  return {
    url: urlOf(server),
    close: () => {
      closing.abort();
      return closed(server);
    },
  };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const impatient = setTimeout(() => {
      server.closeAllConnections();
    }, CLOSING_MS);
    server.close(() => {
      clearTimeout(impatient);
      resolve();
    });
  });
}

function urlOf(server: Server): string {
  // A server that listens at a port has an address; only one at a pipe has a name instead.
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
