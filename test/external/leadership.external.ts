import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { minutes, seconds } from '../../src/domain/time.ts';
import { type Leadership, lead } from '../../src/live/kubernetes/election/leadership.ts';
import { type Kube, kubeClient } from '../../src/live/kubernetes/kubeClient.ts';
import { type Ledger, openLedger } from '../../src/live/kubernetes/ledger/ledger.ts';
import { ledgerNameOf } from '../../src/live/kubernetes/ledger/ledgerObject.ts';
import { kubernetesEvents } from '../../src/live/observers/kubernetesEvents.ts';
import { systemClock } from '../../src/live/ports/clock.ts';
import { silent } from '../../src/live/ports/telemetry.ts';
import { type ACluster, aCluster, PATIENT } from './aCluster.ts';
import { targets } from './targets.ts';

const { kubeconfig = '' } = targets();
const FLEET = 'external';

/** Nobody's lease ends here but by being let go, however busy the machine is. */
const UNHURRIED = { leaseMs: minutes(5), renewMs: minutes(4), callMs: seconds(30), retryMs: 200 };

describe.skipIf(kubeconfig === '')('leadership and the ledger, behind a real API server', () => {
  let world: ACluster;
  const stops: AbortController[] = [];

  beforeAll(async () => {
    world = await aCluster(kubeconfig);
  });
  afterAll(() => world.close());
  afterEach(() => {
    for (const stop of stops.splice(0)) stop.abort();
  });

  const ownKube = (): Kube => kubeClient({ telemetry: silent, config: world.kube.config });

  function candidate(identity: string): { readonly leadership: Leadership; readonly stop: AbortController } {
    const stop = new AbortController();
    stops.push(stop);
    const { namespace } = world;
    const leadership = lead(
      {
        ...{ kube: ownKube(), namespace, name: `spot-keeper-${FLEET}`, identity, telemetry: silent },
        ...{ signal: stop.signal, durations: UNHURRIED },
      },
      { leading: () => undefined, lost: () => undefined },
    );
    return { leadership, stop };
  }

  async function ledgerOf(identity: string, term: number): Promise<Ledger> {
    const place = { kube: ownKube(), namespace: world.namespace, fleet: FLEET, telemetry: silent };
    const opened = await openLedger({ ...place, writer: { identity, term }, mayOpen: () => true });
    if (opened.kind === 'failed') throw new Error(opened.message);
    return opened.value;
  }

  it('is one candidate’s until it lets go, then the other’s in a later term', async () => {
    const first = candidate('keeper-a');
    await vi.waitFor(() => {
      expect(first.leadership.tenure).toBeDefined();
    }, PATIENT);
    const second = candidate('keeper-b');
    await vi.waitFor(() => {
      expect(second.leadership.holder).toBe('keeper-a');
    }, PATIENT);
    expect(second.leadership.mayMutate()).toBe(false);
    const term = first.leadership.tenure ?? Number.NaN;

    first.stop.abort();
    await first.leadership.released();
    await vi.waitFor(() => {
      expect(second.leadership.tenure).toBeGreaterThan(term);
      expect(second.leadership.mayMutate()).toBe(true);
    }, PATIENT);
  });

  it('shuts the one before out as soon as another opens the ledger, and loses none of its intents', async () => {
    const first = await ledgerOf('keeper-a', 1);
    const launch = { kind: 'launch', at: systemClock.now(), intent: { subnet: 'a' } } as const;
    expect(await first.intend([{ ...launch, token: 'ci-0.1.1' }])).toBe('written');

    const second = await ledgerOf('keeper-b', 2);
    expect(second.state).toMatchObject({ generations: { 'ci-0': 1 }, launches: { 'ci-0.1.1': { subnet: 'a' } } });
    expect(await first.intend([{ ...launch, token: 'ci-1.1.1' }])).toEqual({ fenced: true });
    expect(await second.intend([{ ...launch, token: 'ci-1.1.1' }])).toBe('written');

    second.settle(['ci-0.1.1', 'ci-1.1.1']);
    expect(await second.flush()).toBe('written');
    const third = await ledgerOf('keeper-c', 3);
    expect(third.state).toMatchObject({ generations: { 'ci-0': 1, 'ci-1': 1 }, launches: {} });
  });

  it('tells people of its pools in Events, once for what repeats', async () => {
    await ledgerOf('keeper-d', 4);
    const { namespace } = world;
    const stop = new AbortController();
    stops.push(stop);
    const events = kubernetesEvents({
      ...{ kube: ownKube(), namespace, fleet: FLEET, clock: systemClock, telemetry: silent, signal: stop.signal },
      instance: 'keeper-d',
    });
    events.announce({ kind: 'pool', pool: 'ci' }, 'ReliefWaits', 'no block can be relieved', 'Warning');
    events.announce({ kind: 'pool', pool: 'ci' }, 'ReliefWaits', 'no block can be relieved', 'Warning');
    events.announce({ kind: 'pool', pool: 'ci' }, 'Done', 'one block was relieved');
    await vi.waitFor(async () => {
      const { items } = await world.kube.events.listNamespacedEvent({ namespace });
      const about = items.filter(({ regarding }) => regarding?.name === ledgerNameOf(FLEET));
      expect(about.map(({ reason, type }) => [reason, type]).sort()).toEqual([
        ['Done', 'Normal'],
        ['ReliefWaits', 'Warning'],
      ]);
    }, PATIENT);
  });
});
