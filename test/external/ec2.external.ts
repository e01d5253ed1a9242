import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hours } from '../../src/domain/time.ts';
import type { Term } from '../../src/domain/words.ts';
import { takeInventory } from '../../src/live/aws/inventory/inventory.ts';
import { findLaunched } from '../../src/live/aws/launch/findLaunched.ts';
import { type Intent, launchParameters } from '../../src/live/aws/launch/intent.ts';
import { settleLaunch } from '../../src/live/aws/launch/settleLaunch.ts';
import { quote } from '../../src/live/aws/quote.ts';
import { resolveTemplate } from '../../src/live/aws/template/resolveTemplate.ts';
import type { Template } from '../../src/live/aws/template/template.ts';
import { terminateInstances } from '../../src/live/aws/terminate.ts';
import { TAG } from '../../src/live/ports/tags.ts';
import { PATIENCE_MS } from '../support/comesTrue.ts';
import { type AnAccount, anAccount, GROUP_TAG, INSTANCE_TYPE } from './anAccount.ts';
import { targets } from './targets.ts';

const { awsEndpoint = '' } = targets();
const PATIENT = { timeout: PATIENCE_MS, interval: 500 };

describe.skipIf(awsEndpoint === '')('EC2 and Auto Scaling, at an endpoint that is not ours', () => {
  let account: AnAccount;

  beforeAll(async () => {
    account = await anAccount(awsEndpoint);
  });
  afterAll(() => account.close());

  async function templateOf(group: string): Promise<Template> {
    const resolution = await resolveTemplate(account.port, group);
    if (resolution.kind !== 'resolved') throw new Error(JSON.stringify(resolution));
    return resolution.template;
  }

  function intentFor(template: Template, term: Term, slot: number): Intent {
    const zone = account.subnets[0]?.zone ?? '';
    const offer = { instanceType: INSTANCE_TYPE, zone, term, durationMs: hours(2), usdPerHour: 0.04 };
    const blockId = `ci-${slot}.1`;
    const { fleet, port } = account;
    const intent = launchParameters({
      ...{ fleet, blockId, token: `${blockId}.1`, offer, template },
      at: port.clock.now(),
    });
    if ('problem' in intent) throw new Error(intent.problem);
    return intent;
  }

  async function bought(group: string, term: Term, slot: number) {
    const template = await templateOf(group);
    const intent = intentFor(template, term, slot);
    const answer = await settleLaunch(account.port, intent, template);
    if (answer.kind !== 'granted') throw new Error(JSON.stringify(answer));
    return { template, intent, lease: answer.lease };
  }

  it('resolves a group with a launch template, to the same hash every time', async () => {
    const template = await templateOf(account.templateGroup);
    expect(template).toMatchObject({
      source: { kind: 'launch-template', version: 1, blueprint: { imageId: account.imageId } },
      subnets: account.subnets.toSorted((one, other) => (one.subnetId < other.subnetId ? -1 : 1)),
      tags: { [GROUP_TAG.key]: GROUP_TAG.value },
    });
    expect((await templateOf(account.templateGroup)).hash).toBe(template.hash);
  });

  it('resolves a group with a launch configuration', async ({ skip }) => {
    const { configurationGroup: group } = account;
    if ('refused' in group) skip(`the endpoint makes no launch configurations: ${group.refused}`);
    else
      expect(await templateOf(group.name)).toMatchObject({
        source: { kind: 'launch-configuration', blueprint: { imageId: account.imageId } },
        tags: { [GROUP_TAG.key]: GROUP_TAG.value },
      });
  });

  it('knows that a group is missing', async () => {
    expect(await resolveTemplate(account.port, `${account.fleet}-none`)).toMatchObject({
      kind: 'unknown',
      missing: true,
    });
  });

  it.each([
    ['spot', 0],
    ['on-demand', 1],
  ] as const)('buys a block of the term %s with its tags at birth, and finds it by them', async (term, slot) => {
    const { intent, lease, template } = await bought(account.templateGroup, term, slot);
    const [instance] = (await account.alive()).filter(({ InstanceId }) => InstanceId === lease.instanceId);
    expect(instance).toMatchObject({ InstanceType: INSTANCE_TYPE });
    expect(instance?.Tags).toEqual(
      expect.arrayContaining([
        { Key: TAG.token, Value: intent.token },
        { Key: TAG.template, Value: template.hash },
        { Key: GROUP_TAG.key, Value: GROUP_TAG.value },
      ]),
    );
    expect(await findLaunched(account.port, account.fleet, intent.token)).toMatchObject({
      kind: 'found',
      lease: { instanceId: lease.instanceId },
    });
    expect(await findLaunched(account.port, account.fleet, 'ci-9.9.9')).toEqual({ kind: 'absent' });
  });

  it('buys from a launch configuration', async ({ skip }) => {
    const { configurationGroup: group } = account;
    if ('refused' in group) {
      skip(`the endpoint makes no launch configurations: ${group.refused}`);
      return;
    }
    const { lease } = await bought(group.name, 'on-demand', 2);
    const [instance] = (await account.alive()).filter(({ InstanceId }) => InstanceId === lease.instanceId);
    expect(instance).toMatchObject({ ImageId: account.imageId });
  });

  it('buys nothing twice: an intent that is carried on ends with the instance that it has', async () => {
    const { intent, lease, template } = await bought(account.templateGroup, 'spot', 3);
    expect(await settleLaunch(account.port, intent, template, { isResumed: true })).toMatchObject({
      kind: 'granted',
      lease: { instanceId: lease.instanceId },
    });
    const ofToken = (await account.alive()).filter(({ Tags = [] }) =>
      Tags.some(({ Key, Value }) => Key === TAG.token && Value === intent.token),
    );
    expect(ofToken).toHaveLength(1);
  });

  it('lists what it bought, with the start of each lease', async () => {
    const before = account.port.clock.now();
    const { lease } = await bought(account.templateGroup, 'on-demand', 4);
    await vi.waitFor(async () => {
      const inventory = await takeInventory({ ...account.port, fleet: account.fleet });
      if (inventory.kind === 'unknown') throw new Error(inventory.why);
      expect(inventory.unread).toEqual([]);
      const own = inventory.instances.find(({ instanceId }) => instanceId === lease.instanceId);
      expect(own).toMatchObject({ blockId: 'ci-4.1', attempt: 1, lease: { offer: { term: 'on-demand' } } });
      // Whole seconds are all that some tell, and clocks are not the same everywhere.
      expect(own?.lease.startsAt).toBeGreaterThan(before - 60_000);
      expect(own?.lease.startsAt).toBeLessThan(account.port.clock.now() + 60_000);
    }, PATIENT);
    expect(await takeInventory({ ...account.port, fleet: `${account.fleet}-other` })).toMatchObject({
      kind: 'known',
      instances: [],
    });
  });

  it('ends what it is told to, also beside an id that nobody knows', async () => {
    const { lease } = await bought(account.templateGroup, 'spot', 5);
    const stranger = 'i-0123456789abcdef0';
    const answers = await terminateInstances(account.port, [lease.instanceId, stranger]);
    expect(Object.fromEntries(answers)).toEqual({
      [lease.instanceId]: { kind: 'ok', value: 'ending' },
      [stranger]: { kind: 'ok', value: 'absent' },
    });
    await vi.waitFor(async () => {
      const inventory = await takeInventory({ ...account.port, fleet: account.fleet });
      if (inventory.kind === 'unknown') throw new Error(inventory.why);
      const own = inventory.instances.find(({ instanceId }) => instanceId === lease.instanceId);
      expect([undefined, 'shutting-down', 'terminated']).toContain(own?.state);
    }, PATIENT);
  });

  it.each(['spot', 'on-demand'] as const)('quotes the term %s, at a price or as unpriced', async (term) => {
    const zones = account.subnets.map(({ zone }) => zone);
    const answer = await quote(account.port, {
      ...{ instanceTypes: [INSTANCE_TYPE], zones, lease: { term, durationMs: hours(2) } },
      onDemandUsdPerHour: { [INSTANCE_TYPE]: 0.096 },
    });
    if (answer.kind === 'unknown') throw new Error(answer.why);
    expect(answer.offers.length).toBeGreaterThan(0);
    for (const offer of answer.offers) {
      expect(offer).toMatchObject({ instanceType: INSTANCE_TYPE, term });
      expect(zones).toContain(offer.zone);
      expect(offer.usdPerHour).toBeGreaterThan(0);
    }
  });
});
