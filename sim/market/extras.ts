import { hours, type Millis } from '../../src/domain/time.ts';
import type { ExtraSettings, Scenario } from '../scenario/scenario.ts';

/** What an instance costs in USD per hour beside its own price: its disk, and its public IPv4 address if it has one. */
export function extraUsdPerHour({ extras }: Pick<Scenario, 'extras'>): number {
  const { diskGib, usdPerGibMonth, publicIpv4, usdPerIpv4Hour } = extras;
  return (diskGib * usdPerGibMonth) / HOURS_PER_MONTH + (publicIpv4 ? usdPerIpv4Hour : 0);
}

/** That for a stretch of an instance's life, in USD: by the second, also where its first hour is free. */
export const extraUsd = (usdPerHour: number, aliveMs: Millis): number =>
  (usdPerHour * Math.max(0, aliveMs)) / MS_PER_HOUR;

/** In words, for results; undefined where instances cost nothing beside their price. */
export function extrasText({ diskGib, usdPerGibMonth, publicIpv4, usdPerIpv4Hour }: ExtraSettings): string | undefined {
  const parts = [
    ...(diskGib > 0 ? [`${diskGib} GiB of disk at ${usdPerGibMonth} USD per GiB and month`] : []),
    ...(publicIpv4 ? [`a public IPv4 address at ${usdPerIpv4Hour} USD an hour`] : []),
  ];
  return parts.length === 0 ? undefined : `every instance, on demand too, also pays for ${parts.join(' and ')}`;
}

/** As AWS reckons prices by the month (AWS pricing calculator). */
const HOURS_PER_MONTH = 730;
const MS_PER_HOUR = hours(1);
