import { once } from 'node:events';
import { KubeConfig } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { kubeClient } from '../../../src/live/kubernetes/kubeClient.ts';
import { type Called, silent } from '../../../src/live/ports/telemetry.ts';
import { anApiServer, json } from './anApiServer.ts';

const NODE = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a', uid: 'u', resourceVersion: '1' } };

describe('a call to the API server', () => {
  it('answers what was asked for, and tells how it went', async () => {
    await using server = await anApiServer((_, response) => {
      json(response, NODE);
    });
    const calls: Called[] = [];
    const kube = server.kube({ ...silent, called: (call) => calls.push(call) });

    const answer = await kube.call('get nodes', () => kube.core.readNode({ name: 'a' }));

    expect(answer).toMatchObject({ kind: 'ok', value: { metadata: { name: 'a' } } });
    expect(calls).toMatchObject([{ api: 'kubernetes', action: 'get nodes', outcome: 'ok' }]);
  });

  it.each([
    [400, 'refused'],
    [401, 'forbidden'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [409, 'conflict'],
    [410, 'gone'],
    [422, 'refused'],
    [429, 'throttled'],
    [500, 'unreachable'],
    [503, 'unreachable'],
    [504, 'unreachable'],
  ])('sorts the status %d as %s, and never repeats it', async (code, kind) => {
    let asked = 0;
    await using server = await anApiServer((_, response) => {
      asked += 1;
      json(response, { kind: 'Status', message: 'because', code }, code, { 'retry-after': '7' });
    });
    const kube = server.kube();

    const answer = await kube.call('get nodes', () => kube.core.readNode({ name: 'a' }));

    expect(answer).toMatchObject({ kind: 'failed', class: kind, code, retryAfterMs: 7_000 });
    if (code !== 401) expect(answer).toMatchObject({ message: 'because' });
    expect(asked).toBe(1);
  });

  it.each(['3600', '1e99'])('leaves a server alone for a minute that asks for %s s', async (asked) => {
    await using server = await anApiServer((_, response) => {
      response.writeHead(503, { 'content-type': 'text/html', 'retry-after': asked });
      response.end('<html>maintenance</html>');
    });
    const kube = server.kube();
    const answer = await kube.call('get nodes', () => kube.core.readNode({ name: 'a' }));
    expect(answer).toMatchObject({ class: 'unreachable', message: 'HTTP 503', retryAfterMs: 60_000 });
  });

  it.each([
    ['a page of HTML', 'text/html', '<html>busy</html>'],
    ['HTML that calls itself JSON', 'application/json', '<html>busy</html>'],
    ['nothing', 'application/json', ''],
    ['half of an object', 'application/json', '{"kind":"NodeList","items":['],
    ['an object of no kind', 'application/json', '{}'],
    ['null', 'application/json', 'null'],
  ])('calls %s under a good status malformed, and not empty', async (_, type, body) => {
    await using server = await anApiServer((__, response) => {
      response.writeHead(200, { 'content-type': type });
      response.end(body);
    });
    const kube = server.kube();

    const answer = await kube.call('list nodes', () => kube.core.listNode());

    expect(answer).toMatchObject({ kind: 'failed', class: 'malformed' });
  });

  it('calls a torn connection and a closed port unreachable', async () => {
    await using server = await anApiServer((request) => request.socket.destroy());
    const kube = server.kube();

    expect(await kube.call('list nodes', () => kube.core.listNode())).toMatchObject({ class: 'unreachable' });

    await server[Symbol.asyncDispose]();
    expect(await kube.call('list nodes', () => kube.core.listNode())).toMatchObject({ class: 'unreachable' });
  });

  it('cuts a call off after its time, on the wire too, and counts it as on its way until then', async () => {
    // Undefined where it was cut off before it had come: this machine may be as slow as that.
    let closed: Promise<unknown> | undefined;
    await using server = await anApiServer((request) => {
      closed = once(request.socket, 'close');
    });
    const kube = server.kube();

    const calling = kube.call('patch nodes', () => kube.core.readNode({ name: 'a' }), {
      timeoutMs: 50,
      mutating: true,
    });
    expect(kube.inFlight).toBe(1);

    expect(await calling).toMatchObject({ kind: 'failed', class: 'unreachable', message: 'no answer within 50 ms' });
    expect(kube.inFlight).toBe(0);
    await closed;
  });

  it('never tells the token in what it says of a failure', async () => {
    await using server = await anApiServer((_, response) => {
      json(response, { kind: 'Status', message: 'no' }, 403);
    });
    const kube = server.kube();
    const answer = await kube.call('list nodes', () => kube.core.listNode());
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('refuses a kubeconfig without a cluster at once', () => {
    expect(() => kubeClient({ telemetry: silent, config: new KubeConfig() })).toThrow(/names a cluster/);
  });
});
