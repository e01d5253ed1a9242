import type { WireWorld } from '../../fakes/wireWorld.ts';
import type { Instant } from '../../src/domain/time.ts';
import type { HandledElection } from './electionTime.ts';
import { stillness } from './stillness.ts';
import type { VirtualClock } from './virtualClock.ts';
import type { WireKeeper } from './wireKeeper.ts';

/**
 * Lets the world go on to whatever comes next in it, for a keeper, for an election or for the test, which says how far it may go: when
 * the next thing happens hangs on chance. Undefined at its end.
 */
export async function advanced(
  world: WireWorld,
  clock: VirtualClock,
  election: HandledElection,
  by: Instant,
): Promise<Instant | undefined> {
  const next = Math.min(clock.nextAt(), election.nextAt(), by);
  const now = await world.advance(Math.max(next, world.now() + 1));
  clock.ring();
  election.ring();
  return now;
}

/** Resolves when nothing has moved for a while of the event loop: whatever still waits, waits for time. */
export function quiet(world: WireWorld, keepers: readonly WireKeeper[]): Promise<void> {
  const state = (): string =>
    [
      ...keepers.map((keeper) => keeper.state()),
      ...[world.aws.open, world.aws.held, world.kubernetes.watchEventsSent, world.store.resourceVersion],
      ...[...world.aws.calls.values(), ...world.kubernetes.calls.values()],
    ].join();
  return stillness(state, () => world.aws.open > world.aws.held + keepers.length);
}
