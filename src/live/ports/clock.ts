import { type Instant, type Millis, minutes, NEVER } from '../../domain/time.ts';

/** What time it is in the world that the keeper keeps, and a bell for later. The only source of time in `src/live`. */
export interface Clock {
  readonly now: () => Instant;
  /** Rings once when the instant has come, soon if it has passed; answers how to call it off. NEVER never rings. */
  readonly at: (instant: Instant, ring: () => void) => () => void;
}

/**
 * How far the keeper's clock may be from that of AWS, and so from that of the cluster, while it still acts. Leases are of an hour and
 * more and are counted from launch times that AWS writes: a few minutes shift a renewal, hours buy and end instances in a circle. What
 * is held against a time that others wrote bears with as much.
 */
export const MOST_SKEW_MS: Millis = minutes(3);

/** Node's timers count in 32 bits; a longer wait is made of several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A clock that runs `speed` times as fast as this machine's, and showed `from` when this machine's showed `realFrom`. */
export function scaledClock({ from, realFrom, speed }: { from: Instant; realFrom: Instant; speed: number }): Clock {
  const now = (): Instant => Math.floor(from + (Date.now() - realFrom) * speed);
  const at = (instant: Instant, ring: () => void): (() => void) => {
    if (instant === NEVER) return () => undefined;
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const leftMs = (instant - now()) / speed;
      if (leftMs <= 0) ring();
      else timer = setTimeout(wait, Math.min(Math.ceil(leftMs), LONGEST_TIMER_MS));
    };
    timer = setTimeout(wait, Math.min(Math.max(0, Math.ceil((instant - now()) / speed)), LONGEST_TIMER_MS));
    return () => {
      clearTimeout(timer);
    };
  };
  return { now, at };
}

/** This machine's clock. */
export const systemClock: Clock = scaledClock({ from: 0, realFrom: 0, speed: 1 });

/** Resolves when the instant has come, or at once when `signal` says that nobody waits any longer. */
export function until(clock: Clock, instant: Instant, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const stop = (): void => {
      callOff();
      resolve();
    };
    const callOff = clock.at(instant, () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Whether an end has come. Asked again after every wait, so it is no plain field to the reader nor the compiler. */
export const hasCome = (end: AbortSignal | undefined): boolean => end?.aborted === true;
