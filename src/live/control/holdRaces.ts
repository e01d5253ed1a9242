import type { Instant } from '../../domain/time.ts';
import { autoscalerWaitsUntil, isHeld, isOurs, type WaitingPod } from '../kubernetes/podDelay.ts';
import type { HoldResult } from '../observers/holdCounts.ts';

/** What is known of the hold of one job. */
type Race =
  /** It is to be held before this. */
  | { readonly is: 'open'; readonly endsAt: Instant }
  /** Its delay had ended before it was to be held. */
  | { readonly is: 'late' }
  | { readonly is: 'held' }
  /** Nothing more is counted of it. */
  | { readonly is: 'over' };

/** Follows the holds of one pool's jobs, from the first that is asked for to the end of the job's waiting, and tells each result once. */
export class HoldRaces {
  private races = new Map<string, Race>();
  private readonly fleet: string;
  private readonly tell: (result: HoldResult) => void;

  constructor(fleet: string, tell: (result: HoldResult) => void) {
    this.fleet = fleet;
    this.tell = tell;
  }

  /** The pods that wait, before anything is written; those in `toHold` bear no hold that lasts long enough. */
  look(pods: readonly WaitingPod[], toHold: ReadonlySet<string>, now: Instant): void {
    const races = new Map<string, Race>();
    for (const pod of pods) {
      const race = this.next(pod, toHold.has(pod.uid), now);
      if (race !== undefined) races.set(pod.uid, race);
    }
    this.races = races;
  }

  /** A hold was written. */
  held({ uid }: Pick<WaitingPod, 'uid'>, now: Instant): void {
    const race = this.races.get(uid);
    if (race?.is === 'open') this.tell(now < race.endsAt ? 'held' : 'lost');
    else if (race?.is === 'late') this.tell('late');
    else return;
    this.races.set(uid, { is: 'held' });
  }

  /** A hold was taken off. */
  released({ uid }: Pick<WaitingPod, 'uid'>): void {
    if (this.races.get(uid)?.is === 'held') this.tell('released');
    this.races.set(uid, { is: 'over' });
  }

  private next(pod: WaitingPod, isToHold: boolean, now: Instant): Race | undefined {
    const race = this.races.get(pod.uid);
    // What an earlier life held is this one's to follow, and not to count.
    const isHolding = isHeld(pod, this.fleet, now);
    switch (race?.is) {
      case undefined:
        if (isHolding) return { is: 'held' };
        if (!isToHold) return undefined;
        return now < autoscalerWaitsUntil(pod) ? { is: 'open', endsAt: autoscalerWaitsUntil(pod) } : { is: 'late' };
      case 'open':
        if (isHolding) return { is: 'held' };
        if (!isToHold) return undefined;
        if (now < race.endsAt) return race;
        this.tell('lost');
        return { is: 'over' };
      case 'held':
        if (isHolding || !isOurs(pod, this.fleet)) return race;
        this.tell('expired');
        return { is: 'over' };
      default:
        return race;
    }
  }
}
