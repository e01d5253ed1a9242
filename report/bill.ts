import type { Outcome, SomeRivals } from '../sim/outcome.ts';
import { countText, hoursText, usdText } from './figures.ts';
import { queuedHours } from './levers.ts';
import { savingText } from './saving.ts';

/** The bill: money, service, and both together, each with what explains it. */
export function billRows(outcome: Outcome, { onDemandOnly }: SomeRivals): readonly (readonly string[])[] {
  const { total, leases, leasesIdle, overflow, idle, service, together } = outcome.cost;
  return [
    ['leases', usdText(leases), leases === 0 ? '' : `${usdText(leasesIdle)} while no job ran`],
    ['overflow', usdText(overflow), overflow === 0 ? '' : `${usdText(idle - leasesIdle)} while no job ran`],
    ['total', usdText(total), savingText(outcome, onDemandOnly.outcome, 'on-demand only')],
    ['service', usdText(service), serviceText(outcome)],
    ['together', usdText(together), ''],
  ];
}

/** `7 killed, 20.1 h queued`. */
const serviceText = ({ jobs }: Outcome): string =>
  `${countText(jobs.killed)} killed, ${hoursText(queuedHours(jobs))} h queued`;

/** What service is reckoned with: settings of the scenario, so they stand beside every sum. */
export function servicePricesText({ usdPerKill, usdPerHourWaited, usdPerJobMinute }: Outcome['servicePrices']): string {
  const minute = usdPerJobMinute === 0 ? '' : `, ${usdPerJobMinute} USD for a minute that a job runs`;
  return `${usdText(usdPerKill)} USD for a killed job, ${usdText(usdPerHourWaited)} USD for an hour in the queue${minute}`;
}
