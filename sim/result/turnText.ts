import type { Effect } from '../../src/domain/effects.ts';
import type { Fact, FactOf, JobSeen, NodeSeen, Workload } from '../../src/domain/facts.ts';
import { NEVER } from '../../src/domain/time.ts';
import type { Lease } from '../../src/domain/words.ts';
import { lineOfTurn } from '../../src/world/recording.ts';
import { Texts } from './texts.ts';

/**
 * Turns as their lines in a recording. Those that most turns of a simulated world are of are written field by field, in the order in
 * which that world and the keeper have them: a digest takes two thirds of the time for that. `JSON.stringify` writes all
 * others. A test holds the two together.
 */
export class TurnText {
  private readonly texts = new Texts();
  private onBlocks: Workload['onBlocks'] | undefined;
  private onBlocksText = '';

  line(fact: Fact, effects: readonly Effect[]): string {
    const known = this.fact(fact);
    if (known === undefined) return lineOfTurn(fact, effects);
    if (effects.length === 0) return `{"fact":${known},"at":${this.texts.instant(fact.at)}},"effects":[]}`;
    let text = '';
    for (const effect of effects) text += (text === '' ? '' : ',') + this.effect(effect);
    return `{"fact":${known},"at":${this.texts.instant(fact.at)}},"effects":[${text}]}`;
  }

  /** All of a fact but its instant, which comes last; undefined for one that is written by `JSON.stringify`. */
  private fact(fact: Fact): string | undefined {
    const { texts } = this;
    switch (fact.type) {
      case 'clock.reached':
        return '{"type":"clock.reached"';
      case 'node.seen':
        return this.nodeSeen(fact);
      case 'workload.observed':
        return `{"type":"workload.observed","pool":${texts.name(fact.pool)},"takenAt":${texts.instant(fact.takenAt)},"workload":${fact.workload === null ? 'null' : this.workload(fact.workload)}`;
      case 'capacity.granted':
        if (fact.lease.hardEndAt !== NEVER) return undefined;
        return `{"type":"capacity.granted","blockId":${texts.name(fact.blockId)},"token":${JSON.stringify(fact.token)},"lease":${this.lease(fact.lease)}`;
      case 'node.emptied':
        if (fact.leaving !== undefined) return undefined;
        return `{"type":"node.emptied","blockId":${texts.name(fact.blockId)},"takenAt":${texts.instant(fact.takenAt)}`;
      case 'instance.gone':
        return `{"type":"instance.gone","blockId":${texts.name(fact.blockId)},"cause":"${fact.cause}"`;
      default:
        return undefined;
    }
  }

  private nodeSeen({ blockId, takenAt, node }: FactOf<'node.seen'>): string | undefined {
    const shown = node === null ? 'null' : this.node(node);
    if (shown === undefined) return undefined;
    const { texts } = this;
    return `{"type":"node.seen","blockId":${texts.name(blockId)},"takenAt":${texts.instant(takenAt)},"node":${shown}`;
  }

  private node({ name, ready, unreadySince, cordoned, marks, jobs }: NodeSeen): string | undefined {
    // A simulated world never says since when, and leaves the jobs out only where a node is not ready.
    if (unreadySince !== undefined || jobs === undefined) return undefined;
    const { texts } = this;
    let shown = '';
    for (const job of jobs) shown += (shown === '' ? '' : ',') + this.job(job);
    return `{"name":${texts.name(name)},"ready":${ready},"cordoned":${cordoned},"marks":${texts.json(marks)},"jobs":[${shown}]}`;
  }

  private job({ id, startedAt, endedAt }: JobSeen): string {
    const { texts } = this;
    const text = `{"id":${texts.name(id)},"startedAt":${texts.instant(startedAt)}`;
    return endedAt === undefined ? `${text}}` : `${text},"endedAt":${texts.instant(endedAt)}}`;
  }

  private workload({ waiting, waitingSince, onBlocks, held, overflow, arrived, jobsPerBlock }: Workload): string {
    const since = waitingSince === undefined ? '' : `"waitingSince":${this.texts.instant(waitingSince)},`;
    return `{"waiting":${waiting},${since}"onBlocks":${this.counts(onBlocks)},"held":${held},"overflow":${overflow},"arrived":${arrived},"jobsPerBlock":${jobsPerBlock}}`;
  }

  /** They are often the same as before. */
  private counts(onBlocks: Workload['onBlocks']): string {
    if (onBlocks === this.onBlocks) return this.onBlocksText;
    let text = '';
    for (const id in onBlocks) text += `${text === '' ? '{' : ','}${this.texts.name(id)}:${onBlocks[id]!}`;
    this.onBlocks = onBlocks;
    this.onBlocksText = text === '' ? '{}' : `${text}}`;
    return this.onBlocksText;
  }

  private lease({ instanceId, offer, startsAt, expiresAt }: Lease): string {
    const { texts } = this;
    return `{"instanceId":${JSON.stringify(instanceId)},"offer":${JSON.stringify(offer)},"startsAt":${texts.instant(startsAt)},"expiresAt":${texts.instant(expiresAt)},"hardEndAt":"never"}`;
  }

  private effect(effect: Effect): string {
    const { texts } = this;
    switch (effect.type) {
      case 'requestCapacity':
        return `{"type":"requestCapacity","blockId":${texts.name(effect.blockId)},"token":${JSON.stringify(effect.token)},"offer":${texts.json(effect.offer)}}`;
      case 'terminateInstance':
        return `{"type":"terminateInstance","blockId":${texts.name(effect.blockId)},"instanceId":${JSON.stringify(effect.instanceId)}}`;
      case 'cordonNode':
        return `{"type":"cordonNode","blockId":${texts.name(effect.blockId)},"node":${texts.name(effect.node)}}`;
      case 'holdJobs': {
        let holds = '';
        for (const { jobs, until } of effect.holds)
          holds += `${holds === '' ? '' : ','}{"jobs":${jobs},"until":${texts.instant(until)}}`;
        return `{"type":"holdJobs","pool":${texts.name(effect.pool)},"holds":[${holds}],"mostMs":${effect.mostMs}${effect.boughtMs === undefined ? '' : `,"boughtMs":${effect.boughtMs}`}}`;
      }
      default:
        return JSON.stringify(effect);
    }
  }
}
