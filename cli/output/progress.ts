import { lengthText } from '../../report/figures.ts';

/** Long work that says how far it is. */
export interface Progress {
  /** So many more are done; one without an argument. */
  readonly advance: (done?: number) => void;
  /** The work is over, or given up: the line is taken away. */
  readonly end: () => void;
}

export interface ProgressOptions {
  /** What is counted, in the plural: `weeks`. */
  readonly label: string;
  /** How many there are to do; without, there is a rate but no end in sight. */
  readonly total?: number;
  /** Milliseconds on a clock that only moves forward; the process's own without. */
  readonly clock?: () => number;
}

/** The line is drawn again after this long at the earliest: drawing must not be the work. */
const REDRAW_MS = 100;

const ERASE = '\r\u001B[K';

/** Progress as one line on a terminal, with a rate and the time still to go; on anything else nothing is written. */
export function progressOn(
  stream: { readonly isTTY?: boolean; readonly write: (text: string) => unknown },
  { label, total, clock = () => performance.now() }: ProgressOptions,
): Progress {
  if (stream.isTTY !== true) return { advance: () => undefined, end: () => undefined };
  const startedAt = clock();
  let done = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const draw = (): void => {
    const now = clock();
    if (now - drawnAt < REDRAW_MS) return;
    drawnAt = now;
    stream.write(ERASE + lineOf(label, done, total, now - startedAt));
  };
  draw();
  return {
    advance: (count = 1) => {
      done += count;
      draw();
    },
    end: () => {
      stream.write(ERASE);
    },
  };
}

/** `weeks 3/12  0.8/s  8s to go`: the rate is that of the whole time so far. */
function lineOf(label: string, done: number, total: number | undefined, elapsedMs: number): string {
  const counted = total === undefined ? `${label} ${done}` : `${label} ${done}/${total}`;
  if (done === 0 || elapsedMs <= 0) return counted;
  const perSecond = (done / elapsedMs) * 1_000;
  const rate = perSecond >= 0.1 ? `${perSecond.toFixed(1)}/s` : `${(perSecond * 60).toFixed(1)}/min`;
  const left = total === undefined ? 0 : Math.max(0, total - done);
  // Below a second nobody waits.
  const toGo = left === 0 ? '' : `  ${lengthText(Math.ceil(left / perSecond) * 1_000)} to go`;
  return `${counted}  ${rate}${toGo}`;
}
