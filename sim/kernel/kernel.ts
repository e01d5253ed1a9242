import type { Fact } from '../../src/domain/facts.ts';
import { type Instant, NEVER } from '../../src/domain/time.ts';
import { EventQueue } from './queue.ts';

/** What becomes of a fact on its way to the keeper, in milliseconds: told late, told again. */
export interface Fate {
  readonly lateMs: number;
  /** Undefined: it is told once. */
  readonly againMs: number | undefined;
  /** It is never told. */
  readonly lost?: boolean;
}

/** A fact while only the kernel has it. */
type Untold = { -readonly [Field in keyof Fact]: Fact[Field] };

/** Something that is to happen: a function, or where there are thousands of a kind an object of theirs. */
export type Happening = (() => void) | { happen(): void };

/** What comes by itself, in order of time: the jobs of a week. It stands in no queue, which is so much smaller for that. */
export interface Stream {
  /** When the next one comes; NEVER when none is left. */
  readonly dueAt: Instant;
  happen(): void;
}

const nothing: Stream = { dueAt: NEVER, happen: () => undefined };

/** One queue, one clock: everything in a simulated world happens through it. */
export class Kernel {
  /** The present. Only moves on. */
  now: Instant;
  private readonly until: Instant;
  private readonly queue = new EventQueue<Happening>();
  private stream: Stream = nothing;
  /** What was scheduled before the stream began comes before it among equals. */
  private streamOrder = 0;
  /** What was said and not told yet, from `told` up to `said`. */
  private readonly facts: Fact[] = [];
  private said = 0;
  private told = 0;
  private lastAt: Instant;
  private readonly fateOf: ((fact: Fact) => Fate) | undefined;

  /** @param fateOf what becomes of each fact; told at once and once if left out */
  constructor(from: Instant, until: Instant, fateOf?: (fact: Fact) => Fate) {
    this.now = from;
    this.until = until;
    this.lastAt = from - 1;
    this.fateOf = fateOf;
  }

  /** Lets something happen at an instant; one that has passed means now. */
  schedule(at: Instant, happening: Happening): void {
    this.queue.push(at, happening);
  }

  /** Lets what comes by itself come from now on; there is one such stream. */
  follow(stream: Stream): void {
    this.stream = stream;
    this.streamOrder = this.queue.nextOrder;
  }

  /**
   * Tells the keeper a fact, after all those that were said before it, unless its fate is another. Its instant is the kernel's to set:
   * it is the one at which it is told.
   */
  say(fact: Fact): 'said' | 'lost' {
    if (this.fateOf === undefined) {
      this.facts[this.said++] = fact;
      return 'said';
    }
    const { lateMs, againMs, lost } = this.fateOf(fact);
    if (lost === true) return 'lost';
    if (lateMs === 0) this.facts[this.said++] = fact;
    else this.sayAt(this.now + lateMs, fact);
    // Told twice, it is two facts: each has its own instant.
    if (againMs !== undefined) this.sayAt(this.now + lateMs + againMs, { ...fact });
    return 'said';
  }

  private sayAt(at: Instant, fact: Fact): void {
    this.schedule(at, () => {
      this.facts[this.said++] = fact;
    });
  }

  /**
   * Moves on to the next fact, but no further than `wakeAt`; undefined when the world has ended. Instants increase
   * strictly, so facts of one instant are told a millisecond apart.
   */
  next(wakeAt: Instant): Fact | undefined {
    const by = Math.max(wakeAt, this.lastAt + 1);
    const { queue, stream, until } = this;
    while (this.told === this.said) {
      const queuedAt = queue.dueAt;
      const { dueAt: streamAt } = stream;
      const dueAt = Math.min(queuedAt, streamAt);
      if (dueAt > by || dueAt >= until) return this.stamp({ type: 'clock.reached', at: by }, by);
      if (dueAt > this.now) this.now = dueAt;
      if (streamAt < queuedAt || (streamAt === queuedAt && queue.dueOrder >= this.streamOrder)) stream.happen();
      else {
        const happening = queue.pop();
        if (typeof happening === 'function') happening();
        else happening?.happen();
      }
    }
    const fact = this.facts[this.told++]!;
    if (this.told === this.said) {
      this.told = 0;
      this.said = 0;
    }
    return this.stamp(fact, Math.max(this.now, this.lastAt + 1));
  }

  private stamp(fact: Fact, at: Instant): Fact | undefined {
    if (at >= this.until) {
      this.now = this.until;
      return undefined;
    }
    (fact as Untold).at = at;
    this.now = at;
    this.lastAt = at;
    return fact;
  }
}
