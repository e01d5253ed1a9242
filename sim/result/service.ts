import { hours, minutes } from '../../src/domain/time.ts';
import { type MicroUsd, microUsd } from '../market/money.ts';
import type { ServicePrices } from '../scenario/scenario.ts';
import type { Truth } from '../world/simulatedWorld.ts';
import { queuedMsOf, ranMsOf } from './jobs.ts';

/** What kills, waiting and the minutes of jobs cost people, at the scenario's prices. */
export function serviceOf({ jobs, kills, until }: Truth, prices: ServicePrices): MicroUsd {
  const queuedMs = jobs.reduce((sum, job) => sum + queuedMsOf(job, until), 0);
  const ranMs = jobs.reduce((sum, job) => sum + ranMsOf(job, until), 0);
  return microUsd(
    kills.length * prices.usdPerKill +
      (queuedMs / hours(1)) * prices.usdPerHourWaited +
      (ranMs / minutes(1)) * prices.usdPerJobMinute,
  );
}
