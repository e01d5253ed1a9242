import { hours, type Instant, type Millis } from '../../src/domain/time.ts';
import { ApiError } from './apiError.ts';

/** How long a client token is remembered. AWS does not say; a day is what one may hope for at most. */
const TOKENS_KEPT_MS: Millis = hours(24);

interface Entry {
  readonly at: Instant;
  readonly fingerprint: string;
  readonly outcome: Promise<unknown>;
}

/** Client tokens and what was done for them, so that a call that is repeated does nothing twice. */
export class TokenBook {
  private readonly now: () => Instant;
  private readonly entries = new Map<string, Entry>();

  constructor(now: () => Instant) {
    this.now = now;
  }

  /**
   * Does it once for a key: a repeat gets the outcome of the first call, also of one that is not done yet. What was refused
   * is forgotten, so that the same token may try again.
   *
   * @throws ApiError `IdempotentParameterMismatch` if the same key asks for something else
   */
  async once<Outcome>(key: string | undefined, fingerprint: string, act: () => Promise<Outcome>): Promise<Outcome> {
    if (key === undefined) return act();
    const known = this.entries.get(key);
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint)
        throw new ApiError(
          'IdempotentParameterMismatch',
          'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
        );
      // A key names the action as well, and one action has one type of outcome.
      return known.outcome as Promise<Outcome>;
    }
    const outcome = act();
    this.entries.set(key, { at: this.now(), fingerprint, outcome });
    try {
      return await outcome;
    } catch (error) {
      this.entries.delete(key);
      throw error;
    }
  }

  prune(): void {
    const horizon = this.now() - TOKENS_KEPT_MS;
    for (const [key, { at }] of this.entries) if (at <= horizon) this.entries.delete(key);
  }
}
