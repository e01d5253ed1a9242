import { createServer, type IncomingMessage, request as requestOf, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/**
 * When a keeper dies on its way through the door: before the service hears of it, before it hears of the service, or after.
 * `paused`: it does not die, but nothing of it gets through until it is let go on, this change included.
 */
export type Phase = 'before' | 'after' | 'answered' | 'paused';

/** A change that passed: `RunInstances`, `PATCH nodes`. */
export interface Passing {
  readonly what: string;
  /** Counts from 1 over all doors that share a counter. */
  readonly number: number;
}

export interface Doors {
  readonly urls: readonly string[];
  readonly passed: readonly Passing[];
  /** From here on nobody gets through, and whoever is inside is thrown out: to the world the keeper is dead. */
  cut(): void;
  readonly isCut: boolean;
  /** Whether the keeper stands still at a door. */
  readonly isPaused: boolean;
  /** Lets a paused keeper go on. */
  goOn(): void;
  close(): Promise<void>;
}

/**
 * Doors between one keeper and its services. They count what changes something (renewals of the lease and Events left out),
 * and cut the keeper off for good at one of them: what a SIGKILL at that moment is, as far as the world can see.
 */
export async function doors(
  targets: readonly string[],
  dies: { readonly at: number; readonly phase: Phase } | undefined,
  died: () => void = () => undefined,
): Promise<Doors> {
  const passed: Passing[] = [];
  const sockets = new Set<Socket>();
  let isCut = false;
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
    died();
  };
  let isPaused = false;
  let goOn = (): void => undefined;
  let going: Promise<void> = Promise.resolve();
  const pause = (): void => {
    isPaused = true;
    going = new Promise((resolve) => {
      goOn = () => {
        isPaused = false;
        resolve();
      };
    });
  };
  const servers = await Promise.all(targets.map((target) => door(target)));
  return {
    urls: servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    passed,
    cut,
    get isCut() {
      return isCut;
    },
    get isPaused() {
      return isPaused;
    },
    goOn: () => {
      goOn();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };

  async function door(target: string): Promise<Server> {
    // A connection that rests stays open, as at the services themselves.
    const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      void pass(target, request, response);
    });
    server.on('connection', (socket) => {
      if (isCut) socket.destroy();
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  async function pass(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // thrown out in the middle of a sentence
    }
    const body = Buffer.concat(chunks);
    const what = changeIn(request, body.toString());
    if (what !== undefined) passed.push({ what, number: passed.length + 1 });
    const phase = what !== undefined && passed.length === dies?.at && !isCut ? dies.phase : undefined;
    if (phase === 'before') cut();
    if (phase === 'paused') pause();
    await going;
    if (isCut) return;
    const { host, port } = new URL(target);
    const onward = requestOf(
      { host: '127.0.0.1', port, path: request.url, method: request.method, headers: { ...request.headers, host } },
      (answer) => {
        if (phase === 'after') {
          answer.resume();
          answer.once('end', cut);
          return;
        }
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
        if (phase === 'answered') response.once('close', cut);
      },
    );
    onward.once('error', () => response.destroy());
    response.once('close', () => onward.destroy());
    onward.end(body);
  }
}

/** The name of a request that changes the world; undefined for all others. */
function changeIn({ method = 'GET', url = '' }: IncomingMessage, body: string): string | undefined {
  const action = new URLSearchParams(body).get('Action');
  if (action !== null) return /^(?:Run|Terminate|Request|Cancel|Create)/.test(action) ? action : undefined;
  if (method === 'GET' || /\/leases|\/events|AmazonSQS/.test(url) || url === '/') return undefined;
  const [, kind = url] = /\/(nodes|configmaps|eviction|status)/.exec(url) ?? [];
  return `${method} ${kind}`;
}
