import { type Context, Hono } from 'hono';
import { type EntryJson, type HealthJson } from './apiSchema.ts';
import { eventStreams } from './events.ts';
import { type Env, guard } from './guard.ts';
import { healthOf, readinessOf } from './health.ts';
import { jsonResponse } from './jsonResponse.ts';
import { blockJson, entryJson, instantJson, poolJson } from './shapes.ts';
import type { Sources } from './sources.ts';

export interface AppSettings {
  readonly sources: Sources;
  /** Names under which the API may be asked for, beside those of the machine itself; without a port. */
  readonly allowedHosts?: readonly string[];
  /** Ends the streams of events. */
  readonly closing?: AbortSignal;
  /** Told of a request that could not be answered for a reason of ours. */
  readonly failed?: (error: unknown) => void;
}

/** How many entries of the history one answer holds if nobody says otherwise, and at most. */
const USUAL_ENTRIES = 100;
const MOST_ENTRIES = 1_000;

/** The HTTP API without a server. Nothing that it is asked changes anything. */
export function apiApp({ sources, allowedHosts = [], closing, failed = () => undefined }: AppSettings): Hono<Env> {
  const app = new Hono<Env>();
  const openEvents = eventStreams(sources.history, closing ?? new AbortController().signal);
  const at = (): string | null => instantJson(sources.now());
  const leader = (): boolean | null => sources.leader() ?? null;

  app.use(guard(allowedHosts));
  app.get('/healthz', () => health(healthOf(sources)));
  app.get('/readyz', () => health(readinessOf(sources)));
  app.get('/metrics', async () => {
    const { text, contentType } = sources.metrics;
    return new Response(await text(), { headers: { 'content-type': contentType } });
  });

  app.get('/api/v1/pools', () => {
    const keeper = sources.keeper();
    const told = { conditions: sources.conditions(), holds: sources.holds };
    const now = sources.now();
    const pools = keeper.pools.map((pool) => poolJson(pool, keeper, told, now));
    return jsonResponse({ at: at(), leader: leader(), pools });
  });
  app.get('/api/v1/blocks', () =>
    jsonResponse({ at: at(), leader: leader(), blocks: [...sources.keeper().blocks.values()].map(blockJson) }),
  );
  app.get('/api/v1/blocks/:id', (c) => {
    const block = sources.keeper().blocks.get(c.req.param('id'));
    return block === undefined ? notFound() : jsonResponse({ at: at(), block: blockJson(block) });
  });
  app.get('/api/v1/history', (c) => {
    const most = limitOf(c.req.query('limit'));
    if (most === undefined) return jsonResponse({ error: `limit is a number from 1 to ${MOST_ENTRIES}` }, 400);
    const { entries, missed, last } = sources.history.since(c.req.query('after'), most);
    const told: readonly EntryJson[] = entries.map(entryJson);
    return jsonResponse({ entries: told, missed, last });
  });
  app.get('/api/v1/events', (c) => events(c));
  app.get('/api/v1/version', () => {
    const { release, fleet } = sources;
    const { version: node, versions } = process;
    return jsonResponse({
      release,
      fleet,
      node,
      tz: versions['tz'] ?? 'unknown',
      startedAt: instantJson(sources.startedAt()),
    });
  });

  app.notFound(notFound);
  app.onError((error) => {
    failed(error);
    // What went wrong is for the log: an error's text may hold anything.
    return jsonResponse({ error: 'this could not be answered' }, 500);
  });
  return app;

  function events(c: Context<Env>): Response {
    const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' };
    if (c.req.method === 'HEAD') return new Response(null, { headers });
    const stream = openEvents(c.req.header('last-event-id') ?? c.req.query('after'));
    return stream === undefined
      ? jsonResponse({ error: 'too many listen already' }, 503, { 'retry-after': '30' })
      : new Response(stream, { headers });
  }
}

const health = (json: HealthJson): Response => jsonResponse(json, json.ok ? 200 : 503);

const notFound = (): Response => jsonResponse({ error: 'there is nothing here' }, 404);

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return USUAL_ENTRIES;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= MOST_ENTRIES ? limit : undefined;
}
