import type { ServicePrices } from './scenario.ts';

/** What a scenario that says nothing of it is like; `schema.ts` has the same defaults, and a test holds them together. */
export const usualService: ServicePrices = { usdPerKill: 2, usdPerHourWaited: 1, usdPerJobMinute: 0 };
