import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Catalogue } from '../policy/definePolicy.ts';
import { type Request, SIGNAL, type ThreadData } from './protocol.ts';
import { policyServer } from './serve.ts';

// The thread in which user policies run. It waits for a request, answers it, and waits again; while it waits nothing else
// happens in it, so that no timer of a policy ever fires.

// Known: `policyThread` starts this file, and with nothing else.
const { port, signal, catalogue } = workerData as ThreadData;

// What a policy prints would mix with the command's own output, and piled up it would be memory that nobody frees.
const discard = (): boolean => true;
process.stdout.write = discard;
process.stderr.write = discard;

// A promise that a policy made and left alone is answered as a fault already.
process.on('unhandledRejection', () => undefined);

process.on('exit', () => {
  Atomics.store(signal, SIGNAL.ended, 1);
  answered();
});

void serve();

async function serve(): Promise<void> {
  // Known: the module of the shipped policies, or one of the same shape.
  const module = (await import(catalogue)) as { readonly catalogue: Catalogue };
  const answer = policyServer(module.catalogue);
  answered(); // ready
  for (let seen = 0; ; seen = (seen + 1) | 0) {
    // A wake may belong to the request before, which was seen without it.
    while (Atomics.load(signal, SIGNAL.requests) === seen) Atomics.wait(signal, SIGNAL.requests, seen);
    // Known: only `policyThread` holds the other end, and it sends before it counts.
    const { message } = receiveMessageOnPort(port) as { readonly message: Request };
    const reply = answer(message);
    port.postMessage(reply instanceof Promise ? await reply : reply);
    answered();
  }
}

function answered(): void {
  Atomics.add(signal, SIGNAL.replies, 1);
  Atomics.notify(signal, SIGNAL.replies);
}
