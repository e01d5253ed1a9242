import type { ColumnNames } from '../columns.ts';
import type { PriceRow } from '../rows.ts';

/** What a row of prices tells. */
export type PriceField = keyof PriceRow;

/** The names under which recordings know the fields; AWS writes `AvailabilityZone` and the like. */
export const NAMES: ColumnNames<PriceField> = {
  at: ['timestamp', 'time', 'at', 'date', 'datetime', 'ts', 'observed_at', 'recorded_at'],
  instanceType: ['instance_type', 'type', 'instance'],
  zone: ['zone', 'availability_zone', 'az', 'availability_zone_id', 'zone_id', 'az_id'],
  product: ['product', 'product_description', 'os', 'operating_system', 'platform'],
  usdPerHour: ['usd_per_hour', 'spot_price', 'price', 'spot_price_usd', 'price_usd', 'spot_usd', 'spot'],
};

/** The fields that a price cannot do without. */
export const NEEDED = ['at', 'instanceType', 'zone', 'usdPerHour'] as const satisfies readonly PriceField[];

/** The name of a field in messages. */
export const nameOf = (field: PriceField): string => NAMES[field][0] ?? field;

export const A_REGION =
  'expected a column zone, found only a region: a region mixes the prices of several zones, of which none can be told apart; record them with their availability zone';

/** Whether a row is an object with keys. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
