import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parse } from 'yaml';
import { command } from '../../cli/commands/manifests.ts';
import type { PolicyDocument } from '../../src/install/iam.ts';
import { byName, fileOf, objectsIn } from '../support/chart.ts';
import { aFolder } from '../support/command.ts';
import { outputOf } from './outputOf.ts';

const POOLS = resolve(import.meta.dirname, '../../docs/examples/pools.yaml');

/** What is printed, and what is told beside it. */
async function run(...args: readonly string[]) {
  let told = '';
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    told += String(chunk);
    return true;
  });
  onTestFinished(() => {
    stderr.mockRestore();
  });
  const quiet = command().configureOutput({ writeErr: () => undefined });
  return { printed: await outputOf(quiet, ...args), told };
}

/** A pools file in a folder of its own, made from the example. */
function poolsFile(change: (text: string) => string, files: Readonly<Record<string, string>> = {}): string {
  const folder = aFolder();
  const text = change(fileOf('docs/examples/pools.yaml'));
  for (const [name, content] of Object.entries({ 'pools.yaml': text, ...files })) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return join(folder, 'pools.yaml');
}

const CALENDAR = [
  ...['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:1', 'DTSTART:20260302T080000Z', 'DTEND:20260302T180000Z'],
  ...['END:VEVENT', 'END:VCALENDAR', ''],
].join('\r\n');

const LATE = `import { definePolicy, z } from 'spot-keeper/policy';
export default definePolicy({
  slot: 'renewal', name: 'late', about: 'Late.', options: z.strictObject({}),
  create: () => ({ timesFor: ({ lease: { expiresAt: end } }) => ({ relieveAt: end, drainAt: end, endBy: end }) }),
});
`;

describe('spot-keeper manifests', () => {
  it('prints what kubernetes.yml ships, and nothing is left to fill in', async () => {
    const { printed, told } = await run(POOLS);
    await expect(printed).toMatchFileSnapshot('../../kubernetes.yml');
    expect(told).toBe('');
  });

  it('prints the parts that are asked for, in the order in which they can be applied', async () => {
    const { printed } = await run(POOLS, '--only', 'deployment,rbac,namespace');
    expect(objectsIn(printed).map(({ kind }) => kind)).toEqual([
      ...['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding', 'Deployment'],
    ]);
  });

  it('prints the admission policy when it is asked for', async () => {
    const { printed } = await run(POOLS, '--only', 'admission');
    expect(Object.keys(byName(objectsIn(printed)))).toEqual([
      'ValidatingAdmissionPolicy/spot-keeper.nodes',
      'ValidatingAdmissionPolicyBinding/spot-keeper.nodes',
      'ValidatingAdmissionPolicy/spot-keeper.pods',
      'ValidatingAdmissionPolicyBinding/spot-keeper.pods',
    ]);
  });

  it('prints an IAM policy, filled in from the pools and the flags', async () => {
    const { printed, told } = await run(POOLS, '--only', 'iam', '--cluster', 'builds', '--node-role', 'builds-node');
    // Known: iam prints a policy document.
    const { Statement } = JSON.parse(printed) as PolicyDocument;
    const conditionOf = (sid: string) => Statement.find(({ Sid }) => Sid === sid)?.Condition?.['StringEquals'];
    expect(conditionOf('LaunchInstanceTagged')).toMatchObject({
      'aws:RequestTag/spot-keeper:fleet': ['ci'],
      'aws:RequestTag/kubernetes.io/cluster/builds': ['owned'],
      'ec2:InstanceType': ['m5.2xlarge', 'm5a.2xlarge'],
      'ec2:InstanceMarketType': ['spot'],
    });
    expect(Statement.find(({ Sid }) => Sid === 'Queue')?.Resource).toEqual([
      'arn:aws:sqs:us-east-1:111122223333:spot-keeper-ci',
    ]);
    expect(told).toBe('left to fill in: <AMI>, <SUBNET>, <SECURITY-GROUP>, <LAUNCH-TEMPLATE>\n');
  });

  it('prints the queue as CloudFormation', async () => {
    const { Resources } = parse((await run(POOLS, '--only', 'queue')).printed) as {
      readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>;
    };
    expect(Resources['Queue']?.Properties).toEqual({
      QueueName: 'spot-keeper-ci',
      MessageRetentionPeriod: 300,
      SqsManagedSseEnabled: true,
    });
    expect(Object.values(Resources).filter(({ Type }) => Type === 'AWS::Events::Rule')).toHaveLength(5);
    expect(Resources['SpotInterruptionRule']?.Properties).toMatchObject({
      Name: 'spot-keeper-ci-spot-interruption',
      EventPattern: { source: ['aws.ec2'], 'detail-type': ['EC2 Spot Instance Interruption Warning'] },
    });
    expect(Resources['QueuePolicy']?.Properties).toMatchObject({
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Condition: {
              ArnEquals: {
                'aws:SourceArn': expect.arrayContaining([
                  'arn:aws:events:us-east-1:111122223333:rule/spot-keeper-ci-spot-interruption',
                ]) as string[],
              },
            },
          },
          { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        ],
      },
    });
  });

  it('prints the same queue and rules as Terraform', async () => {
    const { printed: terraform } = await run(POOLS, '--only', 'queue-terraform');
    const { Resources } = parse((await run(POOLS, '--only', 'queue')).printed) as {
      readonly Resources: Readonly<Record<string, { readonly Properties: Readonly<Record<string, unknown>> }>>;
    };
    for (const { Properties } of Object.values(Resources))
      if ('EventPattern' in Properties) {
        const [name, pattern] = [Properties['Name'], Properties['EventPattern']].map((part) => JSON.stringify(part));
        expect(terraform).toContain(`    ${name} = jsonencode(${pattern})\n`);
      }
    expect(terraform).toContain('message_retention_seconds = 300');
    expect(terraform).toContain('sqs_managed_sse_enabled = true');
    expect([...terraform.matchAll(/[{[(]/g)]).toHaveLength([...terraform.matchAll(/[}\])]/g)].length);
  });

  it('names its role on the service account with IRSA', async () => {
    const { printed } = await run(POOLS, '--only', 'service-account', '--identity', 'irsa');
    expect(objectsIn(printed)[0]?.metadata.annotations).toEqual({
      'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/spot-keeper-ci',
    });
  });

  it('puts the files that the pools file names beside it in the ConfigMap', async () => {
    const file = poolsFile((text) => text.replace('{ policy: surge, lead: 30m }', '{ policy: ./late.ts }'), {
      'late.ts': LATE,
    });
    const { printed } = await run(file, '--only', 'config');
    const [config] = objectsIn(printed);
    expect(config?.['data']).toMatchObject({ 'late.ts': LATE });
    expect(Object.keys(config?.metadata.annotations ?? {})).toEqual(['checksum/pools.yaml', 'checksum/late.ts']);
  });

  it('refuses a file in a folder of its own, for which a ConfigMap has no place', async () => {
    const hours = (text: string) =>
      text.replace(
        /operatingHours:[^]*?\n\n/,
        'operatingHours: { policy: calendar, calendar: c/ci.ics, zone: UTC, blocks: 4 }\n\n',
      );
    const file = poolsFile(hours, { 'c/ci.ics': CALENDAR });
    await expect(run(file)).rejects.toThrow(
      'expected a file beside it, since a ConfigMap has no folders, found c/ci.ics',
    );
  });

  it('refuses a mistake in the pools file with its place, before it prints anything', async () => {
    const file = poolsFile((text) => text.replace('surge: 2 ', 'surge: x '));
    await expect(run(file)).rejects.toThrow(/pools\.yaml:\d+:\d+: pools\[0\]\.surge: expected a whole number/);
    await expect(run(join(file, 'nothing.yaml'))).rejects.toThrow('cannot be read');
  });

  it('refuses zones of two regions, and a region in which no zone lies', async () => {
    const two = poolsFile((text) => text.replace('us-east-1b', 'us-west-2a'));
    await expect(run(two)).rejects.toThrow(
      'expected zones of one region, since a keeper keeps one; found us-east-1, us-west-2',
    );
    await expect(run(POOLS, '--region', 'us-west-2')).rejects.toThrow('expected us-east-1, where the zones');
  });

  it('knows that a local zone lies in its region', async () => {
    for (const zone of ['us-east-1-bos-1a', 'us-east-1-wl1-bos-wlz-1']) {
      const file = poolsFile((text) => text.replace('us-east-1b', zone));
      expect((await run(file, '--only', 'deployment')).printed).toContain('value: us-east-1\n');
    }
  });

  it('prints the role for spot blocks only for pools that have them', async () => {
    await expect(run(POOLS, '--only', 'iam-spot-block')).rejects.toThrow('found none that needs this role');
    const file = poolsFile((text) => text.replace('term: spot', 'term: spot-block'));
    expect((await run(file, '--only', 'iam-spot-block')).printed).toContain('SpotBlockRequestTagged');
  });

  it.each([
    [['--only', 'rabc'], 'found rabc'],
    [['--only', 'iam,rbac'], 'iam is no Kubernetes object: ask for it alone'],
    [['--account', '1111'], 'expected twelve digits'],
    [['--image', 'spot-keeper'], 'expected an image'],
    [['--amis', 'ami-0d4,lt-1'], 'expected ami-… separated by commas'],
    [['--namespace', 'Not/a/name'], 'expected a name'],
  ])('refuses %j', async (flags, message) => {
    await expect(run(POOLS, ...flags)).rejects.toThrow(message);
  });
});
