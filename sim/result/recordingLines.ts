import type { Effect } from '../../src/domain/effects.ts';
import type { Fact } from '../../src/domain/facts.ts';
import type { Instant } from '../../src/domain/time.ts';
import { type Condition, lineOfCondition, lineOfTurn } from '../../src/world/recording.ts';

/** Collects a run's turns and puts them among the conditions, in order of time: all lines of a recording but its header. */
export class RecordingLines {
  private readonly turns: { readonly at: Instant; readonly line: string }[] = [];

  readonly turn = (fact: Fact, effects: readonly Effect[]): void => {
    this.turns.push({ at: fact.at, line: lineOfTurn(fact, effects) });
  };

  /** A condition comes before the turn of the same instant: the world was so when the turn was made. */
  among(conditions: readonly Condition[]): readonly string[] {
    const lines: string[] = [];
    let next = 0;
    for (const { at, line } of this.turns) {
      for (
        let condition = conditions[next];
        condition !== undefined && condition.at <= at;
        condition = conditions[++next]
      )
        lines.push(lineOfCondition(condition));
      lines.push(line);
    }
    return [...lines, ...conditions.slice(next).map(lineOfCondition)];
  }
}
