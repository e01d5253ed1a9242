import type { Verb } from './target.ts';

/** Which requests meet a fault. */
export interface FaultPlace {
  readonly verb: Verb | '*';
  /** The plural, with its subresource if it has one (`pods/eviction`), a path that is no resource (`/version`), or `*`. */
  readonly resource: string;
  /** Only requests about, or events of, the object of this name. */
  readonly name?: string;
  /** How many requests or events meet it, one after the other; all of them where this is missing. */
  readonly times?: number;
}

/** Said of a fault that only spoils the answer: what was asked for has been done. */
interface Late {
  readonly afterEffect?: boolean;
}

/** What goes wrong with a request. Watches meet these when they are opened. */
export type RequestTrouble =
  /** A Status with this code, and Retry-After as header and detail where seconds are given. */
  | ({
      readonly kind: 'error';
      readonly code: number;
      readonly reason?: string;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    } & Late)
  /** The connection is torn without an answer. */
  | ({ readonly kind: 'reset' } & Late)
  /** No answer ever comes. */
  | ({ readonly kind: 'hang' } & Late)
  /** A raw body: empty, HTML, half of some JSON. */
  | ({ readonly kind: 'body'; readonly text: string; readonly code?: number; readonly contentType?: string } & Late)
  /** A list answers what was there that many versions ago, under its old version. */
  | { readonly kind: 'staleList'; readonly behind: number }
  /** 410: a watch says it in an ERROR event unless `as` says otherwise, a list in its answer. */
  | { readonly kind: 'gone'; readonly as?: 'event' | 'http' }
  /** A watch ends as soon as it is open, in good order. */
  | { readonly kind: 'closeAtOnce' };

/** What goes wrong with an event of an open watch. */
export type EventTrouble =
  | { readonly kind: 'dropEvent' }
  | { readonly kind: 'duplicateEvent' }
  /** The event comes without metadata, or as this line. */
  | { readonly kind: 'malformedEvent'; readonly line?: string }
  /** The event comes after the next one. */
  | { readonly kind: 'reorder' }
  /** From this event on the watch stays open and says nothing: no events, no bookmarks, no end. */
  | { readonly kind: 'silence' };

/** A fault that requests meet. */
export type RequestFault = FaultPlace & RequestTrouble;

/** A fault that events meet. */
export type EventFault = FaultPlace & EventTrouble;

export type Fault = RequestFault | EventFault;

/** The faults that wait for their requests. Where several fit one, the oldest comes first. */
export class Faults {
  private waiting: Waiting[] = [];

  /** Places a fault; answers how to take it away again. */
  add(fault: Fault): () => void {
    const entry: Waiting = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((one) => one !== entry);
    };
  }

  /** Takes all faults away. */
  clear(): void {
    this.waiting = [];
  }

  /** The fault that a request meets, which is used up by that. */
  ofRequest(verb: Verb, resource: string, name: string | undefined): RequestFault | undefined {
    return this.take(verb, resource, name, (fault) => (isOfEvents(fault) ? undefined : fault));
  }

  /** The fault that an event of a watch meets, which is used up by that. */
  ofEvent(resource: string, name: string): EventFault | undefined {
    return this.take('watch', resource, name, (fault) => (isOfEvents(fault) ? fault : undefined));
  }

  /** Whether a watch that opens is to be silent from the start; the fault is used up by that. */
  silences(resource: string): boolean {
    const fault = this.take('watch', resource, undefined, (one) => (one.kind === 'silence' ? one : undefined));
    return fault !== undefined;
  }

  private take<Wanted extends Fault>(
    verb: Verb,
    resource: string,
    name: string | undefined,
    wanted: (fault: Fault) => Wanted | undefined,
  ): Wanted | undefined {
    for (const entry of this.waiting) {
      const fault = wanted(entry.fault);
      if (fault === undefined || entry.left < 1 || !isMet(entry.fault, verb, resource, name)) continue;
      entry.left--;
      return fault;
    }
    return undefined;
  }
}

interface Waiting {
  readonly fault: Fault;
  left: number;
}

const EVENT_KINDS: readonly string[] = ['dropEvent', 'duplicateEvent', 'malformedEvent', 'reorder', 'silence'];

const isOfEvents = (fault: Fault): fault is EventFault => EVENT_KINDS.includes(fault.kind);

const isMet = (fault: FaultPlace, verb: Verb, resource: string, name: string | undefined): boolean =>
  ['*', verb].includes(fault.verb) &&
  ['*', resource].includes(fault.resource) &&
  (fault.name === undefined || fault.name === name);
