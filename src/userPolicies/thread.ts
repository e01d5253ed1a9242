import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { Millis } from '../domain/time.ts';
import { computedMs, IDLE_TIMES } from './computing.ts';
import { type Reply, type Request, SIGNAL, type ThreadData } from './protocol.ts';
import { startWorker } from './startWorker.ts';

/** A thread in which user policies run, asked like a function. */
export interface PolicyThread {
  /**
   * The reply; `late` if there was none after so much computing, `ended` if the thread has ended by itself. After either it
   * is of no use.
   */
  ask(request: Request, withinMs: Millis): Reply | 'late' | 'ended';
  /** Ends the thread, whatever runs in it. */
  close(): void;
}

export interface ThreadOptions {
  /** The module that exports `catalogue`, as a URL. */
  readonly catalogue: string;
  readonly memoryMb: number;
}

/**
 * Starts a thread. The caller waits, without a turn of its own event loop, until the thread is ready and for every reply:
 * a step of the keeper is one piece, and asking a policy is part of it.
 */
export function policyThread({ catalogue, memoryMb }: ThreadOptions): PolicyThread {
  const { port1: port, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  const workerData: ThreadData = { port: port2, signal, catalogue };
  const worker = startWorker('worker', import.meta.url, {
    workerData,
    transferList: [port2],
    env: {},
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
  });
  // Its end shows in the signal, where whoever waits sees it; and it must not keep this process from ending.
  worker.on('error', () => undefined);
  worker.unref();
  port.unref();
  if (!repliedAfter(0, READY_MS) || hasEnded()) {
    close();
    throw new Error(`the thread for user policies was not ready within ${READY_MS / 1_000} seconds`);
  }
  return { ask, close };

  function ask(request: Request, withinMs: Millis): Reply | 'late' | 'ended' {
    if (hasEnded()) return 'ended';
    const before = Atomics.load(signal, SIGNAL.replies);
    port.postMessage(request);
    Atomics.add(signal, SIGNAL.requests, 1);
    Atomics.notify(signal, SIGNAL.requests);
    if (!repliedAfter(before, withinMs)) return 'late';
    const received = receiveMessageOnPort(port);
    // Known: the worker posts a reply before it counts it, and nothing else.
    return received === undefined ? 'ended' : (received as { readonly message: Reply }).message;
  }

  function repliedAfter(before: number, withinMs: Millis): boolean {
    const hasReplied = (): boolean => Atomics.load(signal, SIGNAL.replies) !== before;
    const lookMs = Math.min(Math.ceil(withinMs / 10), LONGEST_LOOK_MS);
    let since: NodeJS.CpuUsage | undefined;
    for (let idleMs = 0; !hasReplied(); ) {
      // The wake of the reply before, which was seen without it, may come only now: it ends the wait and says nothing.
      if (Atomics.wait(signal, SIGNAL.replies, before, lookMs) !== 'timed-out') continue;
      // Nobody but the thread computes meanwhile. It is counted from the first look on: most replies come before it.
      since ??= process.cpuUsage();
      idleMs += lookMs;
      if (computedMs(since) >= withinMs || idleMs >= withinMs * IDLE_TIMES) return hasReplied();
    }
    return true;
  }

  function hasEnded(): boolean {
    return Atomics.load(signal, SIGNAL.ended) !== 0;
  }

  function close(): void {
    port.close();
    void worker.terminate();
  }
}

/** Starting is this project's own work, and no policy's. */
const READY_MS = 60_000;

/** Whoever waits looks at least so often what was computed meanwhile. */
const LONGEST_LOOK_MS = 50;
