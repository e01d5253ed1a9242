import { hours } from '../../../../src/domain/time.ts';
import type { Offer } from '../../../../src/domain/words.ts';
import { type Intent, launchParameters } from '../../../../src/live/aws/launch/intent.ts';
import { Secret } from '../../../../src/live/aws/template/secret.ts';
import type { Blueprint, LaunchTemplateSource, Template } from '../../../../src/live/aws/template/template.ts';
import { TAG, tagsOf } from '../../../../src/live/ports/tags.ts';
import type { Xml } from './xml.ts';

export const AT = Date.UTC(2026, 4, 11, 8);

/** When EC2 gave the scripted instance its id. */
export const LAUNCHED = AT + 1_500;

export const anOffer = (fields: Partial<Offer> = {}): Offer => ({
  instanceType: 'm5.large',
  zone: 'eu-central-1a',
  term: 'spot',
  durationMs: hours(2),
  usdPerHour: 0.04,
  ...fields,
});

export const aBlueprint = (fields: Partial<Blueprint> = {}): Blueprint => ({
  imageId: 'ami-1',
  securityGroupIds: [],
  networkInterfaces: [],
  blockDevices: [],
  tags: {},
  ...fields,
});

export const fromTemplate = (blueprint: Partial<Blueprint> = {}): LaunchTemplateSource => ({
  kind: 'launch-template',
  id: 'lt-0ab',
  version: 7,
  dataHash: '0'.repeat(16),
  beyondSpotRequests: [],
  blueprint: aBlueprint(blueprint),
});

export const aTemplate = (fields: Partial<Template> = {}): Template => ({
  group: 'ci',
  hash: '00112233445566aa',
  source: fromTemplate(),
  overrides: [],
  subnets: [
    { subnetId: 'subnet-0a', zone: 'eu-central-1a', freeAddresses: 91 },
    { subnetId: 'subnet-1a', zone: 'eu-central-1a', freeAddresses: 200 },
    { subnetId: 'subnet-0b', zone: 'eu-central-1b', freeAddresses: 250 },
  ],
  tags: { team: 'build' },
  ...fields,
});

/** A template that copies a launch configuration with what one may have. */
export const configured = (): Template =>
  aTemplate({
    source: {
      kind: 'launch-configuration',
      name: 'ci-2019',
      dataHash: '1'.repeat(16),
      blueprint: aBlueprint({
        keyName: 'ops',
        profile: { Name: 'node' },
        securityGroupIds: ['sg-1', 'sg-2'],
        monitoring: true,
        ebsOptimized: true,
        tenancy: 'dedicated',
        metadata: { HttpTokens: 'optional', HttpPutResponseHopLimit: 1 },
        blockDevices: [
          { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 50, DeleteOnTermination: true } },
          { DeviceName: '/dev/sdc', NoDevice: '' },
        ],
        userData: new Secret('IyEvYmluL3No'),
        userDataHash: 'x',
      }),
    },
  });

export const anIntent = (template = aTemplate(), offer = anOffer()): Intent => {
  const intent = launchParameters({ fleet: 'main', blockId: 'ci-0.3', token: 'ci-0.3.1', offer, template, at: AT });
  if ('problem' in intent) throw new Error(intent.problem);
  return intent;
};

/** The answer of RunInstances, and what DescribeInstances lists, for the instance of an intent. */
export const anInstance = (intent: Intent, fields: Xml = {}): Xml => ({
  instanceId: 'i-0abc',
  instanceType: intent.instanceType,
  launchTime: new Date(LAUNCHED).toISOString(),
  placement: { availabilityZone: intent.offer.zone },
  instanceState: { code: 0, name: 'pending' },
  tagSet: Object.entries(tagsOf(intent)).map(([key, value]) => ({ key, value })),
  ...fields,
});

export const listOf = (...instances: readonly Xml[]): Xml => ({
  reservationSet: instances.length === 0 ? [] : [{ reservationId: 'r-1', instancesSet: instances }],
});

export const TOKEN_FILTER = { 'Filter.2.Name': `tag:${TAG.token}`, 'Filter.2.Value.1': 'ci-0.3.1' };
