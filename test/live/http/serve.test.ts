import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entrySchema } from '../../../src/live/http/apiSchema.ts';
import { type Serving, serve } from '../../../src/live/http/serve.ts';
import { anApi } from './anApi.ts';

let api: ReturnType<typeof anApi>;
let serving: Serving;

beforeEach(async () => {
  api = anApi();
  serving = await serve({ port: 0, sources: api.sources, allowedHosts: ['keeper.example'] });
});
afterEach(() => serving.close());

/** A request as it is on the wire, and the whole answer. */
async function raw(text: string): Promise<string> {
  const socket = connect(Number(new URL(serving.url).port), '127.0.0.1');
  socket.setEncoding('utf8');
  let answer = '';
  socket.on('data', (chunk: string) => {
    answer += chunk;
  });
  socket.on('error', () => undefined);
  socket.end(text);
  await once(socket, 'close');
  return answer;
}

const asked = (host: string, line = 'GET /api/v1/blocks HTTP/1.1', more = ''): Promise<string> =>
  raw(`${line}\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`);
const statusOf = (answer: string): number => Number(answer.split(' ')[1]);

interface Listener {
  readonly next: () => Promise<string>;
  readonly status: number;
  readonly stop: () => void;
}

/** Listens to events, one at a time, by a real connection. */
async function listens(path = '/api/v1/events', headers: Record<string, string> = {}): Promise<Listener> {
  const asking = request(`${serving.url}${path}`, { headers, agent: false });
  asking.on('error', () => undefined);
  asking.end();
  // A response is what this event always brings.
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  answer.setEncoding('utf8');
  answer.on('error', () => undefined);
  let text = '';
  const chunks = answer[Symbol.asyncIterator]() as AsyncIterator<string>;
  return {
    status: answer.statusCode ?? 0,
    next: async () => {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const event = text.slice(0, end);
          text = text.slice(end + 2);
          return event;
        }
        const chunk = await chunks.next();
        if (chunk.done === true) return 'the end';
        text += chunk.value;
      }
    },
    stop: () => {
      asking.destroy();
    },
  };
}

const noteIn = (event: string): string => {
  const data = /^data: (.*)$/m.exec(event)?.[1] ?? '{}';
  const entry = entrySchema.parse(JSON.parse(data));
  return entry.kind === 'announcement' ? entry.note : entry.kind;
};

describe('the server', () => {
  it.each(['127.0.0.1', 'localhost:1234', 'LOCALHOST.', 'keeper.example', 'keeper.example:8080'])(
    'answers to %s',
    async (host) => {
      expect(statusOf(await asked(host))).toBe(200);
    },
  );

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    'evil@localhost',
    '',
    'a b',
  ])('refuses a request that names the host %j', async (host) => {
    const answer = await asked(host);
    expect([400, 421]).toContain(statusOf(answer));
    expect(answer).not.toContain('ci-0.1');
    for (const path of ['/healthz', '/metrics', '/api/v1/events', '/nothing'])
      expect([400, 421]).toContain(statusOf(await asked(host, `GET ${path} HTTP/1.1`)));
  });

  it('refuses a whole URL of another host in the request line, two hosts, and none', async () => {
    expect([400, 421]).toContain(statusOf(await asked('localhost', 'GET http://evil.example/api/v1/blocks HTTP/1.1')));
    expect(statusOf(await asked('localhost', 'GET /api/v1/blocks HTTP/1.1', 'Host: evil.example\r\n'))).not.toBe(200);
    expect(statusOf(await raw('GET /api/v1/blocks HTTP/1.1\r\nConnection: close\r\n\r\n'))).toBe(400);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])('answers 405 to %s', async (method) => {
    const answer = await asked('localhost', `${method} /api/v1/blocks HTTP/1.1`, 'Content-Length: 0\r\n');
    expect(statusOf(answer)).toBe(405);
    expect(answer.toLowerCase()).toContain('allow: get, head');
  });

  it('takes no body', async () => {
    expect(statusOf(await asked('localhost', 'GET /healthz HTTP/1.1', 'Content-Length: 5\r\n'))).toBe(413);
    const chunked = await asked('localhost', 'GET /healthz HTTP/1.1', 'Transfer-Encoding: chunked\r\n');
    expect([400, 413]).toContain(statusOf(chunked));
  });

  it('says in every answer that it is data', async () => {
    for (const path of ['/healthz', '/metrics', '/api/v1/pools', '/nothing', '/api/v1/history?limit=x'])
      for (const host of ['localhost', 'evil.example', 'evil@localhost']) {
        const answer = (await asked(host, `GET ${path} HTTP/1.1`)).toLowerCase();
        expect(answer).toContain("content-security-policy: default-src 'none'");
        expect(answer).toContain('x-content-type-options: nosniff');
        expect(answer).toContain('cache-control: no-store');
        expect(answer).toContain('referrer-policy: no-referrer');
        expect(answer).not.toContain('access-control-');
      }
  });

  it('answers HEAD without a body, also for events', async () => {
    for (const path of ['/api/v1/blocks', '/api/v1/events', '/metrics']) {
      const answer = await asked('localhost', `HEAD ${path} HTTP/1.1`);
      expect(statusOf(answer)).toBe(200);
      expect(answer.split('\r\n\r\n')[1]).toBe('');
    }
  });

  it('refuses headers that are too large', async () => {
    expect(statusOf(await asked('localhost', 'GET /healthz HTTP/1.1', `X: ${'x'.repeat(20_000)}\r\n`))).toBe(431);
  });

  it('answers any request with a status that it knows, and lives', async () => {
    const path = fc.oneof(
      fc.webPath(),
      fc.constantFrom('/api/v1/blocks', '/api/v1/history', '/metrics', '/healthz'),
      fc.string({ maxLength: 40 }).map((text) => `/api/v1/blocks/${encodeURIComponent(text)}`),
      fc.stringMatching(/^\/[!-~]{0,60}$/),
    );
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'TRACE', 'QUERY', 'CONNECT', 'XYZZY');
    const host = fc.oneof(fc.constant('localhost'), fc.domain(), fc.stringMatching(/^[!-~]{0,30}$/));
    const query = fc.webQueryParameters();
    await fc.assert(
      fc.asyncProperty(method, path, query, host, async (verb, where, what, named) => {
        if (where.startsWith('/api/v1/events')) return;
        const answer = await asked(named, `${verb} ${where}?${what} HTTP/1.1`);
        if (verb === 'CONNECT') return; // Node hangs up on it
        expect([200, 400, 404, 405, 421, 501]).toContain(statusOf(answer));
        if (!['GET', 'HEAD'].includes(verb)) expect(statusOf(answer)).not.toBe(200);
      }),
      { numRuns: 100 },
    );
    expect(statusOf(await asked('localhost'))).toBe(200);
  });
});

describe('probes', () => {
  /** Opens so many connections, says this on each, and reads nothing. */
  async function crowd(count: number, said: string): Promise<Disposable> {
    const sockets = Array.from({ length: count }, () =>
      connect(Number(new URL(serving.url).port), '127.0.0.1').pause(),
    );
    await Promise.all(
      sockets.map(async (socket) => {
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        if (said !== '') socket.write(said);
      }),
    );
    return {
      [Symbol.dispose]: () => {
        for (const socket of sockets) socket.destroy();
      },
    };
  }

  it.each([
    ['are silent', ''],
    ['never end their request', 'GET /healthz HTTP/1.1\r\nHost: localh'],
    ['listen to events', 'GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ])('are answered although a hundred and fifty connections %s', async (_, said) => {
    using connections = await crowd(150, said);
    expect(connections).toBeDefined();
    for (const path of ['/healthz', '/readyz', '/healthz'])
      expect(statusOf(await asked('localhost', `GET ${path} HTTP/1.1`))).toBe(200);
  });

  it('are answered although others wait for all the answers that there may be', async () => {
    using connections = await crowd(10, 'GET /api/v1/blocks HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(500));
    expect(connections).toBeDefined();
    expect(statusOf(await asked('localhost', 'GET /healthz HTTP/1.1'))).toBe(200);
    expect(statusOf(await asked('localhost'))).toBe(200);
  });
});

describe('events', () => {
  it('come as they happen, from now on', async () => {
    api.announces('before');
    const listener = await listens();
    expect(await listener.next()).toContain('retry:');
    api.announces('first');
    api.announces('second');
    expect([noteIn(await listener.next()), noteIn(await listener.next())]).toEqual(['first', 'second']);
    listener.stop();
  });

  it('go on after the last one that was read', async () => {
    for (const note of ['a', 'b', 'c']) api.announces(note);
    const { entries } = api.sources.history.since();
    const afterA = entries.find(({ happening }) => happening.kind === 'announcement')!.id;
    for (const listener of [
      await listens('/api/v1/events', { 'last-event-id': afterA }),
      await listens(`/api/v1/events?after=${afterA}`),
    ]) {
      await listener.next();
      expect([noteIn(await listener.next()), noteIn(await listener.next())]).toEqual(['b', 'c']);
      listener.stop();
    }
  });

  it('say what was missed, to a reader from another life or one that was away for too long', async () => {
    for (let n = 0; n < 150; n += 1) api.announces(String(n));
    for (const id of ['0-1', 'zz-7', 'nonsense']) {
      const listener = await listens('/api/v1/events', { 'last-event-id': id });
      await listener.next();
      expect(await listener.next()).toMatch(/^event: missed/);
      expect(noteIn(await listener.next())).toBe('50');
      listener.stop();
    }
  });

  it('are for twenty at once, and a place is free again when one leaves', async () => {
    const listeners = await Promise.all(Array.from({ length: 20 }, () => listens()));
    expect(listeners.map(({ status }) => status)).toEqual(listeners.map(() => 200));
    const refused = await listens();
    expect(refused.status).toBe(503);
    listeners[7]!.stop();
    let status = 503;
    while (status === 503) {
      const again = await listens();
      ({ status } = again);
      if (status === 503) again.stop();
      else listeners.push(again);
    }
    expect(status).toBe(200);
    for (const { stop } of listeners) stop();
  });

  it('do not pile up for a reader that does not read', async () => {
    const socket = connect(Number(new URL(serving.url).port), '127.0.0.1');
    socket.pause();
    socket.write('GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'connect');
    const note = 'x'.repeat(900);
    for (let round = 0; round < 200; round += 1) {
      for (let n = 0; n < 50; n += 1) api.announces(note);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const attentive = await listens();
    await attentive.next();
    api.announces('still told');
    expect(noteIn(await attentive.next())).toBe('still told');
    attentive.stop();
    socket.destroy();
  });

  it('end when the keeper does', async () => {
    const listener = await listens();
    await listener.next();
    await serving.close();
    expect(await listener.next()).toBe('the end');
  });
});
