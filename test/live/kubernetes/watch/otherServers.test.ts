import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Kube } from '../../../../src/live/kubernetes/kubeClient.ts';
import { listAll } from '../../../../src/live/kubernetes/watch/listing.ts';
import { comesTrue } from '../../../support/comesTrue.ts';
import { aFastClock } from '../aCluster.ts';
import { anApiServer, json } from '../anApiServer.ts';
import { watchPods } from '../aWatch.ts';

const podNamed = (name: string, version: number) => ({
  ...{ kind: 'Pod', apiVersion: 'v1' },
  metadata: { name, namespace: 'ci', uid: `uid-${name}`, resourceVersion: String(version) },
});

const listOf = (items: readonly object[] | null) => ({
  ...{ kind: 'PodList', apiVersion: 'v1' },
  metadata: { resourceVersion: '5' },
  items,
});

/** As a server in Go writes it, which waits for the next event when this one is out. */
const event = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;

/** What one list comes to. */
const listed = (kube: Kube) =>
  listAll(kube, { resource: 'pods', path: '/api/v1/pods', keep: ({ metadata }) => metadata.name });

function zipped(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
  response.end(gzipSync(body));
}

describe('a server that writes otherwise', () => {
  it('lists nothing as null, and what comes later is seen', async () => {
    await using server = await anApiServer((request, response) => {
      if (request.query.has('watch')) response.end(event('ADDED', podNamed('a', 6)));
      else json(response, listOf(null));
    });
    expect(await listed(server.kube())).toMatchObject({ kind: 'ok', value: { items: [] } });
    const ending = new AbortController();
    const pods = watchPods({ kube: server.kube(), clock: aFastClock(), ending });
    await comesTrue(() => {
      expect(pods.told()).toEqual(['a uid-a 6']);
    });
    ending.abort();
  });

  it('compresses lists and watches that nobody asked it to compress', async () => {
    await using server = await anApiServer((request, response) => {
      if (request.query.has('watch')) zipped(response, event('ADDED', podNamed('b', 6)));
      else zipped(response, JSON.stringify(listOf([podNamed('a', 4)])));
    });
    expect(await listed(server.kube())).toMatchObject({ kind: 'ok', value: { items: ['a'] } });
    const ending = new AbortController();
    const pods = watchPods({ kube: server.kube(), clock: aFastClock(), ending });
    await comesTrue(() => {
      expect(pods.told()).toEqual(['a uid-a 4', 'b uid-b 6']);
    });
    ending.abort();
  });

  it('begins the answer to a watch with its first event: it has as long as a watch may be silent', async () => {
    await using server = await anApiServer((request, response) => {
      if (request.query.has('watch')) response.end();
      else json(response, listOf([]));
    });
    const inner = server.kube();
    let patience: number | undefined;
    const kube: Kube = {
      ...inner,
      inFlight: 0,
      call: (action, send, options = {}) => {
        if (action === 'watch pods') {
          patience = options.timeoutMs ?? 0;
          ending.abort();
        }
        return inner.call(action, send, options);
      },
    };
    const ending = new AbortController();
    await watchPods({ kube, clock: aFastClock(), ending }, { limits: { idleMs: 61_000 } }).stopped;
    expect(patience).toBe(61_000);
  });
});
