import { setTimeout as pause } from 'node:timers/promises';
import { seconds } from '../../src/domain/time.ts';
import { type BigWorld, bigWorld } from './bigWorld.ts';
import type { Size } from './idle.ts';
import type { KeeperProcess } from './keeperProcess.ts';
import { runKeeper } from './runKeeper.ts';

/** Leaders die so often, each at another moment between two renewals of its Lease. */
const DEATHS = 3;

/** Until a keeper that was just started, or has just begun to lead, has come to rest. */
const SETTLING_MS = seconds(8);

/** Nobody waits longer for a new leader. */
const PATIENCE_MS = seconds(120);

/**
 * Two real keepers in real time: the leader gets SIGKILL in the moment in which a block is lost, which is to be bought anew. How long each
 * time until EC2 is asked for another, in seconds.
 */
export async function failovers(command: string, size: Size): Promise<readonly number[]> {
  const world = await bigWorld({ ...size, speed: 1 });
  const living: KeeperProcess[] = [];
  try {
    living.push(await runKeeper(command, world));
    await pause(SETTLING_MS);
    const found: number[] = [];
    for (let death = 0; death < DEATHS; death += 1) {
      living.push(await runKeeper(command, world));
      await pause(SETTLING_MS + death * seconds(1));
      found.push(await afterDeath(world, living));
      await pause(SETTLING_MS);
    }
    return found;
  } finally {
    await Promise.all(living.map((keeper) => keeper.stop()));
    await world.close();
  }
}

/** Kills the first of them, which leads. */
async function afterDeath(world: BigWorld, living: KeeperProcess[]): Promise<number> {
  const leader = living.shift();
  if (leader === undefined || (await leader.metric('spotkeeper_leader')) !== 1)
    throw new Error('the first keeper does not lead');
  const launches = (): number => world.aws.calls.get('RunInstances') ?? 0;
  const before = launches();
  const diedAt = performance.now();
  await leader.kill();
  world.loseBlock();
  while (launches() === before) {
    if (performance.now() - diedAt > PATIENCE_MS) throw new Error('nobody acts after the death of the leader');
    await pause(10);
  }
  return (performance.now() - diedAt) / seconds(1);
}
