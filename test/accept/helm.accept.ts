import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KubernetesServer, kubernetesServer } from '../../fakes/kubernetes/server.ts';
import { Store } from '../../fakes/kubernetes/store.ts';
import { DEFAULT_PARTS, OBJECT_PARTS } from '../../src/install/manifests.ts';
import { byName, chart, fileOf, objectsIn } from '../support/chart.ts';
import { printed, withoutHelm } from '../support/printed.ts';
import { HELM_RELEASES, hasHelm, helm } from './helm.ts';

const CHART = resolve(import.meta.dirname, '../../charts/spot-keeper');
const POOLS = fileOf('docs/examples/pools.yaml');
const GIVEN = { pools: POOLS, region: 'us-east-1' };
const FILES = { 'late.ts': 'export default "{{ .Values }}";\n', 'a.ics': 'BEGIN\n\n  END' };

const EVERYTHING = {
  ...GIVEN,
  ...{ admissionPolicy: { enabled: true }, serviceMonitor: { enabled: true, labels: { release: 'prometheus' } } },
  prometheusRule: { enabled: true, labels: { release: 'prometheus' } },
  image: { repository: 'r.example/k', tag: '9', digest: `sha256:${'0'.repeat(64)}`, pullPolicy: 'Always' },
  serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/k' } },
  ...{ podLabels: { team: 'ci' }, podAnnotations: { note: 'x' }, nodeSelector: { disk: 'ssd' }, policyFiles: FILES },
  tolerations: [{ key: 'ci', operator: 'Exists' }],
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }],
  extraEnv: [{ name: 'HTTPS_PROXY', value: 'http://proxy:3128' }],
  ...{ extraArgs: ['--allow-host=keeper.example'], imagePullSecrets: [{ name: 'mine' }], replicas: 3 },
};

describe.each(HELM_RELEASES)('Helm $version', (release) => {
  describe.skipIf(!hasHelm(release))('with the chart', () => {
    let home: string;
    let store: Store;
    let server: KubernetesServer;

    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'spot-keeper-helm-'));
      let at = Date.parse('2026-03-02T08:00:00Z');
      store = new Store({ now: () => (at += 1_000) });
      server = await kubernetesServer({ store });
      writeFileSync(join(home, 'kubeconfig'), server.kubeconfig());
    });

    afterAll(async () => {
      await server.close();
      rmSync(home, { recursive: true, force: true });
    });

    /** The flag that gives values, as a file of them. */
    function valuesFlag(values: object): string {
      const folder = mkdtempSync(join(home, 'values-'));
      mkdirSync(folder, { recursive: true });
      const file = join(folder, 'values.json');
      writeFileSync(file, JSON.stringify(values));
      return `--values=${file}`;
    }
    const run = (...args: readonly string[]): Promise<string> => helm(release, home, ...args);
    const rendered = async (values: object, name = 'spot-keeper', namespace = 'spot-keeper') =>
      byName(objectsIn(await run('template', name, CHART, '--namespace', namespace, valuesFlag(values))));

    it('finds nothing wrong with it, strictly', async () => {
      for (const values of [GIVEN, EVERYTHING])
        expect(await run('lint', '--strict', CHART, valuesFlag(values))).toContain(
          '1 chart(s) linted, 0 chart(s) failed',
        );
    });

    it.each([
      ['latest', { ...GIVEN, image: { tag: 'latest' } }],
      ['a value that nobody reads', { ...GIVEN, replica: 2 }],
      ['no keeper at all', { ...GIVEN, replicas: 0 }],
      ['no pools', {}],
      ['a file in a folder', { ...GIVEN, policyFiles: { 'a/b.ts': '' } }],
    ])('refuses %s', async (_, values) => {
      await expect(run('template', 'spot-keeper', CHART, valuesFlag(values))).rejects.toThrow(/values|schema|pools/);
    });

    it('makes object by object what `spot-keeper manifests` prints', async () => {
      const leave = POOLS.replace('otherPods: evict', 'otherPods: leave');
      const noLive = POOLS.replace(/\nlive:[^]*/, '\n');
      expect(withoutHelm(await rendered(GIVEN))).toEqual(printed());
      expect(withoutHelm(await rendered({ ...GIVEN, admissionPolicy: { enabled: true } }))).toEqual(
        printed(POOLS, {}, OBJECT_PARTS),
      );
      expect(withoutHelm(await rendered({ ...GIVEN, policyFiles: FILES }))).toEqual(
        printed(POOLS, {}, DEFAULT_PARTS, FILES),
      );
      for (const pools of [leave, noLive])
        expect(withoutHelm(await rendered({ ...GIVEN, pools }))).toEqual(printed(pools));
    });

    it('makes what our own rendering of the templates makes', async () => {
      const off = {
        rbac: { create: false },
        podDisruptionBudget: { enabled: false },
        networkPolicy: { enabled: false },
      };
      for (const values of [EVERYTHING, { ...GIVEN, ...off, serviceAccount: { create: false, name: 'mine' } }])
        expect(await rendered(values, 'nightly', 'ci')).toEqual(chart(values, 'nightly', 'ci').objects);
    });

    it('makes the webhook for clusters before Kubernetes 1.36, with a certificate by the authority that it names', async () => {
      const pools = POOLS.replace('    surge: 2', '    scaling: { policy: followJobs }\n    surge: 2');
      const webhook = (certManager: boolean) => ({
        ...{ ...GIVEN, pools, jobNamespaces: ['builds'] },
        jobDelay: { webhook: { enabled: true, certManager } },
      });
      const made = await rendered(webhook(true), 'nightly', 'ci');
      expect(made).toEqual(chart(webhook(true), 'nightly', 'ci', []).objects);
      const own = await rendered(webhook(false), 'nightly', 'ci');
      const ours = chart(webhook(false), 'nightly', 'ci', []).objects;
      expect(Object.keys(own).toSorted()).toEqual(Object.keys(ours).toSorted());
      // Known: the chart writes both, in base64.
      const { data } = own['Secret/nightly-spot-keeper-webhook'] as unknown as { data: Record<string, string> };
      expect(JSON.stringify(own['MutatingWebhookConfiguration/nightly-spot-keeper.job-delay'])).toContain(
        data['ca.crt'],
      );
      const [ca, cert] = ['ca.crt', 'tls.crt'].map((name) => new X509Certificate(Buffer.from(data[name]!, 'base64')));
      expect(cert?.checkIssued(ca!)).toBe(true);
      expect(cert?.checkHost('nightly-spot-keeper-webhook.ci.svc')).toBe('nightly-spot-keeper-webhook.ci.svc');
    });

    it('installs, upgrades, rolls back and uninstalls it', async () => {
      const values = { ...GIVEN, admissionPolicy: { enabled: true } };
      const changing = ['--namespace', 'ci', ...release.flags];
      const given = ['--disable-openapi-validation', ...changing];
      const kinds = Object.keys(printed(POOLS, {}, OBJECT_PARTS)).toSorted();
      const replicas = (): unknown => store.get('deployments', 'spot-keeper', 'ci')?.['spec'];
      const revisions = (): number =>
        store.list('secrets').filter(({ metadata }) => metadata.namespace === 'ci').length;

      await run('install', 'spot-keeper', CHART, '--create-namespace', valuesFlag(values), ...given);
      expect(heldIn(store)).toEqual(kinds);
      expect(store.get('configmaps', 'spot-keeper.pools', 'ci')?.['data']).toEqual({ 'pools.yaml': POOLS });
      expect(replicas()).toMatchObject({ replicas: 2 });

      await run('upgrade', 'spot-keeper', CHART, valuesFlag({ ...values, replicas: 3 }), ...given);
      expect(replicas()).toMatchObject({ replicas: 3 });

      await run('rollback', 'spot-keeper', '1', ...changing);
      expect(replicas()).toMatchObject({ replicas: 2 });
      expect(revisions()).toBe(3);

      // A keeper of the release has written its ledger, which Helm did not make and must not take.
      store.put('configmaps', { metadata: { name: 'spot-keeper-ci', namespace: 'ci' } });
      await run('uninstall', 'spot-keeper', '--namespace', 'ci');
      expect(heldIn(store)).toEqual(['ConfigMap/spot-keeper-ci']);
      expect(revisions()).toBe(0);
    });
  });
});

const KEPT = [
  ...['serviceaccounts', 'clusterroles', 'clusterrolebindings', 'roles', 'rolebindings', 'configmaps', 'services'],
  ...['poddisruptionbudgets', 'networkpolicies', 'deployments'],
  ...['validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
];

/** The objects of the installation that a cluster holds, as `Kind/name`. */
const heldIn = (store: Store): readonly string[] =>
  KEPT.flatMap((resource) =>
    store.list(resource).map((object) => `${object['kind']}/${object.metadata.name}`),
  ).toSorted();
