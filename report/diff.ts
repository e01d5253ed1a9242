/** Lines around a change that are shown with it. */
const CONTEXT = 2;

/** What differs between two texts, line by line, as `diff -u` shows it, without line numbers; empty where nothing does. */
export function diffText(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const lines = aligned(a, b);
  const isNear = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ mark }) => mark !== ' '),
  );
  return lines
    .flatMap(({ mark, line }, index) => {
      if (isNear[index] === true) return [`${mark}${line}`];
      return isNear[index + 1] === true && index > 0 ? ['…'] : [];
    })
    .join('\n');
}

interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly line: string;
}

/** By the longest common subsequence: files of pools are short. */
function aligned(a: readonly string[], b: readonly string[]): readonly Line[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i]![j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ mark: ' ', line: a[i] ?? '' });
      i += 1;
      j += 1;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ mark: '-', line: a[i] ?? '' });
      i += 1;
    } else {
      lines.push({ mark: '+', line: b[j] ?? '' });
      j += 1;
    }
  }
  return lines;
}
