import { after, type Millis, seconds } from '../../../domain/time.ts';
import { type Clock, until } from '../../ports/clock.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { Answer, Failure } from './answer.ts';
import { type AwsApi, type Bucket, bucketOf, type Rate, rateOf } from './buckets.ts';
import { failureOf, retryAfterOf } from './failures.ts';

export interface CallOptions {
  /** Whether the call changes something: then it is sent once, and no answer means an unknown outcome. */
  readonly mutating?: boolean;
  /** The longest that one request may take, in real time; 15 s unless told, 30 s for a change. */
  readonly timeoutMs?: Millis;
  /** Aborted when nobody waits for the answer any longer. */
  readonly signal?: AbortSignal;
}

/** The one door to AWS. */
export interface Caller {
  /**
   * Sends a request and answers what came of it; never throws. Give `signal` to the SDK as `abortSignal`.
   *
   * A read is repeated, at most three requests in all, when it was throttled or got no answer; a mutating call never.
   */
  call<T>(
    api: AwsApi,
    action: string,
    send: (signal: AbortSignal) => Promise<T>,
    options?: CallOptions,
  ): Promise<Answer<T>>;
  /** How many calls are not answered yet. */
  readonly inFlight: number;
  /** How far the clock of AWS is ahead of this machine's, where that is known. */
  readonly clockSkewMs: number | undefined;
}

export interface CallerSettings {
  readonly telemetry: Telemetry;
  /** Waits between repeats, and the buckets, go by this clock. */
  readonly clock: Clock;
  /** Rates by action, in place of the built-in ones. */
  readonly buckets?: Readonly<Record<string, Rate>>;
  /** Where the skew is learnt: `Aws.skewMs`. */
  readonly skewMs?: () => number | undefined;
}

const READ_TIMEOUT_MS = seconds(15);
/** A launch may take its time, and giving up on one costs a search for what came of it. */
const CHANGE_TIMEOUT_MS = seconds(30);

const MOST_REQUESTS = 3;

/** What the SDK waits at first: a throttle needs far longer than a hiccup. */
const FIRST_BACKOFF_MS = { throttle: seconds(1), other: 100 } as const;
const LONGEST_BACKOFF_MS = seconds(20);

/** A call whose service asks for a longer pause is answered now, with the instant at which to ask again. */
const LONGEST_PAUSE_MS = seconds(30);

export function awsCaller({ telemetry, clock, buckets = {}, skewMs }: CallerSettings): Caller {
  const byAction = new Map<string, Bucket>();
  let inFlight = 0;

  const turnOf = async (api: AwsApi, action: string, mutating: boolean, signal?: AbortSignal): Promise<void> => {
    const rate = buckets[action] ?? rateOf(api, action, mutating);
    if (rate === undefined) return;
    const key = `${api} ${action}`;
    let bucket = byAction.get(key);
    if (bucket === undefined) byAction.set(key, (bucket = bucketOf(rate)));
    const turn = bucket.take(clock.now());
    if (turn > clock.now()) await until(clock, turn, signal);
  };

  const request = async <T>(
    api: AwsApi,
    action: string,
    send: (signal: AbortSignal) => Promise<T>,
    { mutating = false, timeoutMs = mutating ? CHANGE_TIMEOUT_MS : READ_TIMEOUT_MS, signal }: CallOptions,
  ): Promise<Answer<T>> => {
    // How long a request takes is a matter of this machine and the network, so it is measured in real time.
    const sentAt = performance.now();
    const said = (outcome: string): void => {
      telemetry.called({ api, action, outcome, durationMs: performance.now() - sentAt });
    };
    try {
      const value = await withinTime(send, timeoutMs, signal);
      said('ok');
      return { kind: 'ok', value };
    } catch (error) {
      const failure = failureOf(error, mutating);
      const pauseMs = retryAfterOf(error);
      said(failure.class);
      return pauseMs === undefined ? failure : { ...failure, retryAt: after(clock.now(), pauseMs) };
    }
  };

  const call: Caller['call'] = async (api, action, send, options = {}) => {
    const { mutating = false, signal } = options;
    inFlight += 1;
    try {
      for (let count = 1; ; count += 1) {
        await turnOf(api, action, mutating, signal);
        if (isOff(signal)) return calledOff(action);
        const answer = await request(api, action, send, options);
        if (answer.kind === 'ok' || mutating || count === MOST_REQUESTS || !isPassing(answer)) return answer;
        const now = clock.now();
        const again = Math.max(after(now, backoffMs(answer, count)), answer.retryAt ?? now);
        if (again > after(now, LONGEST_PAUSE_MS)) return answer;
        await until(clock, again, signal);
        if (isOff(signal)) return answer;
      }
    } finally {
      inFlight -= 1;
    }
  };

  return {
    call,
    get inFlight() {
      return inFlight;
    },
    get clockSkewMs() {
      return skewMs?.();
    },
  };
}

/** Whether the same read may well be answered soon. After a refusal for the clock the SDK signs with the right one. */
const isPassing = (failure: Failure): boolean =>
  failure.class === 'throttle' || failure.class === 'unavailable' || failure.class === 'clock';

/** Full jitter: anything up to the exponential bound, so that keepers who failed together do not ask together again. */
const backoffMs = (failure: Failure, count: number): Millis =>
  Math.random() *
  Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS[failure.class === 'throttle' ? 'throttle' : 'other'] * 2 ** count);

const isOff = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/** Nothing was sent, so nothing can have happened. */
const calledOff = (action: string): Failure => ({
  kind: 'failed',
  class: 'unavailable',
  code: 'CalledOff',
  message: `${action} was called off before it was sent`,
});

/** What `send` answers; rejects when the time is up or `signal` fires, also where `send` takes no notice of its signal. */
async function withinTime<T>(
  send: (signal: AbortSignal) => Promise<T>,
  timeoutMs: Millis,
  signal: AbortSignal | undefined,
): Promise<T> {
  const controller = new AbortController();
  let stop: (error: Error) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = (error) => {
      reject(error);
      controller.abort(error);
    };
  });
  // A real timer: the network keeps real time, whatever the keeper's clock shows.
  const timer = setTimeout(() => {
    stop(errorNamed('TimeoutError', `no answer within ${timeoutMs} ms`));
  }, timeoutMs);
  const abort = (): void => {
    stop(errorNamed('AbortError', 'called off'));
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([send(controller.signal), stopped]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

const errorNamed = (name: string, message: string): Error => Object.assign(new Error(message), { name });
