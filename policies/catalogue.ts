import type { Catalogue } from '../src/policy/index.ts';
import { always } from './operating-hours/always.ts';
import { calendar } from './operating-hours/calendar.ts';
import { cron } from './operating-hours/cron.ts';
import { except } from './operating-hours/except.ts';
import { highestOf } from './operating-hours/highestOf.ts';
import { lowestOf } from './operating-hours/lowestOf.ts';
import { profile } from './operating-hours/profile.ts';
import { weekly } from './operating-hours/weekly.ts';
import { breaker } from './purchase/breaker.ts';
import { cheapest } from './purchase/cheapest.ts';
import { fallback } from './purchase/fallback.ts';
import { ordered } from './purchase/ordered.ts';
import { shuffled } from './purchase/shuffled.ts';
import { spreadZones } from './purchase/spreadZones.ts';
import { steady } from './purchase/steady.ts';
import { upTo } from './purchase/upTo.ts';
import { weighed } from './purchase/weighed.ts';
import { worthwhile } from './purchase/worthwhile.ts';
import { drainFirst } from './renewal/drainFirst.ts';
import { idleFirst } from './renewal/idleFirst.ts';
import { jobAware } from './renewal/jobAware.ts';
import { letExpire } from './renewal/letExpire.ts';
import { riskAware } from './renewal/riskAware.ts';
import { staggered } from './renewal/staggered.ts';
import { surge } from './renewal/surge.ts';
import { followJobs } from './scaling/followJobs.ts';
import { learned } from './scaling/learned.ts';
import { scheduled } from './scaling/scheduled.ts';
import { withinBudget } from './scaling/withinBudget.ts';

/** The policies that can be chosen in `pools.yaml` and on the command line. A new policy is a file and a line here. */
export const catalogue: Catalogue = {
  operatingHours: { weekly, always, calendar, cron, profile, highestOf, lowestOf, except },
  scaling: { scheduled, followJobs, learned, withinBudget },
  renewal: { surge, drainFirst, letExpire, staggered, jobAware, idleFirst, riskAware },
  purchase: { cheapest, spreadZones, ordered, shuffled, steady, worthwhile, upTo, fallback, weighed, breaker },
};
