import { describe, expect, it } from 'vitest';
import { comesTrue } from '../../../support/comesTrue.ts';
import { handClock } from '../aCluster.ts';
import { anApiServer, json } from '../anApiServer.ts';
import { watchPods } from '../aWatch.ts';

describe('a server in trouble is not stormed', () => {
  /** Counts requests while the clock stands still, and rings it on. */
  async function waitsUnder(answer: Parameters<typeof anApiServer>[0], rounds: number) {
    const clock = handClock();
    await using server = await anApiServer(answer);
    const ending = new AbortController();
    watchPods({ kube: server.kube(), clock, ending });
    const waits: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // The only bell that may ring soon is the one that ends a wait: the next full list is minutes away.
      await comesTrue(() => {
        expect(Math.min(...clock.waits())).toBeLessThan(60_000);
      });
      waits.push(Math.min(...clock.waits()));
      clock.ringNext();
    }
    ending.abort();
    return waits;
  }

  const list = { kind: 'PodList', metadata: { resourceVersion: '5' }, items: [] };

  it('when it closes every watch in good order: one a second', async () => {
    const waits = await waitsUnder((request, response) => {
      if (request.query.has('watch')) response.end();
      else json(response, list);
    }, 5);
    for (const wait of waits) expect(wait).toBeGreaterThan(800);
  });

  it.each([
    ['says 410 to every watch', 410, true],
    ['fails every list', 500, false],
    ['forbids every list', 403, false],
  ])('when it %s: each wait doubles up to half a minute', async (_, code, lists) => {
    const waits = await waitsUnder((request, response) => {
      if (lists && !request.query.has('watch')) json(response, list);
      else json(response, { kind: 'Status', code }, code);
    }, 8);
    waits.forEach((wait, round) => {
      expect(wait).toBeGreaterThan(Math.min(30_000, 1_000 * 2 ** round) * 0.8);
      expect(wait).toBeLessThan(36_000);
    });
  });
});
