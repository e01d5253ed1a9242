import { describe, expect, it } from 'vitest';
import { awsCaller } from '../../../../src/live/aws/calls/call.ts';
import { stillThere } from '../../../../src/live/aws/inventory/stillThere.ts';
import { silent } from '../../../../src/live/ports/telemetry.ts';
import { aJumpingClock } from '../aJumpingClock.ts';
import { anInstanceXml, MONDAY } from '../anInstanceXml.ts';
import { type Asked, aPageOf, aScriptedAws, type Reply, refusal } from '../aScriptedAws.ts';

const ID = 'i-0a1';
const ending = anInstanceXml({ instanceId: ID, state: 'shutting-down' });

describe('an instance that a list by tags does not show', () => {
  it.each<[string, Reply]>([
    ['runs', aPageOf([anInstanceXml({ instanceId: ID })])],
    ['has lost its tags', aPageOf([anInstanceXml({ instanceId: ID, tags: {} })])],
    ['is not told of', refusal('RequestLimitExceeded', { status: 503 })],
    ['may not be asked for', refusal('UnauthorizedOperation', { status: 403 })],
    ['is answered by a page of HTML', { body: '<html>' }],
  ])('is there, or may be, where it %s', async (_, reply) => {
    expect(await asking([ID], () => reply)).toMatchObject({ there: [ID] });
  });

  it.each<[string, Reply]>([
    ['EC2 does not know it', refusal('InvalidInstanceID.NotFound')],
    ['it is ending', aPageOf([ending])],
    ['the answer is a list without it', aPageOf([])],
  ])('is not there where %s', async (_, reply) => {
    expect(await asking([ID], () => reply)).toMatchObject({ there: [] });
  });

  it('is asked for by its id alone', async () => {
    const { asked } = await asking([ID], () => aPageOf([]));
    expect(asked.map(({ fields }) => fields)).toMatchObject([{ Action: 'DescribeInstances', 'InstanceId.1': ID }]);
    expect(Object.keys(asked[0]?.fields ?? {}).filter((field) => field.startsWith('Filter'))).toEqual([]);
  });

  it('is believed to be there where so many are missing that the list is rather wrong', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `i-${index}`);
    const { there, asked } = await asking(ids, () => refusal('InvalidInstanceID.NotFound'));
    expect(asked).toHaveLength(10);
    expect(there).toEqual(ids.slice(10));
  });
});

async function asking(ids: readonly string[], answer: (asked: Asked) => Reply) {
  const { aws, asked } = await aScriptedAws(answer);
  const caller = awsCaller({ telemetry: silent, clock: aJumpingClock(MONDAY) });
  return { there: await stillThere({ aws, caller }, ids), asked };
}
