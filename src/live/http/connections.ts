import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** Where a probe asks. */
const PROBES: ReadonlySet<string | undefined> = new Set(['/healthz', '/readyz']);

/** How many connections a server has at most, and how many of them may wait for an answer at a time. */
export interface ConnectionLimits {
  readonly most: number;
  /** Fewer than `most`, so that there is always room for a probe. */
  readonly mostAsked: number;
}

/** The connections of a server. */
export interface Connections {
  /** Whether a request may be answered: that of a probe always, another while not too many wait for an answer. */
  isRoomFor(request: IncomingMessage): boolean;
}

/**
 * Keeps a server at so many connections: one too many takes the place of the oldest that has asked nothing, or has its answer.
 * So a client that opens connections and is silent keeps nobody out. Where each waits for an answer, the new one is closed.
 */
export function limitConnections(server: Server, { most, mostAsked }: ConnectionLimits): Connections {
  /** How many requests on each have no answer yet; the oldest connection first. */
  const asked = new Map<Socket, number>();

  server.on('connection', (socket: Socket) => {
    if (asked.size >= most) {
      const idle = [...asked].find(([, requests]) => requests === 0)?.[0];
      (idle ?? socket).destroy();
      if (idle === undefined) return;
      asked.delete(idle);
    }
    asked.set(socket, 0);
    socket.once('close', () => asked.delete(socket));
  });
  server.prependListener('request', ({ socket }, response) => {
    asked.set(socket, (asked.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const requests = asked.get(socket);
      if (requests !== undefined) asked.set(socket, requests - 1);
    });
  });

  return {
    isRoomFor: ({ url }) =>
      PROBES.has(url) || [...asked.values()].filter((requests) => requests > 0).length <= mostAsked,
  };
}
