import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../fakes/kubernetes/json.ts';
import { jsonPatched } from '../../../fakes/kubernetes/jsonPatch.ts';
import { POD_MARK } from '../../../src/live/kubernetes/marks.ts';
import { silent } from '../../../src/live/ports/telemetry.ts';
import { reviewed } from '../../../src/live/webhook/delayReview.ts';
import { serveJobDelay, WEBHOOK_PATH } from '../../../src/live/webhook/serveJobDelay.ts';
import { comesTrue } from '../../support/comesTrue.ts';
import { virtualClock } from '../../support/virtualClock.ts';

const podWith = (annotations?: Readonly<Record<string, string>> | null) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'build', namespace: 'ci', ...(annotations === undefined ? {} : { annotations }) },
  spec: { containers: [{ name: 'main', image: 'ci' }] },
});

const review = (object: unknown, operation = 'CREATE') =>
  JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid: 'u1', operation, object },
  });

// Known: what was built above has these fields.
const responseTo = (text: string) =>
  (reviewed(text) as { readonly response: { readonly response: Response } }).response.response;

interface Response {
  readonly uid: string;
  readonly allowed: boolean;
  readonly patch?: string;
  readonly patchType?: string;
}

/** A pod as the API server makes it of what the webhook says. */
function admitted(pod: ReturnType<typeof podWith>) {
  const { patch } = responseTo(review(pod));
  const text = patch === undefined ? '[]' : Buffer.from(patch, 'base64').toString();
  // Known: what the webhook writes is JSON.
  return jsonPatched(pod, JSON.parse(text) as Json);
}

describe('a job pod that is created', () => {
  it.each([[undefined], [null], [{}], [{ team: 'ci', 'a/b~c': 'x' }]])(
    'with the annotations %j gets ten seconds',
    (given) => {
      const metadata = { annotations: { ...given, [POD_MARK.delay]: '10s' } };
      expect(admitted(podWith(given))).toMatchObject({ metadata });
    },
  );

  it('keeps a delay of its own, be it empty', () => {
    for (const delay of ['3m', '0s', ''])
      expect(responseTo(review(podWith({ [POD_MARK.delay]: delay })))).toEqual({ uid: 'u1', allowed: true });
  });

  it('is never refused', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('CREATE', 'UPDATE', 'CONNECT', ''), (object, operation) => {
        expect(responseTo(review(object, operation))).toMatchObject({ uid: 'u1', allowed: true });
      }),
    );
    expect(responseTo(review(podWith(), 'UPDATE'))).toEqual({ uid: 'u1', allowed: true });
  });

  it('is not reviewed where nobody can tell what was asked', () => {
    for (const text of ['', '{', '[]', '{"kind":"AdmissionReview"}', review(podWith()).replace('/v1"', '/v1beta1"')])
      expect(reviewed(text)).toHaveProperty('unreadable');
  });
});

describe.skipIf(spawnSync('openssl', ['version']).status !== 0)('the webhook', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'spot-keeper-webhook-'));
    for (const name of ['first', 'second'])
      execFileSync(
        'openssl',
        [
          ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
          ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', join(folder, `${name}.key`)],
          ...['-out', join(folder, `${name}.crt`)],
        ],
        { stdio: 'pipe' },
      );
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const take = (name: string): void => {
    for (const kind of ['crt', 'key']) copyFileSync(join(folder, `${name}.${kind}`), join(folder, `tls.${kind}`));
  };

  const asked = (
    port: number,
    name: string,
    body: string | Buffer,
    over: { readonly path?: string; readonly method?: string } = {},
  ) =>
    new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
      const { path = WEBHOOK_PATH, method = 'POST' } = over;
      const ca = readFileSync(join(folder, `${name}.crt`));
      const asking = request(
        {
          ...{ port, host: '127.0.0.1', servername: 'localhost', agent: false, ca },
          path: `${path}?timeout=1s`,
          method,
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, text });
          });
        },
      );
      asking.on('error', reject);
      asking.end(body);
    });

  it('serves over TLS without a leader, refuses all else, and takes a renewed certificate up', async () => {
    let now = 0;
    const notes: string[] = [];
    const ending = new AbortController();
    const clock = virtualClock(() => now);
    const { port, closed } = await serveJobDelay({
      ...{ port: 0, host: '127.0.0.1', folder, clock, signal: ending.signal },
      telemetry: { ...silent, noted: (_, what) => void notes.push(what) },
    });
    // A keeper works without it, and it comes later.
    expect(notes).toEqual(['no certificate for the webhook']);
    await expect(asked(port, 'first', review(podWith()))).rejects.toThrow();
    const minute = async (name: string): Promise<void> => {
      take(name);
      now += 60_000;
      await comesTrue(async () => {
        clock.ring();
        expect(await asked(port, name, review(podWith()))).toMatchObject({ status: 200 });
      });
    };
    await minute('first');
    const { text } = await asked(port, 'first', review(podWith()));
    expect(JSON.parse(text)).toMatchObject({
      ...{ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' },
      response: { uid: 'u1', allowed: true, patchType: 'JSONPatch' },
    });
    expect((await asked(port, 'first', 'x')).status).toBe(400);
    expect((await asked(port, 'first', '', { path: '/' })).status).toBe(404);
    expect((await asked(port, 'first', '', { method: 'GET' })).status).toBe(405);
    await minute('second');
    await expect(asked(port, 'first', review(podWith()))).rejects.toThrow(/certificate/);
    ending.abort();
    await closed;
  });
});
