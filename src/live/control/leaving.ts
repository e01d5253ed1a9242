import { after, earliest, type Instant, type Millis, minutes, NEVER, seconds } from '../../domain/time.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { mayBeAsked } from '../kubernetes/evict.ts';
import type { SeenPod } from '../kubernetes/pods.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';

/** As kubectl does after a disruption budget has said no; then less and less often. */
const AGAIN_MS: Millis = seconds(5);
const LONGEST_MS: Millis = minutes(1);

/** The other pods of one block that drains: each is asked to leave for as long as the block drains here. */
export interface Leaving {
  /** Asks those whose time has come. Returns when the next is due. */
  ask(pods: readonly SeenPod[]): Promise<Instant>;
  /** Those that a list showed last, with what was said to the last request: `ns/name (the budget web allows none)`. */
  told(): readonly string[];
}

export interface LeavingPorts {
  readonly cluster: Pick<Cluster, 'evict'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Whether a pod may be asked now: the block still drains, this keeper leads, and nobody holds the node. */
  readonly mayAsk: () => boolean;
}

interface Asked {
  readonly times: number;
  readonly nextAt: Instant;
  readonly why: string;
}

export function openLeaving(blockId: string, { cluster, clock, telemetry, mayAsk }: LeavingPorts): Leaving {
  const asked = new Map<string, Asked>();
  let there: readonly SeenPod[] = [];

  return {
    async ask(pods) {
      there = pods;
      for (const pod of pods) {
        if (!mayBeAsked(pod) || clock.now() < (asked.get(pod.uid)?.nextAt ?? clock.now())) continue;
        if (!mayAsk()) break;
        asked.set(pod.uid, await askOne(pod, asked.get(pod.uid)?.times ?? 0));
      }
      return pods.reduce((next, { uid }) => earliest(next, asked.get(uid)?.nextAt ?? NEVER), NEVER);
    },
    told: () =>
      there.map(({ uid, namespace, name, terminating }) => {
        const why = terminating ? 'its grace is not over' : (asked.get(uid)?.why ?? 'not asked yet');
        return `${namespace}/${name} (${why})`;
      }),
  };

  /** Each request is answered in the log: accepted, or refused and why. What is refused again for the same reason is not told again. */
  async function askOne(pod: SeenPod, times: number): Promise<Asked> {
    const { uid, namespace, name } = pod;
    const of = { blockId, namespace, pod: name, rule: pod.role.rule, controller: pod.controller };
    const answer = await cluster.evict(pod);
    const now = clock.now();
    if (answer.kind === 'ok') {
      telemetry.noted('info', 'a pod was asked to leave', of);
      return { times: 0, nextAt: after(now, LONGEST_MS), why: 'it was evicted, and is still there' };
    }
    const why = answer.code === 429 ? `refused for now: ${answer.message}` : `${answer.class}: ${answer.message}`;
    if (asked.get(uid)?.why !== why) telemetry.noted('warn', 'a pod cannot leave', { ...of, code: answer.code, why });
    const waitMs = Math.max(
      Math.min(AGAIN_MS * 2 ** times, LONGEST_MS),
      Math.min(answer.retryAfterMs ?? 0, LONGEST_MS),
    );
    return { times: times + 1, nextAt: after(now, waitMs), why };
  }
}
