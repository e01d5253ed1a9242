import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  blocksSchema,
  entrySchema,
  errorSchema,
  healthSchema,
  historySchema,
  oneBlockSchema,
  poolsSchema,
  versionSchema,
} from '../../../src/live/http/apiSchema.ts';
import { apiApp } from '../../../src/live/http/app.ts';
import { entryJson } from '../../../src/live/http/shapes.ts';
import { history } from '../../../src/live/observers/history.ts';
import { aLease, anOffer } from '../../support/aBlock.ts';
import { seen } from '../../support/aNode.ts';
import { hours } from '../../support/lengths.ts';
import { shipped, watched } from '../observers/aWatch.ts';
import { anApi } from './anApi.ts';

function anApp(api = anApi()) {
  const app = apiApp({ sources: api.sources });
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(path, { headers: { host: 'localhost:8080', ...headers } });
  const read = async <Schema extends z.ZodType>(path: string, schema: Schema, status = 200) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    return schema.parse(await answer.json());
  };
  return { ...api, app, get, read };
}

describe('the API', () => {
  it('tells of pools, blocks and what happened, in the shapes of its schemas', async () => {
    const { hears, read, set } = anApp();
    hears(
      {
        type: 'capacity.refused',
        at: 2,
        blockId: 'ci-0.1',
        token: 'ci-0.1.1',
        offer: anOffer(),
        refusal: 'no-capacity',
        retryAt: 9e9,
      },
      { type: 'capacity.granted', at: 3, blockId: 'ci-1.1', token: 'ci-1.1.1', lease: aLease({ startsAt: 3 }) },
      seen('ci-1.1', 4, { name: 'n1' }),
    );
    set({ conditions: () => [{ pool: 'ci', condition: 'TemplateSupported', status: 'unknown', since: 4 }] });
    const { pools, leader } = await read('/api/v1/pools', poolsSchema);
    expect(leader).toBe(true);
    expect(pools).toEqual([
      {
        name: 'ci',
        term: 'spot',
        leaseSeconds: 14_400,
        maxBlocks: 100,
        surge: 1,
        inventoried: true,
        wanted: 2,
        allowed: 2,
        wantedUntil: null,
        advised: null,
        jobs: null,
        holds: null,
        blocks: { requesting: 1, resting: 0, joining: 0, serving: 1, draining: 0, terminating: 0 },
        quotedAt: '1970-01-01T00:00:00.001Z',
        pausedUntil: null,
        cooling: [{ offer: 'm5.2xlarge/us-east-1a/spot', until: '1970-04-15T04:00:00.000Z', reason: 'no-capacity' }],
        conditions: [
          {
            condition: 'TemplateSupported',
            status: 'unknown',
            reason: null,
            message: null,
            since: '1970-01-01T00:00:00.004Z',
          },
        ],
      },
    ]);
    const { blocks } = await read('/api/v1/blocks', blocksSchema);
    expect(blocks.map(({ id, state, zone }) => [id, state, zone])).toEqual([
      ['ci-0.1', 'requesting', 'b'],
      ['ci-1.1', 'serving', 'us-east-1a'],
    ]);
    const { block } = await read('/api/v1/blocks/ci-1.1', oneBlockSchema);
    expect(block).toMatchObject({ node: 'n1', usable: true, hardEndAt: null, expiresAt: '1970-01-01T04:00:00.003Z' });
    await read('/api/v1/blocks/ci-9.9', errorSchema, 404);

    const all = await read('/api/v1/history', historySchema);
    expect(all.entries.map(({ kind }) => kind)).toContain('refusal');
    const rest = await read(`/api/v1/history?after=${all.entries[0]!.id}&limit=1`, historySchema);
    expect(rest.entries).toEqual([all.entries[1]]);
    await read('/api/v1/history?limit=0', errorSchema, 400);
    expect(await read('/api/v1/version', versionSchema)).toMatchObject({ release: '1.2.3', fleet: 'test' });
    await read('/nothing', errorSchema, 404);
  });

  it('tells everything that happens in a week in the shape of its schema', async () => {
    const scenario = await shipped('overnight-window');
    const kept = history({ startedAt: 0, capacity: 100_000 });
    await watched({ ...scenario, until: scenario.from + hours(36) }, (turn) => kept.turn?.(turn));
    const { entries } = kept.since();
    expect(entries.length).toBeGreaterThan(100);
    for (const entry of entries) entrySchema.parse(entryJson(entry));
  });

  it('is alive while the loop of a leader comes round, and as a standby', async () => {
    const { read, set } = anApp();
    await read('/healthz', healthSchema);
    set({ now: () => hours(1), lastTurnAt: () => 0 });
    expect((await read('/healthz', healthSchema, 503)).reasons).toEqual(['the loop has not come round']);
    set({ keepingSince: () => undefined });
    await read('/healthz', healthSchema);
    // A life that has just begun took no turn yet.
    set({ keepingSince: () => hours(1) });
    await read('/healthz', healthSchema);
  });

  it('is ready once it knows the cluster and who leads', async () => {
    const { read, set } = anApp();
    set({ synced: () => false, leader: () => undefined });
    expect((await read('/readyz', healthSchema, 503)).reasons).toHaveLength(2);
    set({ synced: () => true, leader: () => false });
    await read('/readyz', healthSchema);
    set({ reachable: () => false });
    expect((await read('/readyz', healthSchema, 503)).reasons).toEqual(['the API server does not answer']);
    await read('/healthz', healthSchema);
    set({ reachable: () => true });
    await read('/readyz', healthSchema);
  });

  it('answers 500 without a word of what went wrong', async () => {
    const failures: unknown[] = [];
    const api = anApi();
    api.set({
      keeper: () => {
        throw new Error('canary-51ab');
      },
    });
    const app = apiApp({ sources: api.sources, failed: (error) => failures.push(error) });
    for (const path of ['/api/v1/blocks', '/metrics']) {
      const answer = await app.request(path, { headers: { host: 'localhost' } });
      expect(answer.status).toBe(500);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await answer.text()).not.toContain('canary');
    }
    expect(failures).toHaveLength(2);
  });

  it('gives hostile names as data that no page and no terminal takes for anything else', async () => {
    const { hears, announces, get } = anApp();
    const HOSTILE = '</script><img src=x onerror=alert(1)>\u001b[2J\u009b31m\u202e\u2028\r\ndata: x\r\n\r\n"\\';
    hears(
      {
        type: 'capacity.granted',
        at: 3,
        blockId: 'ci-0.1',
        token: 'ci-0.1.1',
        lease: aLease({ instanceId: HOSTILE, offer: anOffer({ zone: HOSTILE }) }),
      },
      seen('ci-0.1', 4, { name: HOSTILE }),
    );
    announces(HOSTILE);
    for (const path of ['/api/v1/blocks', '/api/v1/history', '/metrics']) {
      const text = await (await get(path)).text();
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|<img|<\/script/u);
    }
    const { blocks } = blocksSchema.parse(await (await get('/api/v1/blocks')).json());
    expect(blocks[0]).toMatchObject({ node: HOSTILE, zone: HOSTILE, instanceId: HOSTILE });
  });
});
