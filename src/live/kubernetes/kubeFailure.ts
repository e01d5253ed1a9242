import { ApiException } from '@kubernetes/client-node';
import { type Millis, minutes, seconds } from '../../domain/time.ts';

/** What went wrong with a call to the API server, sorted by what to do about it. */
export type KubeFailureClass =
  /** 409: something changed, or exists already. Read again and decide again. */
  | 'conflict'
  /** 410: the version or the page is no longer kept. List again. */
  | 'gone'
  | 'not-found'
  /** 429: too many calls, or a disruption budget says no. Wait as long as `retryAfterMs` says. */
  | 'throttled'
  /** 401 and 403: people have to do something. */
  | 'forbidden'
  /** Any other 4xx: the server understood the call and will not do it. */
  | 'refused'
  /** No answer in time, a broken connection or a 5xx. Whether a change was made, nobody knows: read before repeating. */
  | 'unreachable'
  /** The server said that it went well, and nobody can read what it said. Whether a change was made, nobody knows. */
  | 'malformed';

export interface KubeFailure {
  readonly kind: 'failed';
  readonly class: KubeFailureClass;
  /** The HTTP status, if there was one. */
  readonly code?: number;
  readonly message: string;
  /** How long the server asked to be left alone, but no longer than a minute: who hears nothing for longer knows nothing. */
  readonly retryAfterMs?: Millis;
}

/** A good status with a body that is none of Kubernetes' objects. */
export class MalformedAnswer extends Error {
  readonly code: number;
  constructor(code: number, body: string) {
    super(`an answer that is no Kubernetes object: ${JSON.stringify(body.slice(0, 80))}`);
    this.code = code;
  }
}

/** Sorts what a call has thrown. `cutOff` says why the call was cut off, if it was. */
export function failureOf(error: unknown, cutOff?: string): KubeFailure {
  if (cutOff !== undefined) return { kind: 'failed', class: 'unreachable', message: cutOff };
  // The library's type promises a parsed body; what arrives is text.
  if (error instanceof ApiException) return failureOfStatus(error.code, String(error.body), error.headers);
  if (error instanceof MalformedAnswer)
    return { kind: 'failed', class: 'malformed', code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  // Broken JSON and fields of the wrong shape throw these in the library's own reader.
  if (error instanceof SyntaxError || error instanceof TypeError)
    return { kind: 'failed', class: 'malformed', message };
  return { kind: 'failed', class: 'unreachable', message };
}

/** Sorts an HTTP status that is no success. `headers` have lower-case names; `body` is the text of a Status object, or anything. */
export function failureOfStatus(
  code: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): KubeFailure {
  const status = statusIn(body);
  // Kubernetes writes whole seconds; the date form of the header is used by nobody here.
  const retryAfterSeconds = Number(headers['retry-after'] ?? status.retryAfterSeconds ?? NaN);
  return {
    kind: 'failed',
    class: classOf(code),
    code,
    message: (status.message ?? `HTTP ${code}`).slice(0, LONGEST_MESSAGE),
    ...(retryAfterSeconds >= 0 && { retryAfterMs: Math.min(seconds(retryAfterSeconds), LONGEST_PAUSE_MS) }),
  };
}

/** An API server asks for seconds. Hours are what a page of maintenance between here and there asks browsers for. */
const LONGEST_PAUSE_MS = minutes(1);

/** Enough for every Status message, and too little for a proxy's page to flood the log. */
const LONGEST_MESSAGE = 300;

function classOf(code: number): KubeFailureClass {
  switch (code) {
    case 401:
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 409:
      return 'conflict';
    case 410:
      return 'gone';
    case 429:
      return 'throttled';
    default:
      return code >= 400 && code < 500 ? 'refused' : 'unreachable';
  }
}

function statusIn(body: string): { readonly message?: string; readonly retryAfterSeconds?: number } {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return {};
    const message = 'message' in parsed && typeof parsed.message === 'string' ? parsed.message : undefined;
    const details = 'details' in parsed ? parsed.details : undefined;
    const retryAfterSeconds =
      typeof details === 'object' && details !== null && 'retryAfterSeconds' in details
        ? Number(details.retryAfterSeconds)
        : undefined;
    return {
      ...(message !== undefined && { message }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    };
  } catch {
    return {};
  }
}
