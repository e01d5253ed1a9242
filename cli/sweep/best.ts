import type { SweepLine } from './runSweep.ts';

/** A setting and what it came to on average over its runs. */
export interface Ranked {
  readonly settings: string;
  readonly runs: number;
  readonly money: number;
  readonly kills: number;
  readonly waitP95Ms: number;
  readonly together: number;
}

/** Finds the best settings while lines go by, each line once and in order; keeps no more than it shows. */
export interface Best {
  readonly see: (line: string) => void;
  readonly ranked: () => readonly Ranked[];
}

export function bestOfLines(most: number): Best {
  let best: readonly Ranked[] = [];
  let present: { readonly settings: string; readonly lines: SweepLine[] } | undefined;
  const close = (): void => {
    if (present === undefined) return;
    best = [...best, rankedOf(present.settings, present.lines)]
      .toSorted((a, b) => a.together - b.together)
      .slice(0, most);
    present = undefined;
  };
  return {
    see: (text) => {
      // Known: written by this program, and held against its run.
      const line = JSON.parse(text) as SweepLine;
      const settings = JSON.stringify(line.settings);
      if (present?.settings !== settings) close();
      present ??= { settings, lines: [] };
      present.lines.push(line);
    },
    ranked: () => {
      close();
      return best;
    },
  };
}

function rankedOf(settings: string, lines: readonly SweepLine[]): Ranked {
  const mean = (of: (line: SweepLine) => number): number =>
    lines.reduce((sum, line) => sum + of(line), 0) / lines.length;
  return {
    settings,
    runs: lines.length,
    money: mean(({ cost }) => cost.total),
    kills: mean(({ jobs }) => jobs.killed),
    waitP95Ms: mean(({ jobs }) => jobs.waitMs.p95),
    together: mean(({ cost }) => cost.together),
  };
}
