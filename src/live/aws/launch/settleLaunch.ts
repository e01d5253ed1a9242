import { ALWAYS, after, hours, type Instant, isoOf, latest, type Millis, seconds } from '../../../domain/time.ts';
import { hasCome, until } from '../../ports/clock.ts';
import { isFinal } from '../inventory/ownInstance.ts';
import type { Template } from '../template/template.ts';
import { diedAtOnce } from './death.ts';
import { findLaunched } from './findLaunched.ts';
import type { Intent } from './intent.ts';
import { launch } from './launch.ts';
import {
  type Ends,
  granted,
  type LaunchAnswer,
  type LaunchPort,
  leaseOf,
  type Refused,
  refused,
  STOPPED,
  undecided,
} from './launchAnswer.ts';
import { followRequest } from './spotBlock.ts';
import { findRequest } from './spotRequest.ts';

export interface Settling extends Ends {
  /** The intent was found in the ledger: another process may have sent it already. */
  readonly isResumed?: boolean;
  /** Told why a call may or may not have bought, once for as long as it is the same. */
  readonly doubted?: (why: string) => void;
}

/** How long EC2 is looked at before nothing seen means that there is nothing: it lists new instances late. */
export const LAST_LOOK_MS = seconds(60);

/**
 * Until when a token is trusted to make a repeat harmless. EC2 documents no time for which it remembers one, so this
 * stays well under a day.
 */
const TOKEN_TRUST_MS = hours(12);

const FIRST_PAUSE_MS = seconds(2);
const LONGEST_PAUSE_MS = seconds(30);
const LOOK_EVERY_MS = seconds(5);

/** Looks before the last one that must show nothing, however the time between them was spent. */
const FEWEST_LOOKS = 3;

/**
 * Carries out an intent until it is known what came of it. While nothing is known the same call is repeated: EC2
 * answers a repeat with the instance of the first. It ends without an answer only if the process is stopped.
 */
export async function settleLaunch(
  port: LaunchPort,
  intent: Intent,
  template: Template,
  { cancelled, stopped, isResumed = false, doubted }: Settling = {},
): Promise<LaunchAnswer> {
  const { clock } = port;
  const ends = { cancelled, stopped };
  const either = AbortSignal.any([cancelled, stopped].filter((end) => end !== undefined));
  let isInDoubt = isResumed;
  let doubt = '';
  let verdict = cancelledBut(doubt);
  for (let pauseMs: Millis = FIRST_PAUSE_MS; !hasCome(either); pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    if (isInDoubt) {
      const known = await lookOnce(port, intent, template, ends);
      if (known !== undefined && known.kind !== 'unknown') return known;
      if (clock.now() >= after(intent.at, TOKEN_TRUST_MS)) {
        verdict = refused('cancelled', 'TokenTooOld', `decided at ${isoOf(intent.at)}, too long ago to be repeated`);
        break;
      }
      if (hasCome(either)) break;
    }
    const answer = await launch(port, intent, template, ends);
    if (answer.kind === 'granted') return answer;
    // The first call of all was refused, or the instance of whichever call is over.
    if (answer.kind === 'refused' && (!isInDoubt || answer.hasDied)) return answer;
    if (answer.kind === 'unknown') {
      isInDoubt = true;
      if (answer.why !== doubt && !hasCome(stopped)) doubted?.(answer.why);
      doubt = answer.why;
      verdict = cancelledBut(doubt);
      if (!answer.isRepeatable) {
        verdict = refused('throttled', 'Superseded', answer.why);
        break;
      }
    } else if (answer.refusal !== 'throttled') {
      verdict = answer;
      break;
    }
    // One that was throttled was turned away at the door, which says nothing of the earlier ones: it is repeated too.
    const retryAt = answer.kind === 'refused' ? answer.retryAt : undefined;
    await until(clock, latest(after(clock.now(), pauseMs), retryAt ?? ALWAYS), either);
  }
  if (isInDoubt) return lookLong(port, intent, template, verdict, stopped);
  return hasCome(stopped) ? STOPPED : verdict;
}

/** Nobody waits for it any longer, and what EC2 said last may be why. */
const cancelledBut = (doubt: string): Refused =>
  refused(
    'cancelled',
    'Cancelled',
    `nobody wants the block any longer${doubt === '' ? '' : `; the last call was left in doubt (${doubt})`}`,
  );

/** After the last call: looks until there has been time enough to see an instance, and answers `verdict` if there is none. */
async function lookLong(
  port: LaunchPort,
  intent: Intent,
  template: Template,
  verdict: Refused,
  stopped: AbortSignal | undefined,
): Promise<LaunchAnswer> {
  const { clock } = port;
  const lastSentAt: Instant = clock.now();
  let looks = 0;
  while (!hasCome(stopped)) {
    const known = await lookOnce(port, intent, template, { cancelled: AbortSignal.abort(), stopped });
    if (known !== undefined && known.kind !== 'unknown') return known;
    if (known === undefined) {
      looks += 1;
      if (looks > FEWEST_LOOKS && clock.now() >= after(lastSentAt, LAST_LOOK_MS))
        return { ...verdict, wasInDoubt: true };
    }
    await until(clock, after(clock.now(), LOOK_EVERY_MS), stopped);
  }
  return STOPPED;
}

/** What exists of an intent: its instance, alive or over; undefined where a complete list shows none. */
async function lookOnce(
  port: LaunchPort,
  intent: Intent,
  template: Template,
  ends: Ends,
): Promise<LaunchAnswer | undefined> {
  const finding = await findLaunched(port, intent.fleet, intent.token);
  if (finding.kind === 'found')
    return isFinal(finding.state)
      ? diedAtOnce(finding.lease.instanceId, finding.reason ?? { code: '', message: '' })
      : // What was asked for is known better here than from the tags' rounded numbers.
        granted(leaseOf(finding.lease.instanceId, intent.offer, finding.lease.startsAt));
  if (finding.kind === 'unknown') return undecided(finding.why);
  if (intent.term !== 'spot-block') return undefined;
  // The instance of a spot request has no tags at first, but the request has.
  const requestId = await findRequest(port, intent);
  if (requestId === undefined) return undecided('the spot requests could not be listed');
  return requestId === 'absent' ? undefined : followRequest(port, requestId, intent, template, ends);
}
