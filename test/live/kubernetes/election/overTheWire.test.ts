import { KubeConfig } from '@kubernetes/client-node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type KubernetesServer, kubernetesServer } from '../../../../fakes/kubernetes/server.ts';
import { Store } from '../../../../fakes/kubernetes/store.ts';
import { lead } from '../../../../src/live/kubernetes/election/leadership.ts';
import { kubeClient } from '../../../../src/live/kubernetes/kubeClient.ts';
import { type Ledger, openLedger } from '../../../../src/live/kubernetes/ledger/ledger.ts';
import { kubernetesEvents } from '../../../../src/live/observers/kubernetesEvents.ts';
import { systemClock } from '../../../../src/live/ports/clock.ts';
import { silent } from '../../../../src/live/ports/telemetry.ts';
import { comesTrue } from '../../../support/comesTrue.ts';
import { unhurriedKube } from '../../../support/unhurried.ts';

let store: Store;
let server: KubernetesServer;

beforeEach(async () => {
  store = new Store({ now: () => Date.UTC(2026, 2, 2, 8) });
  server = await kubernetesServer({ store });
  store.put('namespaces', { metadata: { name: 'spot' } });
});
afterEach(() => server.close());

function kube() {
  const config = new KubeConfig();
  config.loadFromString(server.kubeconfig());
  return unhurriedKube(kubeClient({ telemetry: silent, config }));
}

/** A keeper that leads when it can, and opens the ledger whenever it does. */
function keeper(identity: string) {
  const stop = new AbortController();
  const clock = { now: 0 };
  const ledgers: Ledger[] = [];
  const leadership = lead(
    {
      ...{ kube: kube(), namespace: 'spot', name: 'spot-keeper-ci', identity, telemetry: silent, signal: stop.signal },
      now: () => clock.now,
      durations: { retryMs: 5 },
    },
    {
      leading: (term) => {
        const place = { kube: kube(), namespace: 'spot', fleet: 'ci', telemetry: silent };
        void openLedger({ ...place, writer: { identity, term }, mayOpen: () => leadership.mayMutate() }).then(
          (opened) => {
            if (opened.kind === 'ok') ledgers.push(opened.value);
          },
        );
      },
      lost: () => undefined,
    },
  );
  const ledger = (): Promise<Ledger> =>
    comesTrue(() => {
      const [opened] = ledgers;
      if (opened === undefined) throw new Error(`${identity} has no ledger yet`);
      return opened;
    });
  return { stop, clock, leadership, ledger };
}

it('fences a leader that slept through the end of its lease, and hands a lease over that was released', async () => {
  // It fell asleep between asking whether it may mutate and writing its next intent: nothing renews its lease.
  const time = '2026-03-02T08:00:00.000000Z';
  store.put('leases', {
    metadata: { name: 'spot-keeper-ci', namespace: 'spot' },
    spec: { ...{ holderIdentity: 'keeper-a', leaseDurationSeconds: 15, leaseTransitions: 3 }, renewTime: time },
  });
  const sleeper = await openLedger({
    ...{ kube: kube(), namespace: 'spot', fleet: 'ci', telemetry: silent, mayOpen: () => true },
    writer: { identity: 'keeper-a', term: 3 },
  });
  if (sleeper.kind === 'failed') throw new Error(sleeper.message);
  expect(await sleeper.value.intend([launch('ci-0.1.1', 'keeper-a')])).toBe('written');

  const b = keeper('keeper-b');
  await comesTrue(() => {
    expect(b.leadership.holder).toBe('keeper-a');
  });
  b.clock.now += 15_000;
  const ofB = await b.ledger();
  expect(ofB.state.launches).toEqual({ 'ci-0.1.1': { by: 'keeper-a' } });
  expect(await sleeper.value.intend([launch('ci-1.1.1', 'keeper-a')])).toEqual({ fenced: true });
  expect(await ofB.intend([launch('ci-1.1.1', 'keeper-b')])).toBe('written');
  b.stop.abort();
  await b.leadership.released();

  const c = keeper('keeper-c');
  const ofC = await c.ledger();
  expect(c.leadership.tenure).toBe(5);
  expect(Object.keys(ofC.state.launches)).toEqual(['ci-0.1.1', 'ci-1.1.1']);
  c.stop.abort();
  await c.leadership.released();
  expect(store.get('leases', 'spot-keeper-ci', 'spot')).toMatchObject({ spec: { holderIdentity: '' } });
});

it('tells events that the API server takes, about the objects that it has', async () => {
  const opened = await openLedger({
    ...{ kube: kube(), namespace: 'spot', fleet: 'ci', telemetry: silent, mayOpen: () => true },
    writer: { identity: 'keeper-a', term: 0 },
  });
  expect(opened.kind).toBe('ok');
  const node = store.put('nodes', { metadata: { name: 'ip-10-0-0-7.ec2.internal' } });
  const stop = new AbortController();
  const events = kubernetesEvents({
    ...{ kube: kube(), namespace: 'spot', fleet: 'ci', clock: systemClock, telemetry: silent, signal: stop.signal },
  });
  events.announce({ kind: 'pool', pool: 'ci' }, 'PolicyFault', 'x'.repeat(2_000), 'Warning');
  events.announce({ kind: 'node', name: node.metadata.name, uid: node.metadata.uid }, 'Draining', 'the lease ends');
  await comesTrue(() => {
    expect(store.list('events')).toHaveLength(2);
  });
  stop.abort();
  const ledger = store.get('configmaps', 'spot-keeper-ci', 'spot');
  expect(JSON.stringify(store.list('events'))).toContain(ledger?.metadata.uid);
});

const launch = (token: string, by: string) => ({ kind: 'launch', token, at: 1, intent: { by } }) as const;
