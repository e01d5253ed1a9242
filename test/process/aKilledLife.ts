import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { KEEPER_NAMESPACE } from '../../fakes/names.ts';
import { wireWorld } from '../../fakes/wireWorld.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { type Instant, isoOf, minutes, NEVER, seconds } from '../../src/domain/time.ts';
import { type AKeeper, aKeeper } from '../external/aKeeper.ts';
import { aPoolConfig, aScenario, MONDAY } from '../support/aScenario.ts';
import { doors, type Phase } from '../support/door.ts';

/** What came of a life in which the process was killed once and started again, or not at all. */
export interface KilledLife {
  /** Every change that reached a door, in order. */
  readonly changes: readonly string[];
  readonly launchedTwice: readonly string[];
  /** Instances that nobody knew of for more than 90 real seconds after the death. */
  readonly orphans: readonly string[];
  readonly killedJobs: number;
  /** Blocks that were had, and what is left of them at the end. */
  readonly blocks: number;
  readonly aliveAtTheEnd: readonly string[];
  readonly nodesAtTheEnd: number;
  readonly jobsStarted: number;
}

/** Simulated seconds in a real one: slow enough that a start and an election are over within minutes of the simulated day. */
const SPEED = 10;
const ORPHAN_MS = seconds(90);
const STEP_MS = 20;

/** A block from 8:02 to 8:12, two jobs on it, and time for a late successor to end it. */
const OPENS = MONDAY + minutes(8 * 60 + 2);
const CLOSES = OPENS + minutes(10);
const scenario: Scenario = aScenario({
  from: OPENS - minutes(2),
  until: CLOSES + minutes(15),
  pools: { fleet: 'test', pools: [aPoolConfig({ zones: ['us-east-1a'] })] },
  jobs: [3, 8.5].map((minute, index) => ({
    ...{ job: `job-${index}`, queuedAt: OPENS + minutes(minute), durationMs: minutes(2.5) },
  })),
});

const POOLS = `version: 1
fleet: test
pools:
  - name: ci
    template: { autoScalingGroup: ci-on-demand }
    instanceTypes: [m5.2xlarge]
    zones: [us-east-1a]
    lease: { term: spot, duration: 1h }
    operatingHours:
      policy: weekly
      zone: UTC
      windows: [{ days: daily, from: "${isoOf(OPENS).slice(11, 16)}", to: "${isoOf(CLOSES).slice(11, 16)}", blocks: 1 }]
live:
  onDemandUsdPerHour: { m5.2xlarge: 0.4 }
`;

/** Lets the real process live through the day in real time; at change number `at` it is sent SIGKILL, and started again. */
export async function killedLife(dies?: { readonly at: number; readonly phase: Phase }): Promise<KilledLife> {
  const world = await wireWorld(scenario);
  const folder = mkdtempSync(join(tmpdir(), 'spot-keeper-killed-'));
  let keeper: AKeeper | undefined;
  let diedAt: number | undefined;
  const through = await doors([world.aws.url, world.kubernetes.url], dies, () => {
    diedAt = Date.now();
    keeper?.kill();
  });
  const pools = join(folder, 'pools.yaml');
  writeFileSync(pools, POOLS);
  const since = Date.now();
  const started = (awsUrl: string, kubeUrl: string): Promise<AKeeper> => {
    const kubeconfig = join(folder, 'kubeconfig.yaml');
    writeFileSync(kubeconfig, world.kubernetes.kubeconfig().replaceAll(world.kubernetes.url, kubeUrl));
    return aKeeper({
      ...{ pools, kubeconfig, namespace: KEEPER_NAMESPACE, clock: `${isoOf(scenario.from)}@${SPEED}@${since}` },
      environment: {
        ...{ AWS_ENDPOINT_URL: awsUrl, AWS_REGION: world.account.region },
        ...{ AWS_ACCESS_KEY_ID: 'rehearsal', AWS_SECRET_ACCESS_KEY: 'rehearsal' },
      },
    });
  };
  const living = live();
  try {
    const [awsUrl = '', kubeUrl = ''] = through.urls;
    // One that dies while it starts has started all the same.
    keeper = await started(awsUrl, kubeUrl).catch(() => undefined);
    if (diedAt !== undefined) keeper?.kill();
    const orphans = new Set<string>();
    for (let restarted = false; ; ) {
      if (await Promise.race([living.then(() => true), pause(500, false)])) break;
      if (diedAt === undefined) continue;
      if (!restarted) {
        restarted = true;
        keeper = await started(world.aws.url, world.kubernetes.url);
      }
      if (Date.now() < diedAt + ORPHAN_MS) continue;
      const known = new Set((await keeper?.blocks())?.map(({ instanceId }) => instanceId));
      for (const { instance } of world.truth().instances)
        if (instance.endedAt === NEVER && !known.has(instance.lease.instanceId)) orphans.add(instance.blockId);
    }
    const { instances, kills, jobs } = world.truth();
    const alive = instances.filter(({ instance }) => instance.endedAt > scenario.until);
    return {
      changes: through.passed.map(({ what }) => what),
      launchedTwice: [...world.launched].filter(([, count]) => count > 1).map(([token]) => token),
      orphans: [...orphans],
      killedJobs: kills.length,
      blocks: instances.length,
      aliveAtTheEnd: alive.map(({ instance }) => instance.blockId),
      nodesAtTheEnd: world.store.list('nodes').length,
      jobsStarted: jobs.filter(({ startedAt }) => startedAt !== undefined).length,
    };
  } finally {
    world.account.wakePolls();
    await keeper?.stop();
    await through.close();
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }

  async function live(): Promise<void> {
    let reached: Instant = scenario.from;
    for (;;) {
      const target = scenario.from + (Date.now() - since) * SPEED;
      while (reached < target) {
        const next = await world.advance(target);
        if (next === undefined) return;
        reached = next;
      }
      await pause(STEP_MS);
    }
  }
}
