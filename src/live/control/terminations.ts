import type { Effect } from '../../domain/effects.ts';
import type { TerminationSettings } from '../aws/terminate.ts';
import { terminateInstances } from '../aws/terminate.ts';
import type { Ledger } from '../kubernetes/ledger/ledger.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Inbox } from './inbox.ts';
import { untried } from './untried.ts';

type Termination = Extract<Effect, { readonly type: 'terminateInstance' }>;

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
      } else fail(effect, answer === undefined ? 'no answer for it' : `${answer.code}: ${answer.message}`);
    }
    if (ports.mayMutate()) await ports.cancel(requests);
  }

  /** The block asks again when its patience is over. */
  function fail({ blockId, type, instanceId }: Termination, reason: string): void {
    telemetry.noted('warn', 'instance not terminated', { blockId, instanceId, reason });
    inbox.say({ type: 'effect.failed', blockId, effect: type, reason });
  }
}
