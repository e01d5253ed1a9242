import { z } from 'zod';
import { length } from '../../src/policy/options.ts';

/**
 * What an editor is told of grid.yaml. Reading it (`readGrid.ts`) checks more, and says so in its own words: ranges that are empty,
 * values that stand there twice, settings that no file has.
 */
export const gridFileSchema: z.ZodType = z.strictObject({
  version: z.literal(1).describe('The version of this format'),
  seeds: valuesOf(z.int().min(0))
    .optional()
    .describe('Where chance starts from: whole numbers; the seed of each scenario if left out'),
  pools: settings().describe(
    'Settings of the pools file, by path, each with its values: lease.duration, pools[ci].surge',
  ),
  scenario: settings().describe('Settings of scenario.yaml, by path, each with its values: onDemandGroup.idle'),
});

function settings() {
  return z.record(z.string(), valuesOf(z.unknown())).optional();
}

/** A list, or a range with both of its ends. */
function valuesOf(value: z.ZodType) {
  const end = z.union([z.number(), length()]);
  const range = z.strictObject({
    from: end.describe('The first value: a number, or a length such as 5m'),
    to: end.describe('The last value, if the steps meet it'),
    step: end.optional().describe('From one value to the next; 1 if left out, and required for lengths'),
  });
  return z.union([z.array(value).min(1), range]);
}
