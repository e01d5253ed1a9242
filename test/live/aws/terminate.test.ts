import { describe, expect, it } from 'vitest';
import { awsCaller } from '../../../src/live/aws/calls/call.ts';
import { terminateInstances } from '../../../src/live/aws/terminate.ts';
import { silent } from '../../../src/live/ports/telemetry.ts';
import { aJumpingClock } from './aJumpingClock.ts';
import { MONDAY } from './anInstanceXml.ts';
import { type Asked, answered, aScriptedAws, type Reply, refusal } from './aScriptedAws.ts';

describe('a termination', () => {
  it('ends a batch in one call', async () => {
    const { answers, asked } = await terminated(['i-1', 'i-2', 'i-1'], (call) => ending(idsIn(call)));
    expect(answers).toEqual({ 'i-1': 'ending', 'i-2': 'ending' });
    expect(asked).toHaveLength(1);
  });

  it('takes a batch apart that one id spoils, and ends the others', async () => {
    const { answers } = await terminated(['i-1', 'i-2', 'i-3', 'i-4'], (call) => {
      const ids = idsIn(call);
      if (ids.includes('i-2')) return refusal('InvalidInstanceID.NotFound');
      return ids.includes('i-3') ? refusal('OperationNotPermitted') : ending(ids);
    });
    expect(answers).toEqual({ 'i-1': 'ending', 'i-2': 'absent', 'i-3': 'config', 'i-4': 'ending' });
  });

  it('that may only end its own ends its own', async () => {
    const { answers } = await terminated(['i-1', 'i-2'], (call) =>
      idsIn(call).includes('i-2') ? refusal('UnauthorizedOperation', { status: 403 }) : ending(idsIn(call)),
    );
    expect(answers).toEqual({ 'i-1': 'ending', 'i-2': 'auth' });
  });

  it.each<[string, Reply]>([
    ['throttle', refusal('RequestLimitExceeded', { status: 503 })],
    ['unknown-outcome', 'reset'],
    ['unknown-outcome', refusal('InternalError', { status: 500 })],
  ])('that meets %s asks no more often for it', async (kind, reply) => {
    const { answers, asked } = await terminated(['i-1', 'i-2'], () => reply);
    expect(answers).toEqual({ 'i-1': kind, 'i-2': kind });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['no list', answered('TerminateInstances', '')],
    ['an empty body', { body: '' }],
    ['an item without fields', answered('TerminateInstances', '<instancesSet><item/></instancesSet>')],
    ['an instance that runs on', ending(['i-1'], 'running')],
    ['another instance', ending(['i-9'])],
  ])('answered with %s came to nobody knows what', async (_, reply) => {
    const { answers } = await terminated(['i-1'], () => reply);
    expect(answers).toEqual({ 'i-1': 'unknown-outcome' });
  });

  it('of nothing asks for nothing', async () => {
    expect((await terminated([], () => 'reset')).asked).toEqual([]);
  });

  it('of hundreds goes out in batches', async () => {
    const ids = Array.from({ length: 120 }, (_, count) => `i-${count}`);
    const { answers, asked } = await terminated(ids, (call) => ending(idsIn(call)));
    expect(Object.values(answers).every((answer) => answer === 'ending')).toBe(true);
    expect(asked.map((call) => idsIn(call).length)).toEqual([50, 50, 20]);
  });
});

/** What became of each id: the value, or the class of the failure. */
async function terminated(ids: readonly string[], answer: (asked: Asked) => Reply) {
  const { aws, asked } = await aScriptedAws(answer);
  const caller = awsCaller({ telemetry: silent, clock: aJumpingClock(MONDAY) });
  const answers = await terminateInstances({ aws, caller }, ids);
  const shown = [...answers].map(([id, one]) => [id, one.kind === 'ok' ? one.value : one.class] as const);
  return { answers: Object.fromEntries(shown), asked };
}

const idsIn = ({ fields }: Asked): readonly string[] =>
  Object.entries(fields).flatMap(([name, value]) => (name.startsWith('InstanceId.') ? [value] : []));

function ending(ids: readonly string[], state = 'shutting-down'): Reply {
  const items = ids.map(
    (id) =>
      `<item><instanceId>${id}</instanceId><currentState><code>32</code><name>${state}</name></currentState></item>`,
  );
  return answered('TerminateInstances', `<instancesSet>${items.join('')}</instancesSet>`);
}
