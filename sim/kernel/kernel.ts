import type { Fact } from '../../src/domain/facts.ts';
import { type Instant, latest } from '../../src/domain/time.ts';
import { EventQueue } from './queue.ts';

type Untimed<F> = F extends Fact ? Omit<F, 'at'> : never;

/** A fact before the kernel has said when it came. */
export type Said = Untimed<Fact>;

/** What becomes of a fact on its way to the keeper, in milliseconds: told late, told again. */
export interface Fate {
  readonly lateMs: number;
  /** Undefined: it is told once. */
  readonly againMs: number | undefined;
  /** It is never told. */
  readonly lost?: boolean;
}

const atOnce: Fate = { lateMs: 0, againMs: undefined };

/** One queue, one clock: everything in a simulated world happens through it. */
export class Kernel {
  /** The present. Only moves on. */
  now: Instant;
  private readonly until: Instant;
  private readonly queue = new EventQueue<() => void>();
  private readonly said: Said[] = [];
  private heard = 0;
  private lastAt: Instant;
  private readonly fateOf: (fact: Said) => Fate;

  /** @param fateOf what becomes of each fact; told at once and once if left out */
  constructor(from: Instant, until: Instant, fateOf: (fact: Said) => Fate = () => atOnce) {
    this.now = from;
    this.until = until;
    this.lastAt = from - 1;
    this.fateOf = fateOf;
  }

  /** Lets something happen at an instant; one that has passed means now. */
  schedule(at: Instant, happen: () => void): void {
    this.queue.push(at, happen);
  }

  /** Tells the keeper a fact, after all those that were said before it, unless its fate is another. */
  say(fact: Said): 'said' | 'lost' {
    const { lateMs, againMs, lost } = this.fateOf(fact);
    if (lost === true) return 'lost';
    if (lateMs === 0) this.said.push(fact);
    else this.sayAt(this.now + lateMs, fact);
    if (againMs !== undefined) this.sayAt(this.now + lateMs + againMs, fact);
    return 'said';
  }

  private sayAt(at: Instant, fact: Said): void {
    this.schedule(at, () => {
      this.said.push(fact);
    });
  }

  /**
   * Moves on to the next fact, but no further than `wakeAt`; undefined when the world has ended. Instants increase
   * strictly, so facts of one instant are told a millisecond apart.
   */
  next(wakeAt: Instant): Fact | undefined {
    const by = latest(wakeAt, this.lastAt + 1);
    for (;;) {
      const fact = this.said[this.heard];
      if (fact !== undefined) {
        this.heard += 1;
        if (this.heard === this.said.length) {
          this.said.length = 0;
          this.heard = 0;
        }
        const at = latest(this.now, this.lastAt + 1);
        // A fact without its instant, given its instant, is a fact.
        return this.stamp({ ...fact, at });
      }
      const dueAt = this.queue.peekAt();
      if (dueAt !== undefined && dueAt <= by && dueAt < this.until) {
        this.now = latest(this.now, dueAt);
        this.queue.pop()?.();
      } else return this.stamp({ type: 'clock.reached', at: by });
    }
  }

  private stamp(fact: Fact): Fact | undefined {
    if (fact.at >= this.until) {
      this.now = this.until;
      return undefined;
    }
    this.now = fact.at;
    this.lastAt = fact.at;
    return fact;
  }
}
