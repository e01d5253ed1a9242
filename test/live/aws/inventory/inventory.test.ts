import { describe, expect, it } from 'vitest';
import { NEVER } from '../../../../src/domain/time.ts';
import { awsCaller } from '../../../../src/live/aws/calls/call.ts';
import { type Inventory, takeInventory } from '../../../../src/live/aws/inventory/inventory.ts';
import { type AdoptingPool, isAdopted } from '../../../../src/live/aws/inventory/ownInstance.ts';
import { TAG } from '../../../../src/live/ports/tags.ts';
import { silent } from '../../../../src/live/ports/telemetry.ts';
import { hours, minutes } from '../../../support/lengths.ts';
import { aJumpingClock } from '../aJumpingClock.ts';
import { anInstanceXml, FLEET, MONDAY } from '../anInstanceXml.ts';
import { type Asked, answered, aPageOf, aScriptedAws, type Reply, refusal } from '../aScriptedAws.ts';

const NOW = MONDAY + minutes(90);

describe('an inventory', () => {
  it('tells of an instance what its tags and EC2 say', async () => {
    const more = [
      '<stateReason><code>Client.UserInitiatedShutdown</code><message>m</message></stateReason>',
      '<spotInstanceRequestId>sir-1</spotInstanceRequestId><clientToken>tok</clientToken>',
    ].join('');
    const { inventory } = await taken(() => aPageOf([anInstanceXml({ attempt: 2, more })]));
    expect(inventory).toEqual({
      kind: 'known',
      takenAt: NOW,
      unread: [],
      ignored: 0,
      hasEarlier: false,
      instances: [
        {
          instanceId: 'i-0a1',
          blockId: 'ci-0.1',
          attempt: 2,
          state: 'running',
          stateReason: 'Client.UserInitiatedShutdown',
          spotRequestId: 'sir-1',
          clientToken: 'tok',
          templateHash: 'abc123',
          zone: 'us-east-1a',
          lease: {
            instanceId: 'i-0a1',
            startsAt: MONDAY,
            expiresAt: MONDAY + hours(4),
            hardEndAt: NEVER,
            offer: {
              instanceType: 'm5.large',
              zone: 'us-east-1a',
              term: 'spot',
              durationMs: hours(4),
              usdPerHour: 0.035,
            },
          },
        },
      ],
    });
  });

  it('asks by the fleet tag and the states alone, and for nothing else', async () => {
    const { asked } = await taken(() => aPageOf([]));
    expect(asked).toHaveLength(1);
    expect(asked[0]!.fields).toMatchObject({
      'Filter.1.Name': `tag:${TAG.fleet}`,
      'Filter.1.Value.1': FLEET,
      'Filter.2.Name': 'instance-state-name',
      'Filter.2.Value.6': 'terminated',
    });
    expect(Object.keys(asked[0]!.fields).filter((name) => /^Filter\.3|InstanceId/.test(name))).toEqual([]);
  });

  it('asks for the tags of earlier releases too where it is told to, and takes their instances for ours', async () => {
    const xml = anInstanceXml().replaceAll('spot-keeper:', 'spot-keeper.io/');
    const { inventory, asked } = await taken(
      ({ fields }) => aPageOf(fields['Filter.1.Name'] === 'tag:spot-keeper.io/fleet' ? [xml] : []),
      { earlier: true },
    );
    expect(asked).toHaveLength(2);
    expect(inventory).toMatchObject({ hasEarlier: true, instances: [{ blockId: 'ci-0.1', templateHash: 'abc123' }] });
  });

  it('leaves to a group what it launched, though it bears our tags', async () => {
    const tag = '<item><key>aws:autoscaling:groupName</key><value>ci</value></item>';
    const { inventory } = await taken(() => aPageOf([anInstanceXml().replace('<tagSet>', `<tagSet>${tag}`)]));
    expect(inventory).toMatchObject({ instances: [], unread: [], ignored: 1 });
  });

  it('counts a lease from the earliest that EC2 shows, and never from after the list', async () => {
    const attachment = `<attachment><deviceIndex>0</deviceIndex><attachTime>2026-03-02T07:59:00Z</attachTime></attachment>`;
    const more = `<networkInterfaceSet><item>${attachment}</item></networkInterfaceSet>`;
    expect((await only(anInstanceXml({ more }))).lease.startsAt).toBe(MONDAY - minutes(1));
    const launchTime = new Date(NOW + minutes(5)).toISOString();
    expect((await only(anInstanceXml({ launchTime }))).lease).toMatchObject({
      startsAt: NOW,
      expiresAt: NOW + hours(4),
    });
  });

  it('knows an end that AWS imposes of spot blocks alone', async () => {
    expect((await only(anInstanceXml({ term: 'spot-block' }))).lease.hardEndAt).toBe(MONDAY + hours(4));
    expect((await only(anInstanceXml({ term: 'on-demand' }))).lease.hardEndAt).toBe(NEVER);
  });

  it('is made of every page, also behind an empty one', async () => {
    const { inventory, asked } = await taken(
      (_, count) =>
        [aPageOf([anInstanceXml()], 'two'), aPageOf([], 'three'), aPageOf([anInstanceXml({ instanceId: 'i-0a2' })])].at(
          count - 1,
        )!,
    );
    expect(idsIn(inventory)).toEqual(['i-0a1', 'i-0a2']);
    expect(asked.map(({ fields }) => fields['NextToken'])).toEqual([undefined, 'two', 'three']);
  });

  it('has an instance once that moved between pages, as it is now', async () => {
    const earlier = new Date(MONDAY - minutes(2)).toISOString();
    const { inventory } = await taken((_, count) =>
      count === 1
        ? aPageOf([anInstanceXml({ state: 'shutting-down' })], 'two')
        : aPageOf([anInstanceXml({ launchTime: earlier })]),
    );
    expect(inventory).toMatchObject({
      instances: [{ state: 'shutting-down', lease: { startsAt: MONDAY - minutes(2) } }],
    });
  });

  it('is nothing at all where the only honest none is said', async () => {
    const { inventory } = await taken(() => aPageOf([]));
    expect(inventory).toMatchObject({ kind: 'known', instances: [], ignored: 0 });
  });

  it('leaves strangers out that a filter let through', async () => {
    const { inventory } = await taken(() =>
      aPageOf([anInstanceXml({ fleet: 'other' }), anInstanceXml({ tags: {} }), anInstanceXml({ instanceId: 'i-0b' })]),
    );
    expect(inventory).toMatchObject({ instances: [{ instanceId: 'i-0b' }], unread: [], ignored: 2 });
  });
});

describe('an inventory is unknown', () => {
  const html: Reply = { body: '<html><body>Welcome</body></html>' };
  it.each<[string, (asked: Asked, count: number) => Reply]>([
    ['an empty body', () => ({ body: '' })],
    ['a page of a proxy', () => html],
    ['a document without a list', () => answered('DescribeInstances', '')],
    ['a reservation without a list', () => answered('DescribeInstances', '<reservationSet><item/></reservationSet>')],
    ['an item without fields', () => aPageOf(['<item></item>'])],
    ['an instance of ours without an id', () => aPageOf([anInstanceXml(), anInstanceXml({ instanceId: undefined })])],
    ['an instance of ours with an id that is none', () => aPageOf([anInstanceXml({ instanceId: 'x' })])],
    ['a document cut short', () => ({ body: '<DescribeInstancesResponse><reservationSet><item>' })],
    ['text', () => ({ body: 'hello' })],
    ['JSON', () => ({ body: '{"Reservations":[]}' })],
    ['503 and a page', () => ({ ...html, status: 503 })],
    ['400 and nothing', () => ({ status: 400, body: '' })],
    ['a refusal', () => refusal('UnauthorizedOperation', { status: 403 })],
    ['a page that fails', (_, count) => (count === 1 ? aPageOf([anInstanceXml()], 'two') : html)],
    ['a token that comes again', () => aPageOf([anInstanceXml()], 'again')],
    ['tokens in a circle', (_, count) => aPageOf([], count % 2 === 0 ? 'even' : 'odd')],
    ['a token that has expired', (_, count) => (count === 1 ? aPageOf([], 'a') : refusal('InvalidPaginationToken'))],
    ['pages without an end', (_, count) => aPageOf([], `t${count}`)],
    ['a connection that is reset', () => 'reset'],
  ])('after %s', async (_, answer) => {
    const { inventory, asked } = await taken(answer);
    expect(inventory.kind).toBe('unknown');
    expect(asked.length).toBeLessThanOrEqual(100);
  });

  it('as soon as a token comes again', async () => {
    const { asked } = await taken((_, count) => aPageOf([], count % 2 === 0 ? 'even' : 'odd'));
    expect(asked).toHaveLength(3);
  });
});

/** Dates of a launch that say nothing of when it was. */
const BAD_DATES = [
  ['a date that is none', 'yesterday'],
  ['a day that no month has', '2026-13-01T00:00:00Z'],
  ['no date', undefined],
  ['a date before EC2', '1970-01-01T00:00:00Z'],
] as const;

/** With that tag taken away by hand. */
const withoutExpiry = (xml: string): string => xml.replace(`<key>${TAG.expires}</key>`, '<key>Name</key>');

describe('an instance of ours whose launch has no date', () => {
  it.each(BAD_DATES)('but %s began when its tags say that it was decided', async (_, launchTime) => {
    const { inventory, notes } = await taken(() => aPageOf([anInstanceXml({ launchTime })]));
    expect(inventory).toMatchObject({ instances: [{ instanceId: 'i-0a1', lease: { startsAt: MONDAY } }], unread: [] });
    expect(notes).toEqual([]);
  });

  it('began when its first interface was attached, where that is told', async () => {
    const attachTime = new Date(MONDAY - minutes(3)).toISOString();
    const more = `<networkInterfaceSet><item><attachment><deviceIndex>0</deviceIndex><attachTime>${attachTime}</attachTime></attachment></item></networkInterfaceSet>`;
    const { inventory } = await taken(() => aPageOf([anInstanceXml({ launchTime: undefined, more })]));
    expect(inventory).toMatchObject({ instances: [{ lease: { startsAt: MONDAY - minutes(3) } }] });
  });
});

describe('an instance of ours that cannot be read', () => {
  it.each<readonly [string, string]>([
    ...BAD_DATES.map(([what, launchTime]) => [what, withoutExpiry(anInstanceXml({ launchTime }))] as const),
    ['a state that nobody knows', anInstanceXml({ state: 'dreaming' })],
    ['no state', anInstanceXml({ state: undefined })],
    ['no tags', anInstanceXml({ tags: undefined })],
    ['tags that do not agree', anInstanceXml({ tags: { [TAG.fleet]: FLEET, [TAG.slot]: '7' } })],
    [
      'a lease longer than the calendar',
      anInstanceXml({ durationMs: 8.64e15 - MONDAY, launchTime: '2026-03-02T08:01:00Z' }),
    ],
  ])('for %s is told by its id, and hides no other', async (_, item) => {
    const { inventory, notes } = await taken(() => aPageOf([item, anInstanceXml({ instanceId: 'i-0b' })]));
    expect(inventory).toMatchObject({ kind: 'known', unread: ['i-0a1'], ignored: 1 });
    expect(idsIn(inventory)).toEqual(['i-0b']);
    expect(notes).toEqual(['instance cannot be read']);
  });

  it('in one place and can in another is read', async () => {
    const { inventory } = await taken(() => aPageOf([anInstanceXml({ state: 'dreaming' }), anInstanceXml()]));
    expect(inventory).toMatchObject({ instances: [{ instanceId: 'i-0a1' }], unread: [] });
  });
});

describe('instances of the original scripts', () => {
  const groups = new Map<string, AdoptingPool>([['ci-blocks', { pool: 'ci', durationMs: hours(6) }]]);
  const ofScripts = (more: Record<string, string> = {}, rest = '') =>
    anInstanceXml({ tags: { SpotSysTemplateASG: 'ci-blocks', ...more }, more: rest });

  it('are not asked for unless a pool takes their group over', async () => {
    const { inventory, asked } = await taken(() => aPageOf([ofScripts()]));
    expect(asked).toHaveLength(1);
    expect(inventory).toMatchObject({ instances: [], ignored: 1 });
  });

  it('become blocks of that pool, in slots far from its own, the same ones every time', async () => {
    const { inventory, asked } = await taken(() => aPageOf([ofScripts()]), { groups });
    expect(asked.map(({ fields }) => [fields['Filter.1.Name'], fields['Filter.1.Value.1']])).toContainEqual([
      'tag-key',
      'SpotSysTemplateASG',
    ]);
    const again = await taken(() => aPageOf([ofScripts()]), { groups });
    expect(again.inventory).toEqual(inventory);
    const [instance] = inventory.kind === 'known' ? inventory.instances : [];
    const slot = Number(/^ci-(\d+)\.1$/.exec(instance!.blockId)?.[1]);
    expect(slot).toBeGreaterThanOrEqual(1_000);
    expect(slot).toBeLessThan(101_000);
    expect([isAdopted(instance!.blockId), isAdopted('ci-0.1')]).toEqual([true, false]);
    expect(instance).toMatchObject({ attempt: 1, lease: { expiresAt: MONDAY + hours(6), hardEndAt: NEVER } });
  });

  it.each([
    ['seconds since 1970', String((MONDAY + hours(3)) / 1_000)],
    ['ISO 8601', new Date(MONDAY + hours(3)).toISOString()],
    ['a date without an offset', '2026-03-02 11:00:00'],
  ])('end when %s say so', async (_, text) => {
    const { inventory } = await taken(() => aPageOf([ofScripts({ SpotSysExpired: text })]), { groups });
    expect(inventory).toMatchObject({ instances: [{ lease: { startsAt: MONDAY, expiresAt: MONDAY + hours(3) } }] });
  });

  it.each(['true', '', 'never', '-1', String(MONDAY), '12'])(
    'end with the lease of the pool where %j is written',
    async (text) => {
      const { inventory } = await taken(() => aPageOf([ofScripts({ SpotSysExpired: text })]), { groups });
      expect(inventory).toMatchObject({ instances: [{ lease: { expiresAt: MONDAY + hours(6) } }] });
    },
  );

  it('are left alone where their group is nobody’s, and known by their lifecycle', async () => {
    const spot = '<instanceLifecycle>spot</instanceLifecycle>';
    const other = anInstanceXml({ instanceId: 'i-0c', tags: { SpotSysTemplateASG: 'other' } });
    const { inventory } = await taken(() => aPageOf([ofScripts({}, spot), other]), { groups });
    expect(inventory).toMatchObject({ instances: [{ instanceId: 'i-0a1', lease: { offer: { term: 'spot' } } }] });
  });
});

async function taken(
  answer: (asked: Asked, count: number) => Reply,
  { groups, earlier = false }: { groups?: ReadonlyMap<string, AdoptingPool>; earlier?: boolean } = {},
) {
  const { aws, asked } = await aScriptedAws(answer);
  const clock = aJumpingClock(NOW);
  const caller = awsCaller({ telemetry: silent, clock });
  const notes: string[] = [];
  const telemetry = { ...silent, noted: (_level: string, event: string) => notes.push(event) };
  const inventory = await takeInventory({ aws, caller, fleet: FLEET, clock, groups, telemetry, earlier });
  return { inventory, asked, notes };
}

async function only(item: string) {
  const { inventory } = await taken(() => aPageOf([item]));
  if (inventory.kind === 'unknown' || inventory.instances.length !== 1) throw new Error('not one instance');
  return inventory.instances[0]!;
}

const idsIn = (inventory: Inventory) =>
  inventory.kind === 'known' ? inventory.instances.map(({ instanceId }) => instanceId) : [];
