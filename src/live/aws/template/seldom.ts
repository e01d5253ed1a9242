import { after, type Instant, type Millis } from '../../../domain/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Answer } from '../calls/answer.ts';

/** Asks AWS, or gives what it said to the question of that name not long ago. */
export type Seldom = <Value>(question: string, ask: () => Promise<Answer<Value>>) => Promise<Answer<Value>>;

/** Asks every time. */
export const always: Seldom = (_, ask) => ask();

/**
 * Keeps what was said of what people change once in years, for so long: each launch reads its template anew, and need not ask for these
 * again. A refusal for want of a permission is kept too; what may pass soon is asked again.
 */
export function seldom(clock: Pick<Clock, 'now'>, keptMs: Millis): Seldom {
  const kept = new Map<string, { readonly answer: Answer<unknown>; readonly until: Instant }>();
  return async <Value>(question: string, ask: () => Promise<Answer<Value>>): Promise<Answer<Value>> => {
    const known = kept.get(question);
    // One question has one kind of answer: its name is given where it is asked.
    if (known !== undefined && clock.now() < known.until) return known.answer as Answer<Value>;
    const answer = await ask();
    if (answer.kind === 'ok' || answer.class === 'auth')
      kept.set(question, { answer, until: after(clock.now(), keptMs) });
    else kept.delete(question);
    return answer;
  };
}
