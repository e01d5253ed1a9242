import type { RefusalScope } from '../../../domain/refusalScope.ts';
import type { Instant } from '../../../domain/time.ts';
import { after, NEVER } from '../../../domain/time.ts';
import type { Lease, Offer, Refusal } from '../../../domain/words.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Failure } from '../calls/answer.ts';
import type { Caller } from '../calls/call.ts';
import type { Aws } from '../calls/clients.ts';
import { refusalOf } from '../calls/failures.ts';
import { scopeIn } from './refusalScope.ts';

/** Where launches go. */
export interface LaunchPort {
  readonly aws: Pick<Aws, 'ec2'>;
  readonly caller: Pick<Caller, 'call'>;
  readonly clock: Clock;
}

/** Who may end a launch that is under way. */
export interface Ends {
  /** Aborted when the keeper does not want the block any longer: nothing more is bought, and what exists is looked for. */
  readonly cancelled?: AbortSignal | undefined;
  /** Aborted when this process ends: the answer is then `unknown`, and the intent in the ledger says it all. */
  readonly stopped?: AbortSignal | undefined;
}

/** What became of a launch. */
export type LaunchAnswer = Granted | Refused | Undecided;

export interface Granted {
  readonly kind: 'granted';
  readonly lease: Lease;
}

export interface Refused {
  readonly kind: 'refused';
  readonly refusal: Refusal;
  /** What it is about; left out where EC2 did not say. */
  readonly scope?: RefusalScope;
  /** When EC2 said that asking again makes sense. */
  readonly retryAt?: Instant;
  /** EC2's code. */
  readonly code: string;
  readonly message: string;
  /** There was an instance and it is over: this refusal also answers every earlier call of the same intent. */
  readonly hasDied: boolean;
  /** An earlier call of the same intent was not answered: that nothing came of it was looked up, and EC2 lists late. */
  readonly wasInDoubt?: boolean;
}

/** There may be an instance. */
export interface Undecided {
  readonly kind: 'unknown';
  readonly why: string;
  /** Whether the same call may be answered better another time; else only a look at what exists tells. */
  readonly isRepeatable: boolean;
}

/** The lease of an instance: it is counted from when EC2 gave it its id. Only spot blocks end by themselves. */
export function leaseOf(instanceId: string, offer: Offer, startsAt: Instant): Lease {
  const expiresAt = after(startsAt, offer.durationMs);
  return {
    instanceId,
    offer,
    startsAt,
    expiresAt,
    hardEndAt: offer.term === 'spot-block' ? expiresAt : NEVER,
  };
}

export const granted = (lease: Lease): Granted => ({ kind: 'granted', lease });

export function refused(refusal: Refusal, code: string, message: string): Refused {
  const scope = scopeIn({ code, message });
  return { kind: 'refused', refusal, ...(scope === undefined ? {} : { scope }), code, message, hasDied: false };
}

export const undecided = (why: string, isRepeatable = true): Undecided => ({ kind: 'unknown', why, isRepeatable });

/** This process ends, so that nothing more is sent; the next one goes on from the ledger. */
export const STOPPED: Undecided = undecided('the process is stopping');

/** What a call that failed says of the launch: a refusal where EC2 said so, else nothing. */
export function answerOf(failure: Failure): Refused | Undecided {
  const said = `${failure.code}: ${failure.message}`;
  // A call that was never sent is `unavailable`: this process was stopped before its turn came.
  if (failure.class === 'unknown-outcome' || failure.class === 'unavailable') return undecided(said);
  // The token was used for an instance that is gone, so this try is over and the next has another token.
  if (failure.code === 'IdempotentInstanceTerminated')
    return { ...refused('no-capacity', failure.code, failure.message), hasDied: true };
  // An earlier call went out with other parameters, and may have bought.
  if (failure.code === 'IdempotentParameterMismatch') return undecided(said, false);
  return {
    ...refused(refusalOf(failure), failure.code, failure.message),
    ...(failure.retryAt === undefined ? {} : { retryAt: failure.retryAt }),
  };
}

/** EC2's instance ids (API reference); anything else in their place is a broken answer. */
export const isInstanceId = (text: string | undefined): text is string =>
  text !== undefined && /^i-[0-9a-f]+$/.test(text);

/** A date that the SDK read, as an instant; undefined where there is none. */
export function instantOf(date: Date | undefined): Instant | undefined {
  const at = date?.getTime();
  return at === undefined || Number.isNaN(at) ? undefined : at;
}
