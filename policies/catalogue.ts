import type { Catalogue } from '../src/policy/index.ts';
import { always } from './operating-hours/always.ts';
import { weekly } from './operating-hours/weekly.ts';
import { cheapest } from './purchase/cheapest.ts';
import { spreadZones } from './purchase/spreadZones.ts';
import { drainFirst } from './renewal/drainFirst.ts';
import { letExpire } from './renewal/letExpire.ts';
import { surge } from './renewal/surge.ts';

/** The policies that can be chosen in `pools.yaml` and on the command line. A new policy is a file and a line here. */
export const catalogue: Catalogue = {
  operatingHours: { weekly, always },
  renewal: { surge, drainFirst, letExpire },
  purchase: { cheapest, spreadZones },
};
