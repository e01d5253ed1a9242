import { V1MicroTime } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { cluster, MONDAY, pod, refusalOf } from './cluster.ts';

describe('objects', () => {
  it('are created with an identity, a birth and a version', async () => {
    const { core, store } = await cluster();
    const created = await core.createNode({ body: { metadata: { name: 'a', labels: { pool: 'ci' } } } });
    expect(created).toMatchObject({ kind: 'Node', apiVersion: 'v1', metadata: { name: 'a', labels: { pool: 'ci' } } });
    expect(created.metadata?.uid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(created.metadata?.creationTimestamp).toEqual(new Date(MONDAY));
    expect(created.metadata?.resourceVersion).toBe(String(store.resourceVersion));
    expect(await core.readNode({ name: 'a' })).toEqual(created);
  });

  it('get a generated name, another each time', async () => {
    const { core } = await cluster();
    const body = { metadata: { generateName: 'job-' } };
    const names = [];
    for (let count = 0; count < 3; count++)
      names.push((await core.createNamespacedConfigMap({ namespace: 'default', body })).metadata?.name);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^job-[a-z0-9]{5}$/);
  });

  it('are refused where one of the name is there, where none is, and where the namespace is not', async () => {
    const { core } = await cluster();
    await core.createNode({ body: { metadata: { name: 'a' } } });
    expect(await refusalOf(core.createNode({ body: { metadata: { name: 'a' } } }))).toMatchObject({
      ...{ code: 409, reason: 'AlreadyExists', message: 'nodes "a" already exists' },
      status: { details: { name: 'a', kind: 'nodes' } },
    });
    expect(await refusalOf(core.readNode({ name: 'b' }))).toMatchObject({
      ...{ code: 404, reason: 'NotFound', message: 'nodes "b" not found' },
    });
    const astray = core.createNamespacedPod({ namespace: 'nowhere', body: { metadata: { name: 'p' } } });
    expect(await refusalOf(astray)).toMatchObject({ code: 404, message: 'namespaces "nowhere" not found' });
  });

  it('are replaced only by who has seen their last version', async () => {
    const { core } = await cluster();
    const map = { namespace: 'default', body: { metadata: { name: 'm' }, data: { a: '1' } } };
    const first = await core.createNamespacedConfigMap(map);
    const put = (value: string) =>
      core.replaceNamespacedConfigMap({
        namespace: 'default',
        name: 'm',
        body: Object.assign({}, first, { data: { a: value } }),
      });
    const second = await put('2');
    expect(second.data).toEqual({ a: '2' });
    expect(await refusalOf(put('3'))).toMatchObject({
      ...{ code: 409, reason: 'Conflict' },
      message: expect.stringContaining('the object has been modified') as string,
    });
    // Without a version the last one wins.
    const blind = { metadata: { name: 'm' }, data: { a: '4' } };
    await core.replaceNamespacedConfigMap({ namespace: 'default', name: 'm', body: blind });
    expect((await core.readNamespacedConfigMap({ namespace: 'default', name: 'm' })).data).toEqual({ a: '4' });
  });

  it('keep their version when a write changes nothing', async () => {
    const { core, store } = await cluster();
    const node = await core.createNode({ body: { metadata: { name: 'a' } } });
    await core.replaceNode({ name: 'a', body: node });
    expect(store.resourceVersion).toBe(Number(node.metadata?.resourceVersion));
  });

  it('of another life are not touched: the uid decides', async () => {
    const { core, store } = await cluster();
    const node = await core.createNode({ body: { metadata: { name: 'a' } } });
    store.remove('nodes', 'a');
    store.put('nodes', { metadata: { name: 'a' } });
    const uid = node.metadata?.uid ?? '';
    const body = { metadata: { name: 'a', uid } };
    expect(await refusalOf(core.replaceNode({ name: 'a', body }))).toMatchObject({ code: 409 });
    expect(await refusalOf(core.deleteNode({ name: 'a', body: { preconditions: { uid } } }))).toMatchObject({
      ...{ code: 409, message: expect.stringContaining('UID in precondition') as string },
    });
  });

  it('have a status that only its subresource writes', async () => {
    const { core } = await cluster();
    const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
    // A kubelet brings the status of its node along.
    const node = await core.createNode({ body: { metadata: { name: 'a' }, status: ready } });
    await core.replaceNode({ name: 'a', body: Object.assign({}, node, { status: {}, spec: { unschedulable: true } }) });
    const cordoned = await core.readNode({ name: 'a' });
    expect(cordoned).toMatchObject({ spec: { unschedulable: true }, status: ready });
    await core.replaceNodeStatus({ name: 'a', body: Object.assign({}, cordoned, { spec: {}, status: {} }) });
    expect(await core.readNodeStatus({ name: 'a' })).toMatchObject({ spec: { unschedulable: true }, status: {} });
    const job = { ...pod('p'), apiVersion: 'v1', kind: 'Pod' };
    await core.createNamespace({ body: { metadata: { name: 'ci' } } });
    expect((await core.createNamespacedPod({ namespace: 'ci', body: job })).status).toEqual({ phase: 'Pending' });
  });

  it('are held to the rules of their kind', async () => {
    const { core, coordination } = await cluster();
    const taints = [{ key: 'spot-keeper.io/draining', value: '2026-05-11T08:00:00Z', effect: 'NoSchedule' }];
    expect(await refusalOf(core.createNode({ body: { metadata: { name: 'a' }, spec: { taints } } }))).toMatchObject({
      ...{ code: 422, reason: 'Invalid' },
      status: { details: { causes: [{ field: 'spec.taints[0].value' }] } },
    });
    const twice = [taints[0]!, taints[0]!].map((taint) => ({ ...taint, value: '' }));
    expect(
      await refusalOf(core.createNode({ body: { metadata: { name: 'a' }, spec: { taints: twice } } })),
    ).toMatchObject({ code: 422, message: expect.stringContaining('Duplicate value') as string });
    const labelled = { metadata: { name: 'A_', labels: { 'a/b/c': 'x y' } } };
    expect(await refusalOf(core.createNode({ body: labelled }))).toMatchObject({ code: 422 });
    const big = { metadata: { name: 'm' }, data: { a: 'x'.repeat(1024 * 1024 + 1) } };
    expect(await refusalOf(core.createNamespacedConfigMap({ namespace: 'default', body: big }))).toMatchObject({
      ...{ code: 422, message: expect.stringContaining('Too long') as string },
    });
    const lease = { metadata: { name: 'l' }, spec: { leaseDurationSeconds: 0 } };
    expect(await refusalOf(coordination.createNamespacedLease({ namespace: 'default', body: lease }))).toMatchObject({
      code: 422,
    });
  });

  it('try a write without doing it', async () => {
    const { core, store } = await cluster();
    const before = store.resourceVersion;
    await core.createNode({ body: { metadata: { name: 'a' } }, dryRun: 'All' });
    expect(store.list('nodes')).toEqual([]);
    store.put('nodes', { metadata: { name: 'b' } });
    await core.deleteNode({ name: 'b', dryRun: 'All' });
    expect(store.get('nodes', 'b')).toBeDefined();
    expect(store.resourceVersion).toBe(before + 1);
  });
});

describe('leases', () => {
  it('are written with six digits after the point, or not at all', async () => {
    const { coordination, fetch } = await cluster();
    const spec = { holderIdentity: 'x', leaseDurationSeconds: 15, renewTime: new V1MicroTime(MONDAY) };
    const lease = await coordination.createNamespacedLease({
      namespace: 'kube-system',
      body: { metadata: { name: 'keeper' }, spec },
    });
    expect(lease.spec?.renewTime).toBe('2026-05-11T08:00:00.000000Z');
    const short = Object.assign({}, lease, { spec: { renewTime: '2026-05-11T08:00:00.000Z' } });
    const answer = await fetch('/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/keeper', {
      method: 'PUT',
      body: JSON.stringify(short),
    });
    expect(answer.status).toBe(400);
  });

  it('are never overwritten blindly, but a PUT may create one', async () => {
    const { coordination } = await cluster();
    const body = { metadata: { name: 'keeper' }, spec: { holderIdentity: 'x' } };
    const put = { namespace: 'default', name: 'keeper', body };
    await coordination.replaceNamespacedLease(put);
    expect(await refusalOf(coordination.replaceNamespacedLease(put))).toMatchObject({ code: 422 });
  });
});

describe('events', () => {
  const event = {
    metadata: { name: 'a.1', namespace: 'default' },
    ...{ eventTime: new V1MicroTime(MONDAY), reportingController: 'spot-keeper.io', reportingInstance: 'x' },
    ...{ action: 'Cordon', reason: 'BlockDraining', note: 'its lease ends', type: 'Normal' },
    regarding: { kind: 'Node', name: 'a', uid: 'u' },
  };

  it('are the same in both groups, each in its words', async () => {
    const { core, events } = await cluster();
    await events.createNamespacedEvent({ namespace: 'default', body: event });
    const selected = { namespace: 'default', fieldSelector: 'involvedObject.name=a,reason=BlockDraining' };
    const { items } = await core.listNamespacedEvent(selected);
    expect(items).toMatchObject([{ message: 'its lease ends', involvedObject: { name: 'a' }, action: 'Cordon' }]);
    const again = await events.readNamespacedEvent({ namespace: 'default', name: 'a.1' });
    expect(again).toMatchObject({ apiVersion: 'events.k8s.io/v1', note: 'its lease ends', regarding: { name: 'a' } });
  });

  it('are refused where they say too little or too much', async () => {
    const { events } = await cluster();
    const body = { ...event, action: '', note: 'x'.repeat(1025) };
    const { code, message } = await refusalOf(events.createNamespacedEvent({ namespace: 'default', body }));
    expect(code).toBe(422);
    expect(message).toContain('action: Required value');
    expect(message).toContain('1024');
  });
});

describe('the server', () => {
  it('serves the other kinds too', async () => {
    const { core, policy, apps, server } = await cluster();
    const body = { metadata: { name: 'x' } };
    await core.createNamespacedServiceAccount({ namespace: 'default', body });
    await policy.createNamespacedPodDisruptionBudget({ namespace: 'default', body });
    await apps.createNamespacedDaemonSet({
      namespace: 'default',
      body: { ...body, spec: { selector: {}, template: { metadata: {} } } },
    });
    expect((await policy.listPodDisruptionBudgetForAllNamespaces()).items).toHaveLength(1);
    expect((await apps.readNamespacedDaemonSet({ namespace: 'default', name: 'x' })).kind).toBe('DaemonSet');
    expect((await core.listNamespace()).items.map(({ metadata }) => metadata?.name)).toContain('kube-node-lease');
    expect(Object.fromEntries(server.calls)).toEqual({
      'create serviceaccounts': 1,
      'create poddisruptionbudgets': 1,
      'create daemonsets': 1,
      'list poddisruptionbudgets': 1,
      'get daemonsets': 1,
      'list namespaces': 1,
    });
  });

  it('answers what may be done by the rule that also holds for doing it', async () => {
    const { authorization, core } = await cluster({
      allows: ({ verb, resource }) => verb === 'patch' && resource === 'nodes',
    });
    const may = async (verb: string, resource: string) => {
      const body = { spec: { resourceAttributes: { verb, resource } } };
      return (await authorization.createSelfSubjectAccessReview({ body })).status?.allowed;
    };
    expect(await may('patch', 'nodes')).toBe(true);
    expect(await may('delete', 'nodes')).toBe(false);
    expect(await refusalOf(core.deleteNode({ name: 'a' }))).toMatchObject({
      ...{ code: 403, reason: 'Forbidden' },
      message: expect.stringContaining('cannot delete resource "nodes"') as string,
    });
  });

  it('knows what it does not serve', async () => {
    const { fetch } = await cluster();
    const codeOf = async (path: string, init?: RequestInit) => (await fetch(path, init)).status;
    expect(await codeOf('/api/v1/endpoints')).toBe(404);
    expect(await codeOf('/apis/apps/v1beta1/daemonsets')).toBe(404);
    expect(await codeOf('/api/v1/nodes/a/status/more')).toBe(404);
    expect(await codeOf('/api/v1/nodes/%E0%A4%A')).toBe(400);
    expect(await codeOf('/api/v1/nodes', { method: 'PUT', body: '{}' })).toBe(405);
    expect(await codeOf('/api/v1/nodes', { method: 'POST', body: '{' })).toBe(400);
    expect(await codeOf('/api/v1/nodes', { method: 'POST', body: '{"kind":"Pod"}' })).toBe(400);
    expect(await codeOf('/api/v1/nodes', { method: 'POST', body: 'x'.repeat(4 * 1024 * 1024) })).toBe(413);
    expect(await codeOf('/version')).toBe(200);
  });
});
