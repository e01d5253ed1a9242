import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../policies/catalogue.ts';
import { learned } from '../../../policies/scaling/learned.ts';
import { fixedCounts } from '../../../sim/baselines/fixedCount.ts';
import { generateJobs, generatorSettings } from '../../../sim/demand/generate.ts';
import { simulate } from '../../../sim/simulate.ts';
import { hours, minutes, NEVER } from '../../../src/domain/time.ts';
import { breachOf } from '../../../src/policy/laws/index.ts';
import { scalingLaws } from '../../../src/policy/laws/scalingLaws.ts';
import type { ScalingQuestion } from '../../../src/policy/scaling.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { aScalingQuestion } from '../../laws/questions.ts';
import { aPoolConfig, aScenario, MONDAY } from '../../support/aScenario.ts';
import { aShelf } from '../../support/aShelf.ts';

const made = (options: object) => learned.create(learned.options.parse(options), aShelf);

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** A line as `spot-keeper profile --json` prints it. */
const lineOf = (week: readonly number[]): string =>
  JSON.stringify({
    policy: {
      zone: 'UTC',
      blocks: Object.fromEntries(DAYS.map((day, at) => [day, week.slice(at * 24, at * 24 + 24)])),
    },
  });

const aQuestion = (at: number, like: readonly number[], next: readonly number[] = []): ScalingQuestion => {
  const allowance = { blocks: 99, until: NEVER };
  return {
    ...{ now: MONDAY + at, allowance, next: allowance },
    jobs: { waiting: 0, running: 0, overflow: 0, elsewhere: 0 },
    blocks: { arriving: 0, busy: 0, idle: 0, draining: 0 },
    ...{ jobsPerBlock: 1, arrivals: [], week: { likeThisHour: like, likeNextHour: next } },
    ...{ prices: {}, spent: { todayUsd: 0, monthUsd: 0 } },
  };
};

describe('learned', () => {
  it('wants what hours like this one have asked for, but for the share that may wait', () => {
    expect(made({ service: 1 }).wantedNow(aQuestion(0, [4, 9, 2])).blocks).toBe(9);
    // 15 were asked for: one or two may be missing in all.
    expect(made({ service: 0.9 }).wantedNow(aQuestion(0, [4, 9, 2])).blocks).toBe(8);
    expect(made({ service: 0.9 }).wantedNow(aQuestion(0, [])).blocks).toBe(0);
    expect(made({ atLeast: 3 }).wantedNow(aQuestion(0, [1])).blocks).toBe(3);
  });

  it('wants no less than the jobs ask for now', () => {
    const busy = { ...aQuestion(0, [1]), jobs: { waiting: 7, running: 0, overflow: 0, elsewhere: 0 } };
    expect(made({}).wantedNow(busy).blocks).toBe(7);
  });

  it('is ready for the next hour a boot before it begins', () => {
    expect(made({}).wantedNow(aQuestion(minutes(56), [1], [8]))).toMatchObject({
      blocks: 1,
      until: MONDAY + minutes(57),
    });
    expect(made({}).wantedNow(aQuestion(minutes(57), [1], [8]))).toMatchObject({ blocks: 8, until: MONDAY + hours(1) });
  });

  it('begins with the weeks of a file, and leaves them aside once it has seen enough itself', () => {
    const text = `${lineOf(Array.from({ length: 168 }, (_, hour) => (hour === 10 ? 5 : 0)))}\n`;
    const from = { file: 'weeks.jsonl', text };
    expect(made({ from, service: 1 }).wantedNow(aQuestion(hours(10), [])).blocks).toBe(5);
    expect(made({ from, service: 1 }).wantedNow(aQuestion(hours(15), [])).blocks).toBe(0);
    const many = Array.from({ length: 24 }, () => 1);
    expect(made({ from, service: 1 }).wantedNow(aQuestion(hours(10), many)).blocks).toBe(1);
    expect(() => made({ from: { file: 'weeks.jsonl', text: `${text}{}` } })).toThrow(
      /weeks\.jsonl:2: expected a week a line, as .*, found policy wrong or missing/,
    );
  });

  it('keeps the laws of its slot', () => {
    fc.assert(
      fc.property(fc.constantFrom(0.5, 0.9, 1), fc.nat(3), aScalingQuestion, (service, atLeast, question) => {
        expect(breachOf(scalingLaws, made({ service, atLeast }), question)).toBeUndefined();
      }),
    );
  });

  it('lets nearly all jobs start at once in a week that it has not seen, with far fewer idle blocks than a fixed count', async () => {
    const settings = generatorSettings.parse({ jobsPerPipeline: 2, jobsPerWeekday: 300 });
    const until = MONDAY + hours(168);
    const jobsOf = (seed: number) => generateJobs(settings, { from: MONDAY, until, seed });
    const text = [1, 2].map((seed) => lineOf(mostAtOnce(jobsOf(seed)))).join('\n');
    const pool = aPoolConfig({ maxBlocks: 300, launchRate: { launches: 300, perMs: minutes(5) } });
    const fileWith = (policy: string, options: object) => ({
      fleet: 'test',
      pools: [
        {
          ...pool,
          policies: {
            ...pool.policies,
            operatingHours: { policy: 'always', options: { blocks: 300 } },
            scaling: { policy, options: { ...options } },
          },
        },
      ],
    });
    const file = fileWith('learned', { from: { file: 'weeks.jsonl', text } });
    const scenario = aScenario({ until, jobs: jobsOf(11), pools: file });
    const outcome = await simulate(scenario, poolsOf(file, catalogue), 'learned', { digest: false });
    const { enough } = await fixedCounts(scenario, (pools) => poolsOf(pools, catalogue));
    expect(outcome.jobs.atOnce / outcome.jobs.total).toBeGreaterThan(0.99);
    expect(outcome.cost.leasesIdle).toBeLessThan(0.6 * enough.outcome.cost.leasesIdle);
  });
});

/** The most jobs at once in each hour of the week. */
function mostAtOnce(jobs: readonly { readonly queuedAt: number; readonly durationMs: number }[]): readonly number[] {
  return Array.from({ length: 168 }, (_, hour) => {
    const [from, until] = [MONDAY + hours(hour), MONDAY + hours(hour + 1)];
    const there = jobs.filter(({ queuedAt, durationMs }) => queuedAt < until && queuedAt + durationMs > from);
    return Math.max(
      0,
      ...there.map(({ queuedAt: at }) => {
        const instant = Math.max(at, from);
        return there.filter(({ queuedAt, durationMs }) => queuedAt <= instant && queuedAt + durationMs > instant)
          .length;
      }),
    );
  });
}
