import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { catalogue } from '../../policies/catalogue.ts';
import { jsonSchemaOf } from '../../src/config/jsonSchema.ts';
import { readPools } from '../../src/config/readPools.ts';
import { alertsTable, alertsText } from '../../src/install/alerts.ts';
import { DEFAULT_PARTS, OBJECT_PARTS, objectsOf } from '../../src/install/manifests.ts';
import type { KubernetesObject } from '../../src/install/names.ts';
import { settingsOf } from '../../src/install/settings.ts';
import { WEBHOOK_PATH } from '../../src/live/webhook/serveJobDelay.ts';
import { chart, chartValues, fileOf } from '../support/chart.ts';
import { printed, withoutHelm } from '../support/printed.ts';
import { placeholders, templateOf } from './chartTemplate.ts';
import { valuesSchema } from './valuesSchema.ts';

const POOLS = fileOf('docs/examples/pools.yaml');
const GIVEN = { pools: POOLS, region: 'us-east-1' };

interface Container {
  readonly args: readonly string[];
  readonly ports: readonly object[];
}

// Known: the chart makes one Deployment, of this shape.
const containersOf = (objects: Readonly<Record<string, KubernetesObject>>): readonly Container[] =>
  (objects['Deployment/spot-keeper']?.['spec'] as { template: { spec: { containers: readonly Container[] } } }).template
    .spec.containers;

describe('The chart', () => {
  it('makes of its defaults and a pools file what the command prints', () => {
    expect(withoutHelm(chart(GIVEN).objects)).toEqual(printed());
  });

  it('makes the admission policy that the command prints, when it is asked to', () => {
    expect(withoutHelm(chart({ ...GIVEN, admissionPolicy: { enabled: true } }).objects)).toEqual(
      printed(POOLS, {}, OBJECT_PARTS),
    );
  });

  it('makes what a pool needs that holds jobs, in the namespaces of jobs alone', () => {
    const text = POOLS.replace('    surge: 2', '    scaling: { policy: followJobs }\n    surge: 2');
    const jobNamespaces = ['builds'];
    const parts = OBJECT_PARTS.filter((part) => part !== 'admission');
    const { objects } = chart({ ...GIVEN, pools: text, jobNamespaces });
    expect(withoutHelm(objects)).toEqual(printed(text, { jobNamespaces }, parts));
    const grants = Object.values(objects).filter((object) => JSON.stringify(object).includes('pods/status'));
    expect(grants.map(({ kind, metadata }) => `${kind} in ${metadata.namespace ?? 'the cluster'}`)).toEqual([
      'Role in builds',
    ]);
    // Before Kubernetes 1.36, or where it is switched off.
    const without = printed(text, { jobNamespaces });
    expect(withoutHelm(chart({ ...GIVEN, pools: text, jobNamespaces }, undefined, undefined, []).objects)).toEqual(
      without,
    );
    const off = { jobDelay: { enabled: false } };
    expect(withoutHelm(chart({ ...GIVEN, pools: text, jobNamespaces, ...off }).objects)).toEqual(without);
    expect(() => chart({ ...GIVEN, pools: text })).toThrow('jobNamespaces is needed where a pool holds jobs');
    const told = text.replace('    surge: 2', '    holdJobs: false\n    surge: 2');
    expect(withoutHelm(chart({ ...GIVEN, pools: told }).objects)).toEqual(printed(told));
  });

  describe('with the webhook for clusters before Kubernetes 1.36', () => {
    const text = POOLS.replace('    surge: 2', '    scaling: { policy: followJobs }\n    surge: 2');
    const jobNamespaces = ['builds'];
    const given = { ...GIVEN, pools: text, jobNamespaces };
    const webhook = (certManager = false) => ({ jobDelay: { webhook: { enabled: true, certManager } } });
    const OLD: readonly string[] = [];

    it.each([false, true])('lets the keeper give new pods of jobs their delay (cert-manager: %s)', (certManager) => {
      const { objects } = chart({ ...given, ...webhook(certManager) }, 'spot-keeper', 'ci', OLD);
      const added = Object.keys(objects).filter((name) => !(name in chart(given, 'spot-keeper', 'ci', OLD).objects));
      expect(added.toSorted()).toEqual(
        [
          ...['MutatingWebhookConfiguration/spot-keeper.job-delay', 'NetworkPolicy/spot-keeper-webhook'],
          'Service/spot-keeper-webhook',
          ...(certManager
            ? ['Certificate/spot-keeper-webhook', 'Issuer/spot-keeper-webhook']
            : ['Secret/spot-keeper-webhook']),
        ].toSorted(),
      );
      const { webhooks, metadata } = objects['MutatingWebhookConfiguration/spot-keeper.job-delay']!;
      expect(webhooks).toEqual([
        expect.objectContaining({
          ...{ failurePolicy: 'Ignore', timeoutSeconds: 1, sideEffects: 'None', admissionReviewVersions: ['v1'] },
          clientConfig: {
            service: { name: 'spot-keeper-webhook', namespace: 'ci', path: WEBHOOK_PATH, port: 443 },
            ...(certManager ? {} : { caBundle: Buffer.from('authority spot-keeper-webhook').toString('base64') }),
          },
          namespaceSelector: {
            matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: jobNamespaces }],
          },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
        }),
      ]);
      expect(metadata.annotations).toEqual(
        certManager ? { 'cert-manager.io/inject-ca-from': 'ci/spot-keeper-webhook' } : undefined,
      );
      // The host that the certificate is for is the one by which the API server asks.
      const host = 'spot-keeper-webhook.ci.svc';
      if (certManager) expect(objects['Certificate/spot-keeper-webhook']).toMatchObject({ spec: { dnsNames: [host] } });
      else
        expect(objects['Secret/spot-keeper-webhook']).toMatchObject({
          data: { 'tls.crt': Buffer.from(`certificate ${host}`).toString('base64') },
        });
      const [container] = containersOf(objects);
      expect(container?.args).toEqual(expect.arrayContaining(['--webhook-certs', '/etc/spot-keeper-webhook']));
      expect(container?.ports).toContainEqual({ name: 'webhook', containerPort: 8443 });
    });

    it('leaves it out where the cluster has the policy, no pool holds jobs, or it is not asked for', () => {
      const named = (values: object, apis?: readonly string[]) =>
        Object.keys(chart({ ...given, ...values }, 'spot-keeper', 'ci', apis).objects).join();
      expect(named(webhook())).not.toContain('webhook');
      expect(named({ ...webhook(), pools: POOLS }, OLD)).not.toContain('ebhook');
      expect(named({}, OLD)).not.toContain('ebhook');
    });
  });

  it('carries files that a pools file names, each with a checksum', () => {
    const files = { 'late.ts': 'export default "{{ .Values }}";\n', 'a.ics': 'BEGIN\n\n  END' };
    const { objects } = chart({ ...GIVEN, policyFiles: files });
    expect(withoutHelm(objects)).toEqual(printed(POOLS, {}, DEFAULT_PARTS, files));
  });

  it('grants no eviction where other pods are left alone', () => {
    const text = POOLS.replace('otherPods: evict', 'otherPods: leave');
    const { objects } = chart({ ...GIVEN, pools: text });
    expect(withoutHelm(objects)).toEqual(printed(text));
    expect(JSON.stringify(objects['ClusterRole/spot-keeper'])).not.toContain('eviction');
    expect(JSON.stringify(chart(GIVEN).objects['ClusterRole/spot-keeper'])).toContain('eviction');
  });

  it('says what a pools file without a live section means', () => {
    const text = POOLS.replace(/\nlive:[^]*/, '\n');
    expect(withoutHelm(chart({ ...GIVEN, pools: text }).objects)).toEqual(printed(text));
  });

  it('lets two releases live in one cluster', () => {
    const [one, other] = [chart(GIVEN, 'spot-keeper', 'ci').objects, chart(GIVEN, 'nightly', 'ci').objects];
    expect(Object.keys(other)).toContain('ClusterRole/nightly-spot-keeper');
    for (const name of Object.keys(other)) expect(Object.keys(one)).not.toContain(name);
  });

  it('watches with the Prometheus operator only when it is asked to', () => {
    const monitored = { serviceMonitor: { enabled: true }, prometheusRule: { enabled: true } };
    const added = Object.keys(chart({ ...GIVEN, ...monitored }).objects).filter(
      (name) => !(name in chart(GIVEN).objects),
    );
    expect(added.toSorted()).toEqual(['PrometheusRule/spot-keeper', 'ServiceMonitor/spot-keeper']);
    const rule = chart({ ...GIVEN, ...monitored }).objects['PrometheusRule/spot-keeper'];
    expect(rule?.['spec']).toEqual(parse(fileOf('charts/spot-keeper/files/alerts.yaml')));
  });

  it('takes an image by digest before its tag', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const { rendered } = chart({ ...GIVEN, image: { repository: 'r.example/k', tag: '9', digest } });
    expect(rendered['deployment.yaml']).toContain(`image: "r.example/k@${digest}"`);
    expect(chart({ ...GIVEN, image: { tag: '9.1.0' } }).rendered['deployment.yaml']).toContain('spot-keeper:9.1.0"');
  });

  it('puts in what operators add, each in its place', () => {
    const { objects } = chart({
      ...GIVEN,
      serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/k' } },
      podLabels: { team: 'ci' },
      podAnnotations: { note: 'x' },
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'ci', operator: 'Exists' }],
      extraEnv: [{ name: 'HTTPS_PROXY', value: 'http://proxy:3128' }],
      extraArgs: ['--allow-host=keeper.example'],
    });
    expect(objects['ServiceAccount/spot-keeper']?.metadata.annotations).toEqual({
      'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/k',
    });
    expect(objects['Deployment/spot-keeper']).toMatchObject({
      spec: {
        template: {
          metadata: { labels: { team: 'ci' }, annotations: { note: 'x' } },
          spec: {
            nodeSelector: { disk: 'ssd' },
            tolerations: [{ key: 'ci', operator: 'Exists' }],
            containers: [
              {
                args: expect.arrayContaining(['--allow-host=keeper.example']) as string[],
                env: expect.arrayContaining([{ name: 'HTTPS_PROXY', value: 'http://proxy:3128' }]) as object[],
              },
            ],
          },
        },
      },
    });
  });

  it('leaves out what is switched off', () => {
    const off = { rbac: { create: false }, podDisruptionBudget: { enabled: false }, networkPolicy: { enabled: false } };
    const { objects } = chart({ ...GIVEN, ...off, serviceAccount: { create: false, name: 'mine' } });
    expect(Object.keys(objects).toSorted()).toEqual([
      'ConfigMap/spot-keeper.pools',
      'Deployment/spot-keeper',
      'Service/spot-keeper',
    ]);
  });

  it('refuses to start without pools, and with a text that names no fleet', () => {
    expect(() => chart({})).toThrow('pools is needed: --set-file pools=pools.yaml');
    expect(() => chart({ pools: 'version: 1\n' })).toThrow('must be a pools file that names its fleet');
    expect(() => chart({ ...GIVEN, serviceAccount: { create: false } })).toThrow('serviceAccount.name is needed');
  });
});

describe('A template that only names change', () => {
  const pools = readPools(POOLS, 'pools.yaml', catalogue);
  const settings = placeholders(settingsOf(pools, '0.1.0'));
  it.each([
    ['admissionpolicy', 'admission', 'admissionPolicy.enabled'],
    ['networkpolicy', 'network-policy', 'networkPolicy.enabled'],
    ['poddisruptionbudget', 'disruption-budget', 'podDisruptionBudget.enabled'],
    ['service', 'service', undefined],
  ] as const)('is made from what the command prints: %s', async (file, part, when) => {
    const made = templateOf(objectsOf([part], { pools, files: {}, settings }), when);
    await expect(made).toMatchFileSnapshot(`../../charts/spot-keeper/templates/${file}.yaml`);
  });
});

describe('The alerts', () => {
  it('of the chart are those in the code', async () => {
    await expect(alertsText()).toMatchFileSnapshot('../../charts/spot-keeper/files/alerts.yaml');
  });

  it('in docs/metrics.md are those in the code', () => {
    expect(fileOf('docs/metrics.md')).toContain(`\n${alertsTable()}\n`);
  });
});

describe('values.schema.json', () => {
  it('is what the schema in these tests says', async () => {
    await expect(`${JSON.stringify(jsonSchemaOf(valuesSchema), null, 2)}\n`).toMatchFileSnapshot(
      '../../charts/spot-keeper/values.schema.json',
    );
  });

  it('accepts the defaults with pools, and no key that nobody reads', () => {
    expect(valuesSchema.safeParse({ ...chartValues(), ...GIVEN }).error).toBeUndefined();
    expect(valuesSchema.safeParse({ ...GIVEN, replica: 2 }).success).toBe(false);
    expect(valuesSchema.safeParse({ ...GIVEN, image: { tag: 'latest' } }).success).toBe(false);
    expect(valuesSchema.safeParse({ ...GIVEN, replicas: 0 }).success).toBe(false);
  });

  it('knows every key of values.yaml, and values.yaml every key that it knows', () => {
    const keysOf = (value: object, schema: z.ZodType, path = ''): readonly string[] => {
      if (!(schema instanceof z.ZodObject)) return [];
      const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
      const known = Object.keys(shape).filter((key) => key !== 'global');
      expect(Object.keys(value).toSorted(), path).toEqual(known.toSorted());
      return Object.entries(shape).flatMap(([key, part]) => {
        const inner = part instanceof z.ZodOptional ? (part.unwrap() as z.ZodType) : part;
        // Known: the defaults were accepted by the schema, so what it calls an object is one.
        return keysOf((value as Readonly<Record<string, object>>)[key] ?? {}, inner, `${path}.${key}`);
      });
    };
    keysOf(chartValues(), valuesSchema);
  });
});

it('is released with the command: one version for both', () => {
  const { version } = JSON.parse(fileOf('package.json')) as { readonly version: string };
  expect(parse(fileOf('charts/spot-keeper/Chart.yaml'))).toMatchObject({ version, appVersion: version });
});
