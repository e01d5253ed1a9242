import { ALONE, type Alone } from '../baselines/alone.ts';
import type { Reference } from '../outcome.ts';
import type { Figures } from '../result/figures.ts';
import type { Advice, Means, Verdict } from './advice.ts';
import { frontOf } from './front.ts';
import { HARD_WORLD_NAMES, type HardWorld } from './hardWorlds.ts';
import { intervalOf } from './interval.ts';
import { excessOf, type Limit } from './limits.ts';
import { type Candidate, type Case, meanOf, SEEN, search } from './search.ts';
import { type Choices, keyOf, type Space } from './space.ts';

/** A run that is asked for. */
export interface AdviseRun {
  readonly at: Case;
  readonly choices: Choices;
  readonly rival?: Alone;
  readonly world?: HardWorld;
  /** A class whose jobs are kept off blocks. */
  readonly routed?: string;
}

export interface AdviseQuestion {
  readonly space: Space;
  readonly starter: Choices;
  /** Tried first beside the pools as they are and the starter. */
  readonly suited?: readonly Choices[];
  readonly chosenOn: readonly Case[];
  readonly judgedOn: readonly Case[];
  /** How many are tried; asked once it is known how long the first runs took. */
  readonly settings: number | (() => number);
  /** On how many of the cases a setting is seen at most; asked once the first runs are over. All if left out. */
  readonly seenOn?: () => number;
  /** How many of the cases the choice is judged on, asked once the search is over; all if left out. */
  readonly judged?: () => number;
  readonly limits: readonly Limit[];
  /** Only the recommendation: neither what each change is worth, nor harder worlds, nor classes. */
  readonly isBrief?: boolean;
  /** Of jobs, those that the scenarios list. */
  readonly classes: readonly string[];
  readonly run: (run: AdviseRun) => Promise<Figures>;
  readonly references: (at: Case) => Promise<{ readonly bound: Reference; readonly foresight: Reference }>;
  /** What a setting is today, for people. */
  readonly todayAt: (path: string) => unknown;
}

/** Choices may be simpler by a setting if that costs no more than this share. */
const HARDLY = 0.0005;

/** Searches settings, simplifies the best, and judges it on cases of which nothing was chosen. */
export async function advise(question: AdviseQuestion): Promise<Advice> {
  const { chosenOn, limits, starter, isBrief = false } = question;
  let runs = 0;
  const run = (asked: AdviseRun): Promise<Figures> => {
    runs += 1;
    return question.run(asked);
  };
  // The same choices in the same case come to the same: what was seen of them in the search is not run again to simplify or to judge.
  const seen = new Map<string, Promise<Figures>>();
  const runOf = (choices: Choices, at: Case): Promise<Figures> => {
    const key = `${at.week} ${at.seed} ${keyOf(choices)}`;
    const known = seen.get(key) ?? run({ choices, at });
    seen.set(key, known);
    return known;
  };
  const onAll = (asked: Omit<AdviseRun, 'at'>, cases: readonly Case[]): Promise<readonly Figures[]> =>
    Promise.all(cases.map((at) => (isPlain(asked) ? runOf(asked.choices, at) : run({ ...asked, at }))));

  const starts = [{}, starter, ...(question.suited ?? [])];
  const found = await search({ ...question, starts, cases: chosenOn, run: runOf });
  const several = Math.min(SEEN, found[0]?.runs.length ?? 0);
  const best = await simplified(found[0] ?? { choices: {}, runs: [] });

  const judgedOn = question.judgedOn.slice(0, question.judged?.());
  const today = await onAll({ choices: {} }, judgedOn);
  const judged = {
    today,
    starter: keyOf(starter) === keyOf({}) ? today : await onAll({ choices: starter }, judgedOn),
    best: keyOf(best) === keyOf({}) ? undefined : await onAll({ choices: best }, judgedOn),
  };
  const alone = Object.fromEntries(
    await Promise.all(ALONE.map(async (rival) => [rival, await onAll({ choices: {}, rival }, judgedOn)] as const)),
  ) as Readonly<Record<Alone, readonly Figures[]>>;

  const { verdict, choices, figures } = decided();
  const means = {
    recommended: meansOf(figures),
    today: meansOf(judged.today),
    starter: meansOf(judged.starter),
    ...(Object.fromEntries(ALONE.map((rival) => [rival, meansOf(alone[rival])])) as Record<Alone, Means>),
  };
  const isKept = verdict !== 'nothing' && !isBrief;
  return {
    ...{ verdict, choices },
    keepsLimits: excessOf(limits, figures) === 0,
    tried: {
      settings: found.length,
      onFour: found.filter((one) => one.runs.length >= SEEN).length,
      get runs() {
        return runs;
      },
    },
    ...{ chosenOn, judgedOn, means },
    saving: {
      onDemandOnly: savingOf(figures, alone.onDemandOnly, together),
      today: savingOf(figures, judged.today, together),
      money: savingOf(figures, alone.onDemandOnly, money),
    },
    // Known: one for each rival.
    against: Object.fromEntries(
      ALONE.map((rival) => [rival, savingOf(figures, alone[rival], together)]),
    ) as Advice['against'],
    distance: isBrief ? null : await distanceOf(figures[0]),
    levers: isKept && (verdict === 'change' || verdict === 'starter') ? await leversOf(choices, figures) : [],
    hard: isKept ? await hardOf(choices) : [],
    front: frontOf(found, several, meansOf),
    classes: isKept ? await classesOf(choices, figures) : [],
  };

  /** Settings that are worth nothing are put back: what is changed has a reason. */
  async function simplified({ choices: whole, runs: before }: Candidate): Promise<Choices> {
    let [kept, least] = [whole, meanOf(before, together)];
    const excess = excessOf(limits, before);
    for (const path of Object.keys(whole)) {
      const without = withoutPath(kept, path);
      const figures = await onAll({ choices: without }, chosenOn.slice(0, before.length));
      if (excessOf(limits, figures) > excess || meanOf(figures, together) > least * (1 + HARDLY)) continue;
      kept = without;
      least = Math.min(least, meanOf(figures, together));
    }
    return kept;
  }

  /**
   * The choice of the search unless something that needs no search does better where it is judged: limits first, then money and service
   * together. Of equals, what asks least of people.
   */
  function decided(): { readonly verdict: Verdict; readonly choices: Choices; readonly figures: readonly Figures[] } {
    const options: { readonly verdict: Verdict; readonly choices: Choices; readonly figures: readonly Figures[] }[] = [
      { verdict: 'nothing', choices: {}, figures: alone.onDemandOnly },
      { verdict: 'keep', choices: {}, figures: judged.today },
      { verdict: 'starter', choices: starter, figures: judged.starter },
      ...(judged.best === undefined ? [] : [{ verdict: 'change' as const, choices: best, figures: judged.best }]),
    ];
    const [first, ...others] = options.map((option) => ({
      option,
      excess: excessOf(limits, option.figures),
      usd: meanOf(option.figures, together),
    }));
    return others.reduce(
      (low, one) => (one.excess < low.excess || (one.excess === low.excess && one.usd < low.usd) ? one : low),
      first!,
    ).option;
  }

  async function distanceOf(recommended: Figures | undefined): Promise<Advice['distance']> {
    const [at] = judgedOn;
    if (recommended === undefined || at === undefined) return null;
    return { ...(await question.references(at)), money: recommended.cost.total };
  }

  async function leversOf(of: Choices, figures: readonly Figures[]): Promise<Advice['levers']> {
    const levers = await Promise.all(
      Object.entries(of).map(async ([path, to]) => {
        const back = withoutPath(of, path);
        const usd = meanOf(await onAll({ choices: back }, judgedOn), together) - meanOf(figures, together);
        return { path, from: question.todayAt(path), to, usd };
      }),
    );
    return levers.toSorted((a, b) => b.usd - a.usd);
  }

  async function hardOf(of: Choices): Promise<Advice['hard']> {
    const [at] = judgedOn;
    if (at === undefined) return [];
    return Promise.all(
      HARD_WORLD_NAMES.map(async (world) => {
        const [own, other] = await Promise.all([
          run({ choices: of, at, world }),
          run({ choices: of, at, world, rival: 'onDemandOnly' }),
        ]);
        const [usd, onDemandOnly] = [own.cost.together, other.cost.together];
        return { world, together: usd, onDemandOnly, ratio: onDemandOnly > 0 ? usd / onDemandOnly : null };
      }),
    );
  }

  async function classesOf(of: Choices, figures: readonly Figures[]): Promise<Advice['classes']> {
    return Promise.all(
      question.classes.map(async (name) => {
        const own = (one: Figures) => one.classes?.find((entry) => entry.class === name);
        const routed = await onAll({ choices: of, routed: name }, judgedOn);
        return {
          class: name,
          jobs: meanOf(figures, (one) => own(one)?.jobs ?? 0),
          killed: meanOf(figures, (one) => own(one)?.killed ?? 0),
          usd: meanOf(figures, (one) => own(one)?.usd ?? 0),
          savedByRouting: meanOf(figures, together) - meanOf(routed, together),
        };
      }),
    );
  }
}

const isPlain = ({ rival, world, routed }: Omit<AdviseRun, 'at'>): boolean =>
  rival === undefined && world === undefined && routed === undefined;

const withoutPath = (choices: Choices, path: string): Choices =>
  Object.fromEntries(Object.entries(choices).filter(([name]) => name !== path));

const together = ({ cost }: Figures): number => cost.together;
const money = ({ cost }: Figures): number => cost.total;

export const meansOf = (runs: readonly Figures[]): Means => ({
  together: meanOf(runs, together),
  money: meanOf(runs, ({ cost }) => cost.total),
  kills: meanOf(runs, ({ jobs }) => jobs.killed),
  killedByKeeper: meanOf(runs, ({ jobs }) => jobs.killedByKeeper),
  waitP95Ms: meanOf(runs, ({ jobs }) => jobs.waitMs.p95),
  queuedMeanMs: meanOf(runs, ({ jobs }) => jobs.queuedMs.mean),
});

/** Case by case, since a case is dear or cheap for all alike. */
const savingOf = (figures: readonly Figures[], others: readonly Figures[], of: (one: Figures) => number) =>
  intervalOf(
    figures.flatMap((one, index) => {
      const rival = others[index];
      const other = rival === undefined ? 0 : of(rival);
      return other > 0 ? [1 - of(one) / other] : [];
    }),
  );
