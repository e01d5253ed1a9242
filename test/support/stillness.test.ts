import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { stillness } from './stillness.ts';

const MANY_TURNS = 200;

/** Looks for many turns of the event loop whether it has become still. */
async function isStill(): Promise<boolean> {
  const found: true[] = [];
  const waiting = stillness(
    () => '',
    () => false,
  ).then(() => found.push(true));
  for (let turn = 0; turn < MANY_TURNS && found.length === 0; turn += 1) await setImmediate();
  stills.push(waiting);
  return found.length > 0;
}
const stills: Promise<unknown>[] = [];

it('is not still before what was sent is read, and before a connection is closed at both ends', async () => {
  const server = createServer({ pauseOnConnect: true });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(async () => {
    server.close();
    await Promise.all(stills);
  });
  // A server that listens on a port has an address with one.
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  // Known: what a server tells of a connection.
  const [there] = (await once(server, 'connection')) as [Socket];
  client.write('on its way');
  expect(await isStill()).toBe(false);
  there.resume();
  expect(await isStill()).toBe(true);
  client.end();
  await once(there, 'close');
  expect(await isStill()).toBe(true);
});

it('is not still while somebody works on an answer or a file is read, nor while the state changes', async () => {
  let answering = 3 * MANY_TURNS;
  await stillness(
    () => '',
    () => (answering -= 1) > 0,
  );
  expect(answering).toBeLessThanOrEqual(0);
  let read = '';
  void readFile(import.meta.filename, 'utf8').then((text) => (read = text));
  await stillness(
    () => '',
    () => false,
  );
  expect(read).toContain('a file is read');
  let changes = MANY_TURNS;
  await stillness(
    () => String((changes = Math.max(0, changes - 1))),
    () => false,
  );
  expect(changes).toBe(0);
});
