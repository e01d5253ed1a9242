import { BadInput } from '../../src/config/mistakes.ts';
import { listPriceOf } from '../import/listPrices.ts';
import { listCommand } from '../import/onDemand.ts';

export interface OnDemandPrices {
  /** By instance type. */
  readonly usdPerHour: Readonly<Record<string, number>>;
  readonly sentences: readonly string[];
}

/**
 * On-demand prices: as given, else as the pools file has them, else from the built-in list, which is said. No recording
 * holds them, since EC2 does not tell them.
 *
 * @throws BadInput for types that none of these has
 */
export function onDemandPrices(
  types: ReadonlySet<string>,
  given: Readonly<Record<string, number>>,
  configured: Readonly<Record<string, number>>,
  region: string | undefined,
): OnDemandPrices {
  const usdPerHour: Record<string, number> = {};
  const listed: string[] = [];
  let of = '';
  const missing: string[] = [];
  for (const type of types) {
    const said = own(given, type) ?? own(configured, type);
    const known = said === undefined ? listPriceOf(type, region) : undefined;
    const usd = said ?? known?.usdPerHour;
    if (known !== undefined) of = `${known.region} ${known.when}`;
    if (usd === undefined) missing.push(type);
    else usdPerHour[type] = usd;
    if (said === undefined && usd !== undefined) listed.push(`${type} ${usd}`);
  }
  if (missing.length > 0)
    throw new BadInput([
      {
        file: '--on-demand',
        message: `expected the on-demand price of ${missing.join(', ')}, which is not known here: say --on-demand ${missing.map((type) => `${type}=USD-PER-HOUR`).join(',')}; this prints them: ${listCommand(missing, region)}`,
      },
    ]);
  return {
    usdPerHour,
    sentences:
      listed.length === 0
        ? []
        : [`on-demand prices are list prices of ${of}, USD per hour: ${listed.join(', ')}`.slice(0, 500)],
  };
}

/** Not by the name alone: a type called `constructor` has no price. */
const own = (prices: Readonly<Record<string, number>>, type: string): number | undefined =>
  Object.hasOwn(prices, type) ? prices[type] : undefined;
