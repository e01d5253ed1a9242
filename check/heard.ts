import { SETTLE_MS } from '../src/block/rules.ts';
import type { Effect } from '../src/domain/effects.ts';
import type { Fact } from '../src/domain/facts.ts';
import { ALWAYS, after, type Instant, NEVER } from '../src/domain/time.ts';

/** What a keeper heard and asked of one block, as far as promises about its end are judged by it. */
export interface Heard {
  /** Whether its node ever joined. */
  readonly joined: boolean;
  /** When it was first asked to take no more jobs; NEVER if it never was. */
  readonly closedAt: Instant;
  /** When a list first proved it empty; NEVER if none did. */
  readonly emptyAt: Instant;
  /** Jobs that ran there when it was last heard of. */
  readonly unfinished: ReadonlySet<string>;
}

/** Listens to the turns of a life. */
export interface Ear {
  /** `forgot`: the keeper began anew in this turn, and what it heard before proves nothing to it. */
  readonly turn: (fact: Fact, effects: readonly Effect[], forgot: boolean) => void;
  readonly of: (blockId: string) => Heard;
}

interface Notes {
  joined: boolean;
  closedAt: Instant;
  cordonedAt: Instant | undefined;
  emptyAt: Instant;
  seenAt: Instant;
  readonly unfinished: Set<string>;
}

export function anEar(): Ear {
  const notes = new Map<string, Notes>();
  const of = (blockId: string): Notes => {
    const known = notes.get(blockId);
    if (known !== undefined) return known;
    const fresh: Notes = {
      joined: false,
      closedAt: NEVER,
      cordonedAt: undefined,
      emptyAt: NEVER,
      seenAt: ALWAYS,
      unfinished: new Set(),
    };
    notes.set(blockId, fresh);
    return fresh;
  };

  return {
    turn(fact, effects, forgot) {
      if ('blockId' in fact) note(of(fact.blockId), fact);
      // The fact of this turn was lost on the keeper as well, though it happened.
      if (forgot) for (const one of notes.values()) Object.assign(one, { cordonedAt: undefined, emptyAt: NEVER });
      for (const effect of effects) {
        if (effect.type !== 'cordonNode') continue;
        const one = of(effect.blockId);
        one.closedAt = Math.min(one.closedAt, fact.at);
      }
    },
    of(blockId) {
      const { joined, closedAt, emptyAt, unfinished } = of(blockId);
      return { joined, closedAt, emptyAt, unfinished };
    },
  };
}

function note(of: Notes, fact: Fact): void {
  if (fact.type === 'node.emptied') {
    // Other pods have a time of their own to leave.
    if (
      (fact.leaving ?? []).length === 0 &&
      of.cordonedAt !== undefined &&
      fact.takenAt >= after(of.cordonedAt, SETTLE_MS)
    )
      of.emptyAt = Math.min(of.emptyAt, fact.at);
    return;
  }
  // A level that is older than one that was heard says nothing.
  if (fact.type !== 'node.seen' || fact.node === null || fact.takenAt < of.seenAt) return;
  of.seenAt = fact.takenAt;
  if (fact.node.ready) of.joined = true;
  if (fact.node.cordoned) of.cordonedAt ??= fact.at;
  if (fact.node.jobs === undefined) return;
  of.unfinished.clear();
  for (const { id, endedAt } of fact.node.jobs) if (endedAt === undefined) of.unfinished.add(id);
}
