import type { Fact } from '../../domain/facts.ts';
import { ALWAYS, type Instant, latest } from '../../domain/time.ts';
import type { Clock } from '../ports/clock.ts';

type Untimed<F> = F extends Fact ? Omit<F, 'at'> : never;

/** A fact before the inbox has said when it came. */
export type Said = Untimed<Fact>;

/** Where the live parts put what they learn, and the loop takes it out: one at a time, at strictly increasing instants. */
export class Inbox {
  private readonly clock: Clock;
  private readonly said: Said[] = [];
  private lastAt: Instant = ALWAYS;
  private closed = false;
  private wake: () => void = () => undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  say(fact: Said): void {
    this.said.push(fact);
    this.wake();
  }

  /** Facts that nobody has taken out yet. */
  get waiting(): number {
    return this.said.length;
  }

  /** From here on the world has ended, whatever is still in the box. */
  close(): void {
    this.closed = true;
    this.wake();
  }

  /** The next fact, `clock.reached` if there is none by `wakeAt`, or undefined once closed. */
  async next(wakeAt: Instant): Promise<Fact | undefined> {
    if (this.said.length === 0 && !this.closed && this.clock.now() < wakeAt) await this.waitBy(wakeAt);
    if (this.closed) return undefined;
    const fact: Said = this.said.shift() ?? { type: 'clock.reached' };
    // A machine's clock may be set back; facts never go back with it.
    this.lastAt = latest(this.clock.now(), this.lastAt + 1);
    // A fact without its instant, given its instant, is a fact.
    return { ...fact, at: this.lastAt };
  }

  private waitBy(wakeAt: Instant): Promise<void> {
    return new Promise((resolve) => {
      const callOff = this.clock.at(wakeAt, () => {
        this.wake();
      });
      this.wake = () => {
        callOff();
        this.wake = () => undefined;
        resolve();
      };
    });
  }
}
