import type { Millis } from '../../src/domain/time.ts';

/** What can go wrong with a call. */
export type FaultKind =
  /** AWS's own words instead of the action. */
  | { readonly kind: 'error'; readonly code: string; readonly status: number; readonly message?: string }
  /** The connection breaks before anything happened. */
  | { readonly kind: 'reset' }
  /** The action is done, and the connection breaks before the answer. */
  | { readonly kind: 'lostAnswer' }
  /** No answer ever comes; `done`: although the action is done. */
  | { readonly kind: 'hang'; readonly done?: boolean }
  /** The action is done, and something else is answered: `''`, a page of a proxy, a part of the true answer. */
  | { readonly kind: 'body'; readonly text: string | ((answer: string) => string); readonly status?: number }
  /** What was born less than `ms` ago is not there yet. */
  | { readonly kind: 'lag'; readonly ms: Millis }
  /** Everything is told as it was `ms` ago; at most a quarter of an hour. */
  | { readonly kind: 'stale'; readonly ms: Millis }
  /** At most so many things a page. */
  | { readonly kind: 'pageSize'; readonly size: number }
  /** Every page names itself as the next one. */
  | { readonly kind: 'repeatToken' }
  /** AWS's token buckets for the action, refilled by the account's clock; or a bucket of one's own. */
  | { readonly kind: 'throttle'; readonly bucket?: Bucket };

/** A token bucket: how many it holds, and how many it gets a second. */
export interface Bucket {
  readonly size: number;
  readonly perSecond: number;
}

/** A fault on the calls of one action, or of all. */
export type Fault = FaultRule & FaultKind;

interface FaultRule {
  /** `RunInstances`, or `*` for every action. */
  readonly action: string;
  /** On so many calls; on all that come, if left out. */
  readonly times?: number;
}

/** What a fault does to the answer instead of the action's own end. */
export type ForcedAnswer = Extract<FaultKind, { readonly kind: 'error' | 'reset' | 'lostAnswer' | 'hang' | 'body' }>;

/** What has been arranged for one call. */
export interface Arranged {
  /** The first that was added, if any: a call can end in one way only. */
  readonly ending: ForcedAnswer | undefined;
  readonly lagMs: Millis;
  readonly staleMs: Millis;
  readonly pageSize: number | undefined;
  readonly repeatsToken: boolean;
  /** AWS's own bucket, or another; undefined: no throttling. */
  readonly throttle: { readonly bucket: Bucket | undefined } | undefined;
}

/** The faults that are arranged, in the order in which they were added. */
export class Faults {
  /** How far the date of every answer is ahead of the account's clock. */
  dateOffMs: Millis = 0;
  private readonly arranged: { readonly fault: Fault; left: number }[] = [];

  /** Arranges a fault; answers how to call it off. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Infinity };
    this.arranged.push(entry);
    return () => {
      entry.left = 0;
    };
  }

  clear(): void {
    this.arranged.length = 0;
  }

  /** What is arranged for a call of an action; each fault that strikes has one time less. */
  take(action: string): Arranged {
    const striking: Fault[] = [];
    for (const entry of this.arranged) {
      if (entry.left < 1 || (entry.fault.action !== '*' && entry.fault.action !== action)) continue;
      // A second ending stays for a later call.
      if (isEnding(entry.fault) && striking.some(isEnding)) continue;
      entry.left -= 1;
      striking.push(entry.fault);
    }
    const unspent = this.arranged.filter(({ left }) => left >= 1);
    this.arranged.splice(0, this.arranged.length, ...unspent);
    const sizes = striking.flatMap((fault) => (fault.kind === 'pageSize' ? [fault.size] : []));
    const throttle = striking.find((fault) => fault.kind === 'throttle');
    return {
      ending: striking.find(isEnding),
      lagMs: longest(striking, 'lag'),
      staleMs: longest(striking, 'stale'),
      pageSize: sizes.length === 0 ? undefined : Math.min(...sizes),
      repeatsToken: striking.some(({ kind }) => kind === 'repeatToken'),
      throttle: throttle && { bucket: throttle.bucket },
    };
  }
}

function isEnding(fault: Fault): fault is FaultRule & ForcedAnswer {
  return ['error', 'reset', 'lostAnswer', 'hang', 'body'].includes(fault.kind);
}

const longest = (faults: readonly Fault[], kind: 'lag' | 'stale'): Millis =>
  faults.reduce((most, fault) => (fault.kind === kind ? Math.max(most, fault.ms) : most), 0);
