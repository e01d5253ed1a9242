import type { Figures } from '../result/figures.ts';
import type { Advice, Means } from './advice.ts';
import type { Candidate } from './search.ts';

/** People compare a dozen at most. */
const MOST = 12;

/** Candidates that no other beats in money, kills and waiting at once, by money; only those that saw so many cases. */
export function frontOf(
  candidates: readonly Candidate[],
  cases: number,
  meansOf: (runs: readonly Figures[]) => Means,
): Advice['front'] {
  const all = candidates
    .filter(({ runs }) => runs.length >= cases)
    .map(({ choices, runs }) => ({ choices, runs: cases, means: meansOf(runs.slice(0, cases)) }));
  const front = all.filter(({ means }, index) => !all.some((other, place) => beats(other.means, means, place < index)));
  const byMoney = front.toSorted((a, b) => a.means.money - b.means.money);
  if (byMoney.length <= MOST) return byMoney;
  // The two ends, and others evenly between them.
  return Array.from({ length: MOST }, (_, n) => byMoney[Math.round((n * (byMoney.length - 1)) / (MOST - 1))]!);
}

/** No worse in anything, and better in something; of equals the one that comes first. */
function beats(one: Means, other: Means, isFirst: boolean): boolean {
  const [a, b] = [axes(one), axes(other)];
  if (a.some((value, axis) => value > (b[axis] ?? 0))) return false;
  return isFirst || a.some((value, axis) => value < (b[axis] ?? 0));
}

const axes = ({ money, kills, queuedMeanMs }: Means): readonly number[] => [money, kills, queuedMeanMs];
