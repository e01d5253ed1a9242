import { BadInput } from '../../src/config/mistakes.ts';
import type { PoolConfig } from '../../src/config/pools.ts';
import { type Instant, isoOf, latest } from '../../src/domain/time.ts';
import { marketOf } from '../../src/domain/words.ts';
import type { PriceHistory } from '../records/prices/history.ts';
import { fitFor, isPriced, marketsIn } from './fit.ts';
import { idleOfTheirTime } from './idleOfTheirTime.ts';
import { LIST_PRICES_FROM, listPriceOf } from './listPrices.ts';
import { type OnDemandKnown, onDemandPriceOf, onDemandRemedy, placeOf } from './onDemand.ts';
import { rulesOfTheirTime } from './rulesOfTheirTime.ts';
import type { Target } from './target.ts';

/** What fitting took for granted (kept in `composed`), what else people should know, and what it found. */
export interface Fitted {
  readonly sentences: readonly string[];
  readonly notes: readonly string[];
  /** From here on a price is known in every recorded market that a pool buys in. */
  readonly knownFrom: Instant;
}

/**
 * Makes the rest of a scenario fit the prices that come in: pools whose types and zones were not recorded get ones that
 * were, every type in use gets an on-demand price, and EC2 the rules of that time. The prices are still at their recorded
 * instants.
 *
 * @throws BadInput if a type has no on-demand price that could be taken.
 */
export function fitToPrices(target: Target, prices: PriceHistory, onDemand: OnDemandKnown): Fitted {
  const { text, pools, scenarioFile, poolsFile } = target;
  const sentences: string[] = [];
  const notes: string[] = [];
  const place = placeOf(prices, text.market.product);
  // First what was given by hand; then a list; then what the scenario says, unless that is only what `init` wrote.
  const written = Object.entries(text.market.onDemand).filter(
    ([type, usd]) => !(target.untouched && listPriceOf(type, undefined)?.usdPerHour === usd),
  );
  const known = (type: string) =>
    onDemandPriceOf(
      type,
      place,
      onDemand.list?.usdOf(type, place.region ?? '', place.product) === undefined
        ? { ...onDemand, given: { ...Object.fromEntries(written), ...onDemand.given } }
        : onDemand,
    );
  const priceOf = (type: string): number | undefined => known(type)?.usdPerHour;
  const recorded = marketsIn(prices);

  let groupType = text.onDemandGroup.instanceType;
  const used = new Set<string>();
  const markets = new Set<string>();
  const buysIn = ({ instanceTypes, zones }: Pick<PoolConfig, 'instanceTypes' | 'zones'>): void => {
    for (const instanceType of instanceTypes) {
      used.add(instanceType);
      for (const zone of zones) markets.add(marketOf({ instanceType, zone }));
    }
  };
  for (const [index, pool] of pools.pools.entries()) {
    if (isPriced(pool, recorded)) {
      buysIn(pool);
      continue;
    }
    const fit = fitFor(pool, prices, priceOf);
    if (fit === undefined)
      throw noPrice([...new Set(prices.series.map(({ instanceType }) => instanceType))], place.region);
    const { instanceType, zones } = fit;
    poolsFile.set(['pools', index, 'instanceTypes'], [instanceType]);
    poolsFile.set(['pools', index, 'zones'], zones);
    buysIn({ instanceTypes: [instanceType], zones });
    notes.push(
      `pool ${pool.name} buys ${instanceType} in ${zones.join(', ')} from now on: no price of ${pool.instanceTypes.join(', ')} in ${pool.zones.join(', ')} was recorded`,
    );
    if (pool.instanceTypes.includes(groupType)) groupType = instanceType;
  }
  if (groupType !== text.onDemandGroup.instanceType) {
    scenarioFile.set(['onDemandGroup', 'instanceType'], groupType);
    notes.push(`the on-demand group has ${groupType} nodes from now on, as the pool has`);
  }
  used.add(groupType);

  const missing = [...used].filter((type) => priceOf(type) === undefined);
  if (missing.length > 0) throw noPrice(missing, place.region);
  const isOld = (prices.span()?.from ?? LIST_PRICES_FROM) < LIST_PRICES_FROM;
  for (const type of new Set([...used, ...Object.keys(onDemand.given)])) {
    const { usdPerHour: usd, source, isBuiltIn } = known(type) ?? {};
    // Where anything else than the scenario knows it, that is said with its source.
    if (onDemand.list !== undefined && source === undefined && !Object.hasOwn(onDemand.given, type))
      notes.push(
        `${onDemand.list.file} has no on-demand price of ${type}${place.region === undefined ? '' : ` in ${place.region}`}: ${usd ?? 'none'} USD per hour stands, as before`,
      );
    if (usd === undefined || (usd === text.market.onDemand[type] && (source === undefined || isBuiltIn))) continue;
    scenarioFile.set(['market', 'onDemand', type], usd);
    if (source !== undefined)
      sentences.push(
        `on-demand price of ${type} taken as ${usd} USD per hour, ${source}${isOld && isBuiltIn === true ? ', not of the recorded week' : ''}`,
      );
  }
  const rules = rulesOfTheirTime(target, prices);
  const year = isoOf(prices.span()?.from ?? LIST_PRICES_FROM).slice(0, 4);
  sentences.push(...rules.sentences, ...idleOfTheirTime(target, rules.billing, year));
  notes.push(...rules.notes, ...productNote(target, prices));
  return { sentences, notes, knownFrom: latest(...firstInstants(prices, markets)) };
}

/** Where the file knows one product only, and not the one the scenario asks for, that one is meant. */
function productNote({ text, scenarioFile }: Target, { series }: PriceHistory): readonly string[] {
  const [product, ...others] = new Set(series.map((market) => market.product));
  if (product === undefined || others.length > 0 || product === text.market.product) return [];
  scenarioFile.set(['market', 'product'], product);
  return [`the prices are those of ${product} from now on`];
}

/** When the first row of each of these markets is, for those that have one. */
function firstInstants({ series }: PriceHistory, markets: ReadonlySet<string>): readonly Instant[] {
  const firsts = new Map<string, Instant>();
  for (const market of series) {
    const [key, first] = [marketOf(market), market.at[0] ?? Number.POSITIVE_INFINITY];
    if (markets.has(key)) firsts.set(key, Math.min(firsts.get(key) ?? first, first));
  }
  return [...firsts.values()];
}

const noPrice = (types: readonly string[], region: string | undefined): BadInput =>
  new BadInput([
    {
      file: '--on-demand',
      message: `expected the on-demand price of ${types.join(', ')}, which is not known here: ${onDemandRemedy(types, region)}`,
    },
  ]);
