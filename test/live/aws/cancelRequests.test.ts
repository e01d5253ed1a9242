import { expect, it } from 'vitest';
import { after, hours } from '../../../src/domain/time.ts';
import { awsCaller } from '../../../src/live/aws/calls/call.ts';
import { openCancelling } from '../../../src/live/aws/cancelRequests.ts';
import { silent } from '../../../src/live/ports/telemetry.ts';
import { aJumpingClock } from './aJumpingClock.ts';
import { MONDAY } from './anInstanceXml.ts';
import { type Asked, answered, aScriptedAws, type Reply, refusal } from './aScriptedAws.ts';

const idsIn = ({ fields }: Asked): readonly string[] =>
  Object.entries(fields).flatMap(([name, value]) => (name.startsWith('SpotInstanceRequestId.') ? [value] : []));

/** Cancels, one after another; the requests of each call. */
async function cancelled(reply: Reply, ...times: readonly (readonly [afterHours: number, ids: readonly string[]])[]) {
  const { aws, asked } = await aScriptedAws(() => reply);
  const clock = aJumpingClock(MONDAY);
  const cancel = openCancelling({
    aws,
    clock: { ...clock, now: () => now },
    telemetry: silent,
    caller: awsCaller({ telemetry: silent, clock }),
  });
  let now = MONDAY;
  for (const [afterHours, ids] of times) {
    now = after(MONDAY, hours(afterHours));
    await cancel(ids);
  }
  return asked.map(idsIn);
}

const DONE = answered('CancelSpotInstanceRequests', '<spotInstanceRequestSet/>');
const FORBIDDEN = refusal('UnauthorizedOperation', { status: 403 });

it('cancels requests in one call, hundreds in a few, and asks nothing for none', async () => {
  expect(await cancelled(DONE, [0, ['sir-1', 'sir-2']])).toEqual([['sir-1', 'sir-2']]);
  const many = Array.from({ length: 120 }, (_, count) => `sir-${count}`);
  expect((await cancelled(DONE, [0, many])).map(({ length }) => length)).toEqual([50, 50, 20]);
  expect(await cancelled(DONE, [0, []])).toEqual([]);
});

it('asks a role that may not cancel once an hour, and no failure stops it for longer', async () => {
  expect(await cancelled(FORBIDDEN, [0, ['sir-1']], [0.9, ['sir-2']], [1, ['sir-3']])).toEqual([['sir-1'], ['sir-3']]);
  const unknown = refusal('InvalidSpotInstanceRequestID.NotFound');
  expect(await cancelled(unknown, [0, ['sir-1']], [0, ['sir-2']])).toEqual([['sir-1'], ['sir-2']]);
  expect(await cancelled('reset', [0, ['sir-1']], [0, ['sir-2']])).toEqual([['sir-1'], ['sir-2']]);
});
