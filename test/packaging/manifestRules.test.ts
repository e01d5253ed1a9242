import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/install/names.ts';
import { byName, chart, fileOf, objectsIn } from '../support/chart.ts';

/** Enough of a pod to ask about what the rules name; a field that is not there is undefined, and a rule says so. */
interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly resources: Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>>>>;
  readonly volumeMounts: readonly { readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly ports: readonly { readonly containerPort: number; readonly hostPort?: number }[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Pod {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly unknown[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumes: readonly Readonly<Record<string, unknown>>[];
  readonly [field: string]: unknown;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

const shipped = byName(objectsIn(fileOf('kubernetes.yml')));
const everything = {
  pools: fileOf('docs/examples/pools.yaml'),
  region: 'us-east-1',
  ...{ admissionPolicy: { enabled: true }, serviceMonitor: { enabled: true }, prometheusRule: { enabled: true } },
};

describe.each([
  ['kubernetes.yml', shipped],
  ['the chart with everything switched on', chart(everything).objects],
])('In %s', (_, objects) => {
  const all = Object.values(objects);
  const one = (name: string): KubernetesObject => objects[name] ?? expect.unreachable(`no ${name}`);
  // Known: these are the fields of a Deployment, a Role and so on; the rules below look at every one that they name.
  const deployment = one('Deployment/spot-keeper')['spec'] as {
    readonly replicas: number;
    readonly strategy: object;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: Readonly<Record<'labels' | 'annotations', Readonly<Record<string, string>>>>;
      readonly spec: Pod;
    };
  };
  const { metadata, spec: pod } = deployment.template;
  const [container] = pod.containers as readonly [Container];
  const rulesOf = (kind: string): readonly Rule[] =>
    all.filter((object) => object.kind === kind).flatMap((object) => object['rules'] as readonly Rule[]);
  const rules = [...rulesOf('ClusterRole'), ...rulesOf('Role')];
  const network = one('NetworkPolicy/spot-keeper')['spec'] as {
    readonly policyTypes: readonly string[];
    readonly ingress: unknown;
    readonly egress: unknown;
  };

  const holds: Readonly<Record<string, () => void>> = {
    'every pod has one container and no other': () => {
      expect(pod.containers).toHaveLength(1);
      expect(pod.initContainers).toBeUndefined();
    },
    'nothing runs as root': () => {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532 });
    },
    'system calls are filtered': () => {
      expect(pod.securityContext).toMatchObject({ seccompProfile: { type: 'RuntimeDefault' } });
    },
    'no privilege is gained': () => {
      expect(container.securityContext).toMatchObject({ allowPrivilegeEscalation: false });
      expect(container.securityContext['privileged']).toBeUndefined();
    },
    'every capability is dropped and none added': () => {
      expect(container.securityContext['capabilities']).toEqual({ drop: ['ALL'] });
    },
    'the root of the file system is read-only': () => {
      expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true });
    },
    'temporary files have a place with a limit': () => {
      expect(container.volumeMounts).toContainEqual({ name: 'tmp', mountPath: '/tmp' });
      expect(pod.volumes).toContainEqual({ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } });
    },
    'the pools file is mounted read-only': () => {
      expect(container.volumeMounts).toContainEqual({ name: 'pools', mountPath: '/etc/spot-keeper', readOnly: true });
    },
    'nothing of the host is shared': () => {
      for (const field of ['hostNetwork', 'hostPID', 'hostIPC', 'hostUsers']) expect(pod[field], field).toBeUndefined();
    },
    'no path of the host is mounted': () => {
      for (const volume of pod.volumes) expect(Object.keys(volume)).not.toContain('hostPath');
    },
    'no port of the host is taken': () => {
      for (const { hostPort } of container.ports) expect(hostPort).toBeUndefined();
    },
    'volumes are of the kinds that the restricted standard allows': () => {
      for (const volume of pod.volumes)
        expect(['configMap', 'emptyDir']).toContain(Object.keys(volume).find((key) => key !== 'name'));
    },
    'the token is mounted in the pod and not by the account': () => {
      expect(pod['automountServiceAccountToken']).toBe(true);
      expect(one('ServiceAccount/spot-keeper')['automountServiceAccountToken']).toBe(false);
    },
    'the account is its own': () => {
      expect(pod['serviceAccountName']).toBe('spot-keeper');
    },
    'the image has a tag or digest, and not latest': () => {
      expect(container.image).toMatch(/(?::[\w.-]+|@sha256:[0-9a-f]{64})$/);
      expect(container.image).not.toMatch(/:latest$/);
    },
    'memory has a request and a limit': () => {
      expect(container.resources.requests).toHaveProperty('memory');
      expect(container.resources.limits).toHaveProperty('memory');
    },
    'processor time has a request': () => {
      expect(container.resources.requests).toHaveProperty('cpu');
    },
    'the disk has a limit': () => {
      expect(container.resources.limits).toHaveProperty('ephemeral-storage');
    },
    'it is killed only when its loop stands still': () => {
      expect(container.livenessProbe?.httpGet).toMatchObject({ path: '/healthz', port: 'http' });
    },
    'it is ready only when it says so': () => {
      expect(container.readinessProbe?.httpGet).toMatchObject({ path: '/readyz', port: 'http' });
    },
    'it has time to start': () => {
      expect(container.startupProbe).toMatchObject({ httpGet: { path: '/healthz' }, failureThreshold: 24 });
    },
    'the port of the container is the one that it is told': () => {
      expect(container.args).toContain('--port');
      expect(container.args[container.args.indexOf('--port') + 1]).toBe(String(container.ports[0]?.containerPort));
    },
    'no secret is in the environment': () => {
      for (const { name, value } of container.env) {
        expect(name).not.toMatch(/secret|token|password|access_key/i);
        expect(value ?? '').not.toMatch(/AKIA|-----BEGIN/);
      }
    },
    'no Secret is made, read or mounted': () => {
      expect(all.map(({ kind }) => kind)).not.toContain('Secret');
      expect(JSON.stringify(all)).not.toMatch(/secretKeyRef|"secret"|secretName/);
      for (const { resources } of rules) expect(resources).not.toContain('secrets');
    },
    'the instance metadata service is nothing to it': () => {
      expect(container.env).toContainEqual({ name: 'AWS_EC2_METADATA_DISABLED', value: 'true' });
    },
    'its name in elections is the name of its pod': () => {
      expect(container.env).toContainEqual({
        name: 'POD_NAME',
        valueFrom: { fieldRef: { fieldPath: 'metadata.name' } },
      });
    },
    'no rule has a wildcard': () => {
      expect(rules.length).toBeGreaterThan(5);
      for (const rule of rules) expect(JSON.stringify(rule)).not.toContain('*');
    },
    'nodes are read and patched, and nothing else': () => {
      const nodes = rules.filter(({ resources }) => resources.includes('nodes'));
      expect(nodes.flatMap(({ verbs }) => verbs).toSorted()).toEqual(['get', 'list', 'patch', 'watch']);
    },
    'pods are read, and never deleted': () => {
      const pods = rules.filter(({ resources }) => resources.includes('pods'));
      expect(pods.flatMap(({ verbs }) => verbs).toSorted()).toEqual(['get', 'list', 'watch']);
    },
    'nothing can be deleted, bound, escalated or impersonated': () => {
      for (const verb of ['delete', 'deletecollection', 'bind', 'escalate', 'impersonate'])
        for (const { verbs } of rules) expect(verbs).not.toContain(verb);
    },
    'no ConfigMap is read in the whole cluster': () => {
      for (const { resources } of rulesOf('ClusterRole')) expect(resources).not.toContain('configmaps');
    },
    'the ledger and the Lease are changed by name alone': () => {
      for (const { resources, verbs, resourceNames } of rulesOf('Role'))
        if (verbs.join() !== 'create') expect(resourceNames, resources.join()).toEqual(['spot-keeper-ci']);
    },
    'roles are bound to its account alone': () => {
      for (const object of all.filter(({ kind }) => kind.endsWith('RoleBinding')))
        expect(object['subjects']).toEqual([{ kind: 'ServiceAccount', name: 'spot-keeper', namespace: 'spot-keeper' }]);
    },
    'there are two, replaced one at a time': () => {
      expect(deployment.replicas).toBe(2);
      expect(deployment.strategy).toMatchObject({ rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
    },
    'a disruption takes one of them': () => {
      expect(one('PodDisruptionBudget/spot-keeper')['spec']).toMatchObject({ maxUnavailable: 1 });
    },
    'every selector finds its pods, and no pod changes with the release': () => {
      for (const name of ['PodDisruptionBudget/spot-keeper', 'Service/spot-keeper', 'NetworkPolicy/spot-keeper'])
        expect(JSON.stringify(one(name)['spec'])).toContain(JSON.stringify(deployment.selector.matchLabels));
      expect(metadata.labels).toMatchObject(deployment.selector.matchLabels);
    },
    'none runs on a block of its own': () => {
      expect(JSON.stringify(pod['affinity'])).toContain('{"key":"spot-keeper.io/pool","operator":"DoesNotExist"}');
    },
    'two keep apart': () => {
      expect(JSON.stringify(pod['affinity'])).toContain('kubernetes.io/hostname');
    },
    'a new pools file means new pods': () => {
      const { annotations = {} } = one('ConfigMap/spot-keeper.pools').metadata;
      expect(annotations['checksum/pools.yaml']).toMatch(/^[0-9a-f]{64}$/);
      expect(metadata.annotations).toMatchObject(annotations);
    },
    'the network is shut in both directions but for what is named': () => {
      expect(network.policyTypes).toEqual(['Ingress', 'Egress']);
    },
    'only one namespace reaches it, at one port': () => {
      expect(network.ingress).toEqual([
        {
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
          ports: [{ protocol: 'TCP', port: 'http' }],
        },
      ]);
    },
    "it does not reach the node's credentials": () => {
      expect(JSON.stringify(network.egress)).toContain('"except":["169.254.169.254/32"]');
      expect(JSON.stringify(network.egress)).toContain('"except":["fd00:ec2::254/128"]');
    },
    'every object lies in its namespace or is of the cluster': () => {
      const ofCluster = /^(?:Namespace|ClusterRole|ClusterRoleBinding|ValidatingAdmission\w+)$/;
      for (const { kind, metadata: its } of all)
        expect(its.namespace, kind).toBe(ofCluster.test(kind) ? undefined : 'spot-keeper');
    },
    'every version of an API is one that is served today': () => {
      for (const { apiVersion } of all) expect(apiVersion).toMatch(/(?:^|\/)v[12]$/);
    },
  };

  it.each(Object.keys(holds))('%s', (what) => {
    holds[what]?.();
  });
});

it('kubernetes.yml holds its namespace to the restricted standard', () => {
  expect(shipped['Namespace/spot-keeper']?.metadata.labels).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'restricted',
  });
});
