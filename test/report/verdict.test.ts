import { describe, expect, it } from 'vitest';
import { type Judgement, verdict } from '../../report/verdict.ts';
import type { Outcome, Rivals, SomeRivals, Variant } from '../../sim/outcome.ts';
import { hours } from '../../src/domain/time.ts';
import { anOutcome, MONDAY, rivalsOf, variantsOf } from './anOutcome.ts';

const outcome = anOutcome();

/** The outcome at another price, money and service. */
const at = (total: number, service = 0, over: Partial<Outcome> = {}): Outcome => ({
  ...outcome,
  cost: { ...outcome.cost, total, service, together: total + service },
  ...over,
});

const alone = (one: Outcome): readonly Variant[] => [{ name: 'this run', chosenBy: '', outcome: one }];

function judged(variants: readonly Variant[], rivals: SomeRivals = rivalsOf(outcome)): Judgement {
  const judgement = verdict({ variants, rivals });
  if (judgement === undefined) throw new Error('expected a verdict');
  return judgement;
}

/** All rivals without a keeper at one price. */
const allAt = (together: number, over: Partial<Outcome> = {}): Rivals => {
  const rivals = rivalsOf(outcome);
  const same = (
    name: 'onDemandOnly' | 'onDemandTuned' | 'spotGroup' | 'spotGroupTuned' | 'spotGroupBuffer' | 'original',
  ) => ({
    ...rivals[name],
    outcome: at(together, 0, over),
  });
  return {
    ...rivals,
    onDemandOnly: same('onDemandOnly'),
    onDemandTuned: same('onDemandTuned'),
    spotGroup: same('spotGroup'),
    spotGroupTuned: same('spotGroupTuned'),
    spotGroupBuffer: same('spotGroupBuffer'),
    original: same('original'),
  };
};

describe('the verdict', () => {
  it('says first that another way is cheaper, and which', () => {
    expect(judged(alone(at(200, 36.4))).headline).toBe(
      'Do not install this pool as it is: a spot group under Cluster Autoscaler (idle 2 min, none after an add) would cost 39.50 USD together in 3 days, this 236.40.',
    );
  });

  it('says that it is worth it, by how much, and against what', () => {
    const week = { until: MONDAY + hours(168) };
    expect(judged(alone(at(30, 2, week))).headline).toBe(
      'Worth it: 32.00 USD a week together, 19 % less than the best you could have without it, a spot group under Cluster Autoscaler (idle 2 min, none after an add) at 39.50.',
    );
  });

  it('says of jobs that never ran that they did not, before a small bill is taken for a saving', () => {
    const idle = at(30, 2, { jobs: { ...outcome.jobs, waiting: 7 } });
    const rivals = allAt(40, { jobs: { ...outcome.jobs, waiting: 0 } });
    expect(judged(alone(idle), rivals).details).toContain(
      `7 jobs of ${outcome.jobs.total} never started (none without it).`,
    );
  });

  it('takes the pools as they are written where another costs the same', () => {
    const same = at(30, 2);
    const variants = [
      { name: 'lease 2h', chosenBy: 'write lease: { duration: 2h }', outcome: same },
      { name: 'lease 4h', chosenBy: '', outcome: same },
    ];
    expect(judged(variants).headline).toContain('with lease 4h');
    expect(judged(variants.toReversed()).headline).toContain('with lease 4h');
  });

  it('names the lever for jobs that the keeper ended', () => {
    const harmful = at(30, 2, { jobs: { ...outcome.jobs, killedByKeeper: 2 } });
    expect(judged(alone(harmful)).levers.join(' ')).toMatch(
      /The keeper ended 2 running jobs .*a longer lease\.overrun/,
    );
  });

  it('does not call a few percent worth it', () => {
    expect(judged(alone(at(38.9))).headline).toMatch(/^Hardly worth it: 38\.90 USD .*, only 2 % less than/);
    expect(judged(alone(at(39.5))).headline).toMatch(/^It makes no difference: this pool comes to 39\.50 USD/);
    expect(judged(alone(at(39.499))).headline).toMatch(/less than 1 % less|^It makes no difference/);
  });

  it('is by money and service together: what kills is not cheap', () => {
    expect(judged(alone(at(20, 30))).headline).toMatch(/^Do not install/);
  });

  it('of several names the best, how to have it, and what the pools as they are come to', () => {
    const variants = variantsOf([at(70), { ...at(30), label: 'letExpire' }, { ...at(34), label: 'drainFirst' }]);
    const { headline, details } = judged(variants);
    expect(headline).toMatch(/^Worth it with letExpire: 30\.00 USD/);
    expect(details).toEqual([
      'To have it, write renewal: { policy: letExpire } in the pools file. As it is written the pool comes to 70.00.',
    ]);
  });

  it('of several that all lose says so of all', () => {
    const { headline } = judged(variantsOf([at(70), { ...at(60), label: 'letExpire' }]));
    expect(headline).toMatch(
      /^Do not install any of these as they are: .* 39\.50 .*, the best of them \(letExpire\) 60\.00\.$/,
    );
  });

  it('names a fixed number of blocks that would be worth it', () => {
    const rivals = { ...rivalsOf(outcome), cheapestFixed: { ...rivalsOf(outcome).cheapestFixed, outcome: at(31) } };
    const { details, levers } = judged(alone(at(70)), rivals);
    expect(details).toEqual(['4 blocks at all hours would be worth it: 31.00.']);
    expect(levers[0]).toBe(
      'This had up to 15 blocks; 4 at all hours would cost 31.00 together, 39.00 less: operatingHours: { policy: always, blocks: 4 }.',
    );
  });

  it('is no praise where jobs never finished, however cheap', () => {
    const lost = at(20, 0, { jobs: { ...outcome.jobs, neverFinished: 3 } });
    expect(judged(alone(lost)).headline).toMatch(
      /^Do not install this pool as it is: 3 jobs never finished, though it costs no more/,
    );
  });

  it('tells at once of jobs that the keeper ended', () => {
    const harmed = at(30, 2, {
      jobs: { ...outcome.jobs, killed: 5, killedByAws: 1, killedByKeeper: 3, killedByTerm: 1 },
    });
    expect(judged(alone(harmed)).details).toEqual([
      "The keeper ended 3 running jobs, and the end of a spot block's own time ended 1.",
    ]);
  });

  it('claims nothing where rivals were not run', () => {
    const { onDemandOnly, original } = rivalsOf(outcome);
    expect(verdict({ variants: alone(outcome), rivals: { onDemandOnly, original } })).toBeUndefined();
    expect(verdict({ variants: [], rivals: rivalsOf(outcome) })).toBeUndefined();
  });

  it('reads well of a week without jobs, and of one that cost nothing', () => {
    const jobs = { ...outcome.jobs, total: 0 };
    expect(judged(alone(at(12.3, 0, { jobs })))).toMatchObject({
      headline: 'No job was queued in this time, so nothing tells whether it is worth it.',
      details: ['It cost 12.30 USD all the same.'],
      levers: [],
    });
    expect(judged(alone(at(0)), allAt(0)).headline).toBe(
      'It makes no difference: this pool comes to nothing, and so does the on-demand group alone.',
    );
    expect(judged(alone(at(5)), allAt(0)).headline).toBe(
      'Do not install this pool as it is: the on-demand group alone would cost nothing, this 5.00.',
    );
    expect(judged(alone(at(0)), allAt(5)).headline).toMatch(
      /^Worth it: it costs nothing, where the on-demand group alone/,
    );
  });

  it('says how far it is from a clairvoyant, and what kind of one it was', () => {
    const rivals = rivalsOf(outcome);
    expect(judged(alone(at(48.2))).distance).toBe('The money is 2.0 × what a clairvoyant would pay (24.10 USD).');
    const found = { ...rivals, foresight: { total: 24.1, exact: false } };
    expect(judged(alone(at(48.2)), found).distance).toContain('what the best plan found in hindsight would pay');
    expect(judged(alone(at(48.2)), { ...rivals, foresight: { total: 0, exact: true } }).distance).toBeUndefined();
  });
});

describe('what to change', () => {
  const costing = (cost: Partial<Outcome['cost']>): Outcome => ({
    ...outcome,
    cost: { total: 100, leases: 100, overflow: 0, idle: 0, leasesIdle: 0, service: 0, together: 100, ...cost },
  });

  it('is what was paid for blocks without a job', () => {
    const { levers } = judged(alone(costing({ idle: 47, leasesIdle: 47 })));
    expect(levers).toContain(
      '47 % of what the blocks cost (47.00 of 100.00 USD) was paid while no job ran: fewer blocks at those times, or numbers that follow the jobs (scaling: { policy: followJobs }).',
    );
  });

  it('is overflow, by whether blocks were wanted at the time', () => {
    const cost = { leases: 40, overflow: 60 };
    const within = judged(alone(costing(cost))).levers.find((lever) => lever.includes('overflow'));
    expect(within).toMatch(
      /^60 % of the bill is overflow .*; all of it while blocks were wanted: more blocks at those times/,
    );
    const closed = { ...costing(cost), timeline: { ...outcome.timeline, wanted: [], allowed: [] } };
    const outside = judged(alone(closed)).levers.find((lever) => lever.includes('overflow'));
    expect(outside).toMatch(/; all of it while no block was wanted: widen the hours\.$/);
  });

  it('says so where no block was bought at all', () => {
    const none = { ...costing({ leases: 0, overflow: 100 }), blocks: { ...outcome.blocks, launched: 0, hours: 0 } };
    expect(judged(alone(none)).levers).toContainEqual(expect.stringContaining('no block was bought'));
  });

  it('comes by what is at stake, at most three and whatever ended jobs', () => {
    const one = {
      ...costing({ idle: 30, leasesIdle: 30 }),
      jobs: { ...outcome.jobs, killedByKeeper: 1, killedByAws: 40 },
    };
    const { levers } = judged(alone(one));
    expect(levers.map((lever) => /AWS|keeper|while no job ran|at all hours/.exec(lever)?.[0])).toEqual([
      'AWS',
      'at all hours',
      'while no job ran',
      'keeper',
    ]);
  });

  it('is waiting only where people wait longer than they would without', () => {
    const queued = (mean: number): Outcome['jobs'] => ({
      ...outcome.jobs,
      queuedMs: { ...outcome.jobs.queuedMs, mean },
    });
    const slow = judged(alone({ ...costing({}), jobs: queued(hours(0.1)) })).levers;
    expect(slow).toContainEqual(
      expect.stringMatching(/^Jobs were queued 54\.1 h in all, 52\.7 h more than with a spot group/),
    );
    expect(judged(alone({ ...costing({}), jobs: queued(0) })).levers.join()).not.toContain('queued');
  });
});
