import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import type { Answer, Failure, FailureClass } from './calls/answer.ts';
import type { Caller } from './calls/call.ts';
import type { Aws } from './calls/clients.ts';
import { isFinal } from './inventory/ownInstance.ts';

/** `ending`: EC2 said that it shuts down. `absent`: EC2 knows no such instance, which of a young one proves nothing. */
export type Terminated = Answer<'ending' | 'absent'>;

export interface TerminationSettings {
  readonly aws: Pick<Aws, 'ec2'>;
  readonly caller: Caller;
}

/** A batch larger than this gains nothing, and the larger it is the more one bad id spoils. */
const BATCH = 50;

/** Terminates instances; answers for each id what came of it, and never throws. */
export async function terminateInstances(
  settings: TerminationSettings,
  ids: readonly string[],
): Promise<Map<string, Terminated>> {
  const answers = new Map<string, Terminated>();
  const wanted = [...new Set(ids)];
  for (let from = 0; from < wanted.length; from += BATCH) {
    const batch = wanted.slice(from, from + BATCH);
    for (const [id, answer] of await batchEnded(settings, batch)) answers.set(id, answer);
  }
  return answers;
}

/** EC2 terminates all of a batch or, for one bad or protected id in it, none: then each is asked for alone. */
async function batchEnded(
  settings: TerminationSettings,
  ids: readonly string[],
): Promise<readonly (readonly [string, Terminated])[]> {
  const answer = await ended(settings, ids);
  if (answer.kind === 'ok') return ids.map((id) => [id, answer.value.get(id) ?? UNTOLD]);
  if (ids.length === 1 || !POISONED.has(answer.class)) return ids.map((id) => [id, ofOne(ids, answer)]);
  const alone = ids.map(async (id) => {
    const one = await ended(settings, [id]);
    return [id, one.kind === 'ok' ? (one.value.get(id) ?? UNTOLD) : ofOne([id], one)] as const;
  });
  return Promise.all(alone);
}

/** Failures that one id can cause for all. The others would meet every single id too, and cost as many calls. */
const POISONED: ReadonlySet<FailureClass> = new Set<FailureClass>(['not-found', 'config', 'auth', 'idempotency']);

/** EC2 answered, and not about this id: it may have been terminated or not. */
const UNTOLD: Failure = {
  kind: 'failed',
  class: 'unknown-outcome',
  code: 'NotInAnswer',
  message: 'the answer says nothing of this instance',
};

/** What a failure means for one id: alone and not found, it is absent. */
const ofOne = (ids: readonly string[], failure: Failure): Terminated =>
  ids.length === 1 && failure.class === 'not-found' ? { kind: 'ok', value: 'absent' } : failure;

/** One call; by id those of which EC2 says that they are ending. */
async function ended(
  { aws, caller }: TerminationSettings,
  ids: readonly string[],
): Promise<Answer<ReadonlyMap<string, Terminated>>> {
  const answer = await caller.call(
    'ec2',
    'TerminateInstances',
    (abortSignal) => aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [...ids] }), { abortSignal }),
    { mutating: true },
  );
  if (answer.kind === 'failed') return answer;
  const told = new Map<string, Terminated>();
  for (const { InstanceId: id, CurrentState: state } of answer.value.TerminatingInstances ?? []) {
    if (id !== undefined && isFinal(state?.Name ?? '')) told.set(id, { kind: 'ok', value: 'ending' });
  }
  return { kind: 'ok', value: told };
}
