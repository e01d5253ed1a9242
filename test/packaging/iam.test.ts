import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import { readPools } from '../../src/config/readPools.ts';
import { iamPolicyOf, type PolicyDocument, type Statement, spotBlockPolicyOf } from '../../src/install/iam.ts';
import { settingsOf } from '../../src/install/settings.ts';
import { fileOf } from '../support/chart.ts';
import { allows, type Question } from '../support/iam.ts';
import { ALLOWED, DENIED, LAUNCH } from './iamCases.ts';

const GIVEN = {
  ...{ account: '111122223333', cluster: 'builds', nodeRole: 'builds-node', amis: ['ami-0d4'] },
  ...{ subnets: ['subnet-0a1'], securityGroups: ['sg-0b2'], launchTemplates: ['lt-0c3'] },
};

const POOLS = fileOf('docs/examples/pools.yaml');
const poolsIn = (text: string) => readPools(text, 'pools.yaml', catalogue);
const policyFor = (text: string = POOLS, given = GIVEN): PolicyDocument =>
  iamPolicyOf(poolsIn(text), settingsOf(poolsIn(text), '0.1.0', given));

const POLICY = policyFor();

const cases = [
  ...Object.entries(ALLOWED).map(([what, asked]) => ({ what, asked, allowed: true })),
  ...Object.entries(DENIED).map(([what, asked]) => ({ what, asked, allowed: false })),
];

/** The cases that come out otherwise under another policy. */
const surprisedBy = (policy: PolicyDocument): readonly string[] =>
  cases.filter(({ asked, allowed }) => allows(policy, asked) !== allowed).map(({ what }) => what);

const changed = (index: number, statement: Statement | undefined): PolicyDocument => ({
  ...POLICY,
  Statement: POLICY.Statement.flatMap((one, at) => (at !== index ? [one] : statement === undefined ? [] : [statement])),
});

describe("The keeper's role", () => {
  it('is asked about in many ways', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
  });

  it.each(cases.filter(({ allowed }) => allowed))('$what', ({ asked }) => {
    expect(allows(POLICY, asked)).toBe(true);
  });

  it.each(cases.filter(({ allowed }) => !allowed))('never $what', ({ asked }) => {
    expect(allows(POLICY, asked)).toBe(false);
  });

  it('needs each of its grants, with each action and each resource', () => {
    const idle = POLICY.Statement.flatMap((statement, index) => {
      if (statement.Effect === 'Deny') return [];
      const isIdle = (less: Statement | undefined) => surprisedBy(changed(index, less)).length === 0;
      const { Sid, Action, Resource } = statement;
      const actions = Action.filter((action) =>
        isIdle({ ...statement, Action: Action.filter((one) => one !== action) }),
      );
      const resources = Resource.filter((resource) =>
        isIdle({ ...statement, Resource: Resource.filter((one) => one !== resource) }),
      );
      return [...(isIdle(undefined) ? [Sid] : []), ...[...actions, ...resources].map((what) => `${Sid}: ${what}`)];
    });
    expect(idle).toEqual([]);
  });

  it('takes no foreign instance even if somebody attaches a wide policy to it', () => {
    const wide: Statement = { Sid: 'Wide', Effect: 'Allow', Action: ['ec2:*'], Resource: ['*'] };
    const attached = (statements: readonly Statement[]) => ({ ...POLICY, Statement: [...statements, wide] });
    const takings = Object.entries(DENIED).filter(([what]) => /^(?:takes|moves|removes the tag)/.test(what));
    expect(takings.length).toBeGreaterThan(5);
    for (const [what, asked] of takings) {
      expect(allows(attached(POLICY.Statement), asked), what).toBe(false);
      expect(allows(attached(POLICY.Statement.filter(({ Effect }) => Effect === 'Allow')), asked), what).toBe(true);
    }
  });

  it('needs each of its conditions, key by key', () => {
    const idle = POLICY.Statement.flatMap((statement, index) =>
      Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
        Object.keys(keys)
          .filter((key) => {
            const left = Object.fromEntries(Object.entries(keys).filter(([one]) => one !== key));
            const Condition = { ...statement.Condition, [operator]: left };
            return surprisedBy(changed(index, { ...statement, Condition })).length === 0;
          })
          .map((key) => `${statement.Sid}: ${operator} ${key}`),
      ),
    );
    expect(idle).toEqual([]);
  });

  it('is not any wider than it must be: no resource may become any resource', () => {
    const wide = POLICY.Statement.flatMap((statement, index) =>
      statement.Effect === 'Allow' && statement.Sid !== 'Read'
        ? surprisedBy(changed(index, { ...statement, Resource: ['*'] })).length === 0
          ? [statement.Sid]
          : []
        : [],
    );
    expect(wide).toEqual([]);
  });

  it('fits into a managed policy', () => {
    // IAM counts no blanks, and ends at 6144 characters.
    expect(JSON.stringify(POLICY).length).toBeLessThan(6144);
  });

  it('has no wildcard in an action, and writes on no wildcard', () => {
    for (const { Sid, Action, Resource } of POLICY.Statement) {
      for (const action of Action) expect(action, Sid).not.toContain('*');
      if (Sid !== 'Read') expect(Resource, Sid).not.toContain('*');
    }
  });

  it('allows every call that the adapters make', () => {
    const called = new Set(
      ['live', 'look'].flatMap((room) => commandsIn(resolve(import.meta.dirname, '../../src', room))),
    );
    const granted = new Set(
      [POLICY, spotBlock()].flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action)),
    );
    const names = [...granted].map((action) => action.replace(/^\w+:/, ''));
    expect([...called].filter((name) => !names.includes(name))).toEqual([]);
  });
});

/** The operations of the SDK that the sources name: `new RunInstancesCommand(…)`. */
function commandsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .flatMap((entry) => [
      ...readFileSync(join(entry.parentPath, entry.name), 'utf8').matchAll(/\bnew ([A-Z]\w+)Command\(/g),
    ])
    .map(([, name = '']) => name);
}

describe('What the pools file says', () => {
  const instance = LAUNCH.find(({ resource }) => resource.includes(':instance/'))!;
  const launchIn = (market: string): readonly Question[] => [
    { ...instance, context: { ...instance.context, 'ec2:InstanceMarketType': market } },
  ];

  it('decides how instances are bought', () => {
    const policy = policyFor(POOLS.replace('term: spot', 'term: on-demand'));
    expect(allows(policy, launchIn('on-demand'))).toBe(true);
    expect(allows(policy, launchIn('spot'))).toBe(false);
    expect(JSON.stringify(policy)).not.toContain('spot-instances-request');
  });

  it('decides whether there is a queue', () => {
    const policy = policyFor(POOLS.replace(/^ *interruptionQueue:.*\n/m, ''));
    expect(JSON.stringify(policy)).not.toContain('sqs');
  });

  it('decides the partition, by its zones', () => {
    for (const region of ['eusc-de-east-1', 'us-iso-east-1', 'us-isob-east-1'])
      expect(JSON.stringify(policyFor(POOLS.replaceAll('us-east-1', region)))).not.toContain('arn:aws:');
    const text = POOLS.replaceAll('us-east-1', 'cn-north-1');
    expect(JSON.stringify(policyFor(text))).not.toMatch(/arn:aws:|ec2\.amazonaws\.com"/);
  });

  it('lets nothing through while a placeholder is left', () => {
    const policy = policyFor(POOLS, {} as typeof GIVEN);
    expect(JSON.stringify(policy)).toContain('ami-<AMI>');
    expect(allows(policy, LAUNCH)).toBe(false);
  });
});

const spotBlock = (): PolicyDocument => {
  const pools = poolsIn(POOLS.replace('term: spot', 'term: spot-block'));
  return spotBlockPolicyOf(pools, settingsOf(pools, '0.1.0', GIVEN));
};

describe('The role for spot blocks', () => {
  const sir = 'arn:aws:ec2:us-east-1:111122223333:spot-instances-request/sir-1';
  const fleet = { 'aws:RequestTag/spot-keeper:fleet': 'ci' };
  const instance = 'arn:aws:ec2:us-east-1:111122223333:instance/i-1';

  it('requests, and tags what it got, since that is born without tags', () => {
    expect(allows(spotBlock(), [{ action: 'ec2:RequestSpotInstances', resource: sir, context: fleet }])).toBe(true);
    expect(allows(spotBlock(), [{ action: 'ec2:CreateTags', resource: instance, context: fleet }])).toBe(true);
  });

  it('takes no instance of another fleet, and removes no tag', () => {
    const taken = { ...fleet, 'aws:ResourceTag/spot-keeper:fleet': 'other' };
    expect(allows(spotBlock(), [{ action: 'ec2:CreateTags', resource: instance, context: taken }])).toBe(false);
    expect(allows(spotBlock(), [{ action: 'ec2:DeleteTags', resource: instance, context: {} }])).toBe(false);
    expect(allows(spotBlock(), [{ action: 'ec2:RequestSpotInstances', resource: sir, context: {} }])).toBe(false);
  });

  it('is no part of the other role', () => {
    expect(JSON.stringify(POLICY)).not.toContain('RequestSpotInstances');
  });
});
