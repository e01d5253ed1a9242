import type { Outcome } from '../sim/outcome.ts';
import { savingOf } from '../sim/result/verdicts.ts';
import { percentText } from './figures.ts';

/** What a run costs against another, as a plain sentence without its full stop: also when it costs more. */
export function savingText(outcome: Outcome, other: Outcome, name: string): string {
  if (other.cost.total === 0)
    return outcome.cost.total === 0 ? `costs nothing, as does ${name}` : `costs money where ${name} costs nothing`;
  const saving = savingOf(outcome, other);
  const share = percentText(Math.abs(saving));
  if (share === percentText(0)) return `costs the same as ${name}`;
  return saving > 0 ? `saves ${share} against ${name}` : `costs ${share} more than ${name}`;
}
