import { getHeapStatistics } from 'node:v8';

/** What a run allocated, and in how many turns. */
export interface Allocated<Outcome> {
  readonly outcome: Outcome;
  readonly bytes: number;
  readonly turns: number;
}

/**
 * Counts what a run allocates, turn by turn: the heap only shrinks where garbage is collected, and that turn is left out. What the
 * counting itself allocates is taken off. CPU time is not counted meanwhile: looking at the heap costs more than a turn.
 */
export async function allocatedIn<Outcome>(run: (turn: () => void) => Promise<Outcome>): Promise<Allocated<Outcome>> {
  const overhead = bytesOfALook();
  let bytes = 0;
  let turns = 0;
  let counted = 0;
  let before = used();
  const outcome = await run(() => {
    const now = used();
    turns += 1;
    if (now >= before) {
      bytes += now - before - overhead;
      counted += 1;
    }
    before = now;
  });
  return { outcome, bytes: counted === 0 ? Number.NaN : (bytes / counted) * turns, turns };
}

const used = (): number => getHeapStatistics().used_heap_size;

function bytesOfALook(): number {
  const grown: number[] = [];
  let before = used();
  for (let look = 0; look < 1_000; look += 1) {
    const now = used();
    if (now >= before) grown.push(now - before);
    before = now;
  }
  return grown.reduce((sum, one) => sum + one, 0) / Math.max(1, grown.length);
}
