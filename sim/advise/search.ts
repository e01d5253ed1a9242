import { draws as drawsOf } from '../chance/draw.ts';
import type { Figures } from '../result/figures.ts';
import { excessOf, type Limit } from './limits.ts';
import { type Choices, drawnValue, keyOf, nextValue, type Space } from './space.ts';

/** A week with a seed. */
export interface Case {
  readonly week: number;
  readonly seed: number;
}

/** Choices and what they came to, in the order of the cases. */
export interface Candidate {
  readonly choices: Choices;
  readonly runs: readonly Figures[];
}

export interface SearchQuestion {
  readonly space: Space;
  /** Tried first: the pools as they are, what `init` writes, and what is known to suit such weeks. */
  readonly starts: readonly Choices[];
  /** Those that choices are chosen on; all settings see the same ones, and the same luck. */
  readonly cases: readonly Case[];
  /** How many distinct settings are tried, each on the first case at least; asked once the starts were seen. */
  readonly settings: number | (() => number);
  /** On how many of the cases a setting is seen at most; asked once the starts were seen on the first. All if left out. */
  readonly seenOn?: () => number;
  readonly limits: readonly Limit[];
  readonly run: (choices: Choices, at: Case) => Promise<Figures>;
}

/** Cases that a setting must have seen to be refined, or to be on the front. */
export const SEEN = 4;

const ROUNDS = 3;

/**
 * Successive halving, then refinement around the best: many settings on one case, a tenth of them on four, the neighbours of the best
 * in three rounds, and a fiftieth on all. Every draw is a question of its own, so that the result does not depend on how many threads run.
 */
export async function search(question: SearchQuestion): Promise<readonly Candidate[]> {
  const { space, limits, run } = question;
  const starts = [...new Map(question.starts.map((start) => [keyOf(start), start])).values()];
  const draws = drawsOf(1);
  const tried = new Map<string, Candidate>();
  let settings = 0;
  const share = (part: number): number => Math.max(starts.length + 2, Math.ceil(settings * part));

  const seen = async (all: readonly Choices[], count: number): Promise<void> => {
    await Promise.all(
      all.map(async (choices) => {
        const before = tried.get(keyOf(choices))?.runs ?? [];
        const more = await Promise.all(question.cases.slice(before.length, count).map((at) => run(choices, at)));
        tried.set(keyOf(choices), { choices, runs: [...before, ...more] });
      }),
    );
  };
  const best = (count: number, cases: number): readonly Choices[] =>
    ranked(
      [...tried.values()].filter(({ runs }) => runs.length >= cases),
      limits,
      cases,
    )
      .slice(0, count)
      .map(({ choices }) => choices);

  await seen(starts, 1);
  const cases = question.cases.slice(0, question.seenOn?.());
  const several = Math.min(SEEN, cases.length);
  await seen(starts, several);
  settings = typeof question.settings === 'number' ? question.settings : question.settings();
  const screened = Math.max(starts.length, Math.floor(settings * 0.55));
  await seen(
    fresh(screened - starts.length, (n) => scattered(n)),
    1,
  );
  await seen(best(share(0.1), 1), several);
  for (let round = 0; round < ROUNDS; round += 1) {
    const parents = best(8, several);
    const left = Math.floor((settings - tried.size) / (ROUNDS - round));
    const children = fresh(left, (n) => beside(parents[n % parents.length] ?? {}, `${round} ${n}`));
    await seen(children, 1);
    const keys = new Set(children.map(keyOf));
    const good = ranked(
      [...tried.values()].filter(({ choices }) => keys.has(keyOf(choices))),
      limits,
      1,
    );
    await seen(
      good.slice(0, share(0.02)).map(({ choices }) => choices),
      several,
    );
  }
  await seen(best(share(0.02), several), cases.length);
  return ranked([...tried.values()], limits, cases.length);

  /** As many settings as that which were not tried yet; fewer where there are no more. */
  function fresh(count: number, make: (n: number) => Choices): readonly Choices[] {
    const found = new Map<string, Choices>();
    for (let n = 0; found.size < count && n < count * 20; n += 1) {
      const choices = make(n);
      if (!tried.has(keyOf(choices))) found.set(keyOf(choices), choices);
    }
    return [...found.values()];
  }

  /** A start with some of its settings drawn anew: every second time one alone, which shows what it is worth by itself. */
  function scattered(n: number): Choices {
    const paths = Object.keys(space);
    const subject = `scattered ${n}`;
    const only = n % 2 === 0 ? draws.pick('advise.only', subject, 0, paths) : undefined;
    const start = starts[n % starts.length] ?? {};
    const drawn = paths
      .filter((path) =>
        only === undefined ? draws.uniform('advise.drawn', `${subject} ${path}`, 0) < 0.5 : path === only,
      )
      .map((path): [string, unknown] => [path, drawnValue(space[path]!, draws, `${subject} ${path}`)]);
    return { ...start, ...Object.fromEntries(drawn) };
  }

  function beside(parent: Choices, name: string): Choices {
    const subject = `beside ${name}`;
    const paths = Object.keys(space);
    const changed = Array.from({ length: draws.integer('advise.changes', subject, 0, 1, 2) }, (_, n) =>
      draws.pick('advise.path', subject, n, paths),
    );
    return {
      ...parent,
      ...Object.fromEntries(
        changed.map((path) => [path, nextValue(space[path]!, parent[path], draws, `${subject} ${path}`)]),
      ),
    };
  }
}

/** Those that keep the limits first, then by money and service together; those that have seen more cases before others. */
export function ranked(
  candidates: readonly Candidate[],
  limits: readonly Limit[],
  cases: number,
): readonly Candidate[] {
  const scored = candidates.map((candidate) => {
    const runs = candidate.runs.slice(0, cases);
    return {
      candidate,
      seen: runs.length,
      excess: excessOf(limits, runs),
      together: meanOf(runs, ({ cost }) => cost.together),
    };
  });
  return scored
    .toSorted(
      (a, b) =>
        b.seen - a.seen ||
        a.excess - b.excess ||
        a.together - b.together ||
        (keyOf(a.candidate.choices) < keyOf(b.candidate.choices) ? -1 : 1),
    )
    .map(({ candidate }) => candidate);
}

export const meanOf = (runs: readonly Figures[], of: (figures: Figures) => number): number =>
  runs.length === 0 ? 0 : runs.reduce((sum, figures) => sum + of(figures), 0) / runs.length;
