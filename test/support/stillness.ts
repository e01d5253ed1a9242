import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/**
 * Both ends of all connections of this process, by the ports of either. The services of a test are in the process of those
 * who call them, so that what is on its way between them can be seen, however slowly the machine carries it.
 */
const ends = { client: new Map<string, Socket>(), server: new Map<string, Socket>() };
/** Those whose ports nobody knows yet. */
const opening = new Set<Socket>();

subscribe('net.client.socket', (message) => {
  const socket = socketIn(message);
  opening.add(socket);
  socket.once('connect', () => {
    opening.delete(socket);
    keep('client', `${socket.localPort}>${socket.remotePort}`, socket);
  });
  socket.once('close', () => opening.delete(socket));
});
subscribe('net.server.socket', (message) => {
  const socket = socketIn(message);
  keep('server', `${socket.remotePort}>${socket.localPort}`, socket);
});

// Known: it is what Node publishes there.
const socketIn = (message: unknown): Socket => (message as { readonly socket: Socket }).socket;

function keep(end: 'client' | 'server', key: string, socket: Socket): void {
  ends[end].set(key, socket);
  // A port may have been given to another connection since.
  socket.once('close', () => {
    if (ends[end].get(key) === socket) ends[end].delete(key);
  });
}

/** Whether everything that was sent has been read at the other end, and no file or name is being looked up. */
function isAllDelivered(): boolean {
  // Where there is one end more on either side, the other has just been opened or closed.
  if (opening.size > 0 || ends.client.size !== ends.server.size) return false;
  for (const [key, client] of ends.client) {
    const server = ends.server.get(key);
    if (server === undefined) return false;
    if (client.bytesWritten !== server.bytesRead || server.bytesWritten !== client.bytesRead) return false;
  }
  return !process.getActiveResourcesInfo().some((name) => LOOKED_UP.test(name));
}

const LOOKED_UP = /^(?:FSReq|CloseReq|GetAddrInfo)/;

/** A promise or two may still have to be passed on inside of the process. */
const TURNS = 12;

/**
 * Resolves when nothing happens any more, so that whatever still waits, waits for time: for some turns of the event loop the
 * state has stayed as it is, nothing is on its way, and nobody works on an answer.
 */
export async function stillness(state: () => string, isAnswering: () => boolean): Promise<void> {
  for (let last = state(), still = 0; still < TURNS; ) {
    await setImmediate();
    const now = state();
    still = now === last && !isAnswering() && isAllDelivered() ? still + 1 : 0;
    last = now;
  }
}
