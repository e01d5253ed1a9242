import { describe, expect, it } from 'vitest';
import { awsCaller } from '../../../../src/live/aws/calls/call.ts';
import { leftOut } from '../../../../src/live/aws/inventory/leftOut.ts';
import { silent } from '../../../../src/live/ports/telemetry.ts';
import { aJumpingClock } from '../aJumpingClock.ts';
import { anInstanceXml, FLEET, MONDAY } from '../anInstanceXml.ts';
import { type Asked, aPageOf, aScriptedAws, type Reply, refusal } from '../aScriptedAws.ts';

const ID = 'i-0a1';

describe('a list that leaves out an instance whose node has served', () => {
  it.each<[string, Reply, RegExp]>([
    ['EC2 shows it by its id', aPageOf([anInstanceXml({ instanceId: ID })]), /^i-0a1 lives and is of the fleet/],
    ['nobody can tell', refusal('RequestLimitExceeded', { status: 503 }), /EC2 said RequestLimitExceeded$/],
  ])('is not whole where %s', async (_, reply, why) => {
    const { found } = await asking([ID], () => reply);
    expect(found).toMatch(why);
  });

  it.each<[string, Reply]>([
    ['EC2 does not know it', refusal('InvalidInstanceID.NotFound')],
    ['its id is none', refusal('InvalidInstanceID.Malformed')],
    ['it is ending', aPageOf([anInstanceXml({ instanceId: ID, state: 'shutting-down' })])],
    ['it is of another fleet', aPageOf([anInstanceXml({ instanceId: ID, fleet: 'another' })])],
    ['someone removed its tags, so no list finds it', aPageOf([anInstanceXml({ instanceId: ID, tags: {} })])],
    ['another is shown', aPageOf([anInstanceXml({ instanceId: 'i-0b2' })])],
  ])('may be whole where %s', async (_, reply) => {
    const { found } = await asking([ID], () => reply);
    expect(found).toBeUndefined();
  });

  it('is asked about until one is found, and about ten at most', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `i-${index}`);
    expect((await asking(ids, () => refusal('InvalidInstanceID.NotFound'))).asked).toHaveLength(10);
    const shown = ({ fields }: Asked): Reply => aPageOf([anInstanceXml({ instanceId: fields['InstanceId.1'] })]);
    expect((await asking(ids, shown)).asked).toHaveLength(1);
    expect((await asking([], shown)).asked).toHaveLength(0);
  });
});

async function asking(ids: readonly string[], answer: (asked: Asked) => Reply) {
  const { aws, asked } = await aScriptedAws(answer);
  const clock = aJumpingClock(MONDAY);
  const caller = awsCaller({ telemetry: silent, clock });
  return { found: await leftOut({ aws, caller, fleet: FLEET, clock }, ids), asked };
}
