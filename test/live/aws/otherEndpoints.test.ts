import { expect, it } from 'vitest';
import { hours } from '../../../src/domain/time.ts';
import { UNPRICED_USD_PER_HOUR } from '../../../src/domain/words.ts';
import { awsCaller } from '../../../src/live/aws/calls/call.ts';
import { takeInventory } from '../../../src/live/aws/inventory/inventory.ts';
import { quote } from '../../../src/live/aws/quote.ts';
import { TAG } from '../../../src/live/ports/tags.ts';
import { silent } from '../../../src/live/ports/telemetry.ts';
import { aJumpingClock } from './aJumpingClock.ts';
import { anInstanceXml, FLEET, MONDAY } from './anInstanceXml.ts';
import { aPageOf, aScriptedAws, type Reply, refusal } from './aScriptedAws.ts';

/** The one instance that an endpoint tells of, as it is read; undefined where it cannot be. */
async function read(item: string) {
  const { aws, clock, caller } = await port(() => aPageOf([item]));
  const inventory = await takeInventory({ aws, caller, clock, fleet: FLEET });
  return inventory.kind === 'known' ? inventory.instances[0] : undefined;
}

async function port(answer: () => Reply) {
  const { aws } = await aScriptedAws(answer);
  const clock = aJumpingClock(MONDAY + hours(1));
  return { aws, clock, caller: awsCaller({ telemetry: silent, clock }) };
}

it.each([
  '2026-03-02T08:00:00Z',
  '2026-03-02T08:00:00.000000+00:00',
  '2026-03-02T10:00:00+02:00',
  '2026-03-02 08:00:00',
  '2026-03-02 08:00:00.000123',
  '2026-03-02 08:00:00 UTC',
])('reads %s as the launch that it is', async (launchTime) => {
  expect((await read(anInstanceXml({ launchTime })))?.lease.startsAt).toBe(MONDAY);
});

it.each(['2026-03-02', '2026-02-30 25:00:00', '02/03/2026 08:00:00', '2026-03-02 08:00:00 CET'])(
  'does not guess what %s may mean',
  async (launchTime) => {
    const untold = anInstanceXml({ launchTime }).replace(`<key>${TAG.expires}</key>`, '<key>Name</key>');
    expect(await read(untold)).toBeUndefined();
  },
);

it('knows an instance of which the zone is not told', async () => {
  const item = anInstanceXml().replace(/<placement>.*<\/placement>/, '');
  expect(await read(item)).toMatchObject({ blockId: 'ci-0.1', zone: '', lease: { instanceId: 'i-0a1' } });
});

it.each([
  ['an endpoint that knows no prices', 'InvalidAction', { kind: 'known', unpriced: true }],
  ['one that refuses to tell them', 'UnauthorizedOperation', { kind: 'unknown' }],
] as const)('quotes at %s', async (_, code, expected) => {
  const settings = await port(() => refusal(code));
  const answer = await quote(settings, {
    ...{ instanceTypes: ['m5.large'], zones: ['us-east-1a'], onDemandUsdPerHour: {} },
    lease: { term: 'spot', durationMs: hours(4) },
  });
  expect(answer).toMatchObject(expected);
  if (answer.kind === 'known') expect(answer.offers).toMatchObject([{ usdPerHour: UNPRICED_USD_PER_HOUR }]);
});
