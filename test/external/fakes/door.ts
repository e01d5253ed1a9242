import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request, or an answer to one, as it passes. */
export interface Passing {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** What stands in front of a server and changes what passes. */
export interface Manners {
  /** The body that goes on instead, or an answer that comes at once. */
  readonly onRequest: (passing: Passing) => Promise<string | Rejection> | string | Rejection;
  /** The body of an answer instead; left out, answers stream through as they come. */
  readonly onAnswer?: (asked: Passing, status: number, body: string) => string;
}

/** An answer of the door itself. */
export interface Rejection {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface Door {
  readonly url: string;
  close(): Promise<void>;
}

/** A door before a server on loopback. */
export async function doorTo(serverUrl: string, { onRequest, onAnswer }: Manners): Promise<Door> {
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const passing = {
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      body: (await buffer(incoming)).toString('utf8'),
    };
    const changed = await onRequest(passing);
    if (typeof changed !== 'string') {
      outgoing.writeHead(changed.status, { 'content-type': changed.contentType }).end(changed.body);
      return;
    }
    const onward = request(`${serverUrl}${passing.path}`, {
      method: passing.method,
      headers: { ...incoming.headers, ...lengthOf(changed, passing.method) },
    });
    outgoing.once('close', () => onward.destroy());
    onward.once('error', () => outgoing.destroy());
    onward.once('response', (answer) => {
      void handOn(answer, outgoing, passing);
    });
    onward.end(changed);
  }

  async function handOn(answer: IncomingMessage, outgoing: ServerResponse, asked: Passing): Promise<void> {
    const status = answer.statusCode ?? 502;
    if (onAnswer === undefined) {
      outgoing.writeHead(status, answer.headers);
      // A watch says nothing for a while, and its head is waited for all the same.
      outgoing.flushHeaders();
      answer.pipe(outgoing);
      return;
    }
    const body = onAnswer(asked, status, (await buffer(answer)).toString('utf8'));
    outgoing.writeHead(status, { ...answer.headers, 'content-length': Buffer.byteLength(body) }).end(body);
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        server.closeAllConnections();
      }),
  };
}

const lengthOf = (body: string, method: string): OutgoingHttpHeaders =>
  method === 'GET' && body === '' ? {} : { 'content-length': Buffer.byteLength(body) };
