import type { Effect } from '../../domain/effects.ts';
import { after, minutes } from '../../domain/time.ts';
import type { TerminationSettings } from '../aws/terminate.ts';
import { terminateInstances } from '../aws/terminate.ts';
import type { Ledger } from '../kubernetes/ledger/ledger.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Inbox } from './inbox.ts';
import type { Roster } from './roster.ts';
import { untried } from './untried.ts';

type Termination = Extract<Effect, { readonly type: 'terminateInstance' }>;

/** EC2 shows a new instance after half a minute or so. One that it does not know after so long is none, and costs nothing. */
const SHOWN_BY_MS = minutes(10);

export interface TerminationsPorts {
  readonly settings: TerminationSettings;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly telemetry: Telemetry;
  readonly mayMutate: () => boolean;
  readonly fenced: () => void;
  /** Why an instance may not be one of this cluster; undefined where it is. */
  readonly doubt: (effect: Termination) => Promise<string | undefined>;
  /** Whether a job has come to an instance since it was seen empty. */
  readonly hasLateJob: (blockId: string, instanceId: string) => boolean;
  /** The spot request by which an instance was bought, as far as it is known. */
  readonly spotRequestOf: (instanceId: string) => string | undefined;
  /** Cancels the spot requests of what has ended. */
  readonly cancel: (requestIds: readonly string[]) => Promise<void>;
  readonly roster: Pick<Roster, 'blockOf'>;
  /** Whether a list has shown the instance, and none has shown its end. */
  readonly isShown: (instanceId: string) => boolean;
  /** EC2 said that it ends the instance. */
  readonly ending: (instanceId: string) => void;
}

/** Ends instances. What is asked for in one turn leaves in one call; the intent is written down first. */
export function openTerminations(ports: TerminationsPorts): (effect: Termination) => void {
  const { ledger, clock, inbox, telemetry } = ports;
  let gathering: Termination[] = [];

  return (effect) => {
    if (gathering.push(effect) === 1)
      queueMicrotask(() => {
        const batch = gathering;
        gathering = [];
        void endOurs(batch);
      });
  };

  /** What may be another cluster's is left alone. */
  async function endOurs(batch: readonly Termination[]): Promise<void> {
    const ours: Termination[] = [];
    for (const effect of batch) {
      const doubt = (await ports.doubt(effect)) ?? lateness(effect);
      if (doubt === undefined) ours.push(effect);
      else fail(effect, doubt);
    }
    if (ours.length > 0) await end(ours);
  }

  function lateness({ blockId, instanceId }: Termination): string | undefined {
    return ports.hasLateJob(blockId, instanceId) ? 'a job has come to it since it was seen empty' : undefined;
  }

  /** Those that are still empty when the call leaves: writing to the ledger takes its time. */
  function stillEmpty(batch: readonly Termination[]): readonly Termination[] {
    return batch.filter((effect) => {
      const late = lateness(effect);
      if (late === undefined) return true;
      ledger.settle([effect.instanceId]);
      fail(effect, late);
      return false;
    });
  }

  async function end(asked: readonly Termination[]): Promise<void> {
    if (!ports.mayMutate()) {
      for (const effect of asked) inbox.say(untried(effect, 'no-leadership'));
      return;
    }
    const at = clock.now();
    const written = await ledger.intend(
      asked.map(({ instanceId, blockId }) => ({ kind: 'termination', instanceId, blockId, at })),
    );
    if (written !== 'written') {
      if ('fenced' in written) ports.fenced();
      else for (const effect of asked) inbox.say(untried(effect, 'ledger-closed', written.message));
      return;
    }
    if (!ports.mayMutate()) {
      for (const effect of asked) inbox.say(untried(effect, 'no-leadership'));
      return;
    }
    const batch = stillEmpty(asked);
    if (batch.length === 0) return;
    const answers = await terminateInstances(
      ports.settings,
      batch.map(({ instanceId }) => instanceId),
    );
    const requests: string[] = [];
    for (const effect of batch) {
      const answer = answers.get(effect.instanceId);
      if (answer?.kind === 'ok') {
        const request = ports.spotRequestOf(effect.instanceId);
        if (request !== undefined) requests.push(request);
        ledger.settle([effect.instanceId]);
        // EC2 may not know a young instance yet; one that is really gone is missing from the next lists.
        if (answer.value === 'ending') ports.ending(effect.instanceId);
        else if (isNowhere(effect)) sayNowhere(effect);
      } else fail(effect, answer === undefined ? 'no answer for it' : `${answer.code}: ${answer.message}`);
    }
    if (ports.mayMutate()) await ports.cancel(requests);
  }

  /** Whether EC2 has had time to show an instance, and no list has. */
  function isNowhere({ blockId, instanceId }: Termination): boolean {
    const { lease } = ports.roster.blockOf(blockId)?.context ?? {};
    return !ports.isShown(instanceId) && lease != null && clock.now() >= after(lease.startsAt, SHOWN_BY_MS);
  }

  /** No list can show the end of what none has shown, and the block would be waited for as long as this process lives. */
  function sayNowhere({ blockId, instanceId }: Termination): void {
    telemetry.noted('warn', 'instance that EC2 never showed', { blockId, instanceId });
    inbox.say({ type: 'instance.gone', blockId, cause: 'unknown' });
  }

  /** The block asks again when its patience is over. */
  function fail({ blockId, type, instanceId }: Termination, reason: string): void {
    telemetry.noted('warn', 'instance not terminated', { blockId, instanceId, reason });
    inbox.say({ type: 'effect.failed', blockId, effect: type, reason });
  }
}
