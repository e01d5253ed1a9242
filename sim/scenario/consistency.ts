import { historyOf } from '../../data/records/prices/history.ts';
import type { Finding } from '../../src/config/explain.ts';
import type { PoolsFile } from '../../src/config/pools.ts';
import { type Instant, isoOf } from '../../src/domain/time.ts';
import { marketOf } from '../../src/domain/words.ts';
import { extrasText } from '../market/extras.ts';
import { billingOf } from './billingOf.ts';
import { classesAndSizes } from './classConsistency.ts';
import { limitsFindings } from './limitsFit.ts';
import type { Consistency, Parts } from './parts.ts';

export function consistencyOf(parts: Parts): Consistency {
  const checks = [
    ...[onDemandPrices, spotPrices, recordedAvailability, recordedJobs, droughts],
    ...[limits, classesAndSizes, bill],
  ].map((check) => check(parts));
  return {
    findings: checks.flatMap(({ findings }) => findings ?? []),
    assumptions: checks.flatMap(({ assumptions }) => assumptions ?? []),
  };
}

type Part = Partial<Consistency>;

function onDemandPrices({ text, pools }: Parts): Part {
  const used = new Set([...pools.pools.flatMap(({ instanceTypes }) => instanceTypes), text.onDemandGroup.instanceType]);
  return {
    findings: [...used]
      .filter((type) => !Object.hasOwn(text.market.onDemand, type))
      .map((type) => ({
        path: ['market', 'onDemand'],
        message: `expected the on-demand price of ${type}, which the scenario uses; found none: add ${type}: USD-PER-HOUR`,
      })),
  };
}

/** A market whose price is unknown at the start cannot be simulated; one that was never recorded is assumed, and said. */
function spotPrices({ text: { market, from }, pools, prices }: Parts): Part {
  if (market.prices === undefined) return {};
  const path = ['market', 'prices'];
  const firsts = new Map<string, Instant>();
  const products = new Map<string, Set<string>>();
  for (const one of historyOf(prices).series) {
    const [key, first] = [marketOf(one), one.at[0]];
    products.set(key, (products.get(key) ?? new Set()).add(one.product));
    if (one.product === market.product && first !== undefined) firsts.set(key, first);
  }
  const findings: Finding[] = [];
  const assumptions: string[] = [];
  for (const key of marketsOf(pools)) {
    const first = firsts.get(key);
    const others = products.get(key);
    if (first !== undefined && first > from)
      findings.push({
        path,
        message: `expected a price of ${key} at or before ${isoOf(from)}, found the first at ${isoOf(first)}: start later, or leave the zone or type out of the pools`,
      });
    else if (first === undefined && others !== undefined)
      findings.push({
        path: ['market', 'product'],
        message: `expected a product that ${market.prices} has for ${key}, found ${JSON.stringify(market.product)}: it has ${[...others].join(', ')}`,
      });
    else if (first === undefined)
      assumptions.push(
        `no spot price of ${key} was recorded: it is taken as ${market.spotShare} of the on-demand price`,
      );
  }
  return { findings, assumptions };
}

function recordedAvailability({ text: { market, from }, pools, availability }: Parts): Part {
  if (market.availability === undefined) return {};
  const assumptions: string[] = [];
  const used = new Map<string, Instant>();
  for (const { instanceType, zone, at } of availability) {
    const key = `${instanceType}/${zone}`;
    used.set(key, Math.min(used.get(key) ?? at, at));
  }
  const markets = marketsOf(pools);
  const said = (key: string): boolean => markets.some((market) => covers(key, market));
  for (const [key, first] of used) {
    if (said(key) && first > from)
      assumptions.push(
        `availability of ${inWords(key)} is recorded from ${isoOf(first)}: until then it is taken as available`,
      );
  }
  for (const market of markets)
    if (![...used.keys()].some((key) => covers(key, market)))
      assumptions.push(`availability of ${market} was not recorded: it is taken as always available`);
  return { assumptions };
}

function recordedJobs({ text: { jobs: path, from, until }, jobs }: Parts): Part {
  if (jobs === undefined || typeof path !== 'string') return {};
  let inside = 0;
  for (const { queuedAt } of jobs) if (queuedAt >= from && queuedAt < until) inside += 1;
  if (inside === 0)
    return {
      findings: [
        {
          path: ['jobs'],
          message: `expected jobs from ${isoOf(from)} to ${isoOf(until)}, found none of ${jobs.length} in ${path}`,
        },
      ],
    };
  if (inside === jobs.length) return {};
  return {
    assumptions: [`${jobs.length - inside} of ${jobs.length} recorded jobs lie outside the window and are left out`],
  };
}

/** A drought where no pool buys is a slip of the pen: it would silently do nothing. */
function droughts({ text: { market }, pools }: Parts): Part {
  const zones = new Set(pools.pools.flatMap((pool) => pool.zones));
  const types = new Set(pools.pools.flatMap((pool) => pool.instanceTypes));
  return {
    findings: market.droughts.flatMap(({ zone, instanceType }, index): readonly Finding[] => [
      ...(zone === undefined || zones.has(zone)
        ? []
        : [strangerAt(['market', 'droughts', index, 'zone'], 'zone', zones)]),
      ...(instanceType === undefined || types.has(instanceType)
        ? []
        : [strangerAt(['market', 'droughts', index, 'instanceType'], 'instance type', types)]),
    ]),
  };
}

const limits = (parts: Parts): Part => ({ findings: limitsFindings(parts) });

/** How instances are billed, where it is neither written nor as today, and what they cost beside their price. */
function bill(parts: Parts): Part {
  const sentences = [billingOf(parts).because, extrasText(parts.text.extras)];
  return { assumptions: sentences.filter((sentence) => sentence !== undefined) };
}

const strangerAt = (path: Finding['path'], what: string, known: ReadonlySet<string>): Finding => ({
  path,
  message: `expected the ${what} of a pool (${[...known].join(', ')})`,
});

/** Every (type, zone) that a pool may buy in, once. */
export const marketsOf = ({ pools }: Pick<PoolsFile, 'pools'>): readonly string[] => [
  ...new Set(
    pools.flatMap(({ instanceTypes, zones }) =>
      zones.flatMap((zone) => instanceTypes.map((instanceType) => marketOf({ instanceType, zone }))),
    ),
  ),
];

/** Whether a recording of one market, `*` meaning any, says something about another. */
export function covers(recorded: string, market: string): boolean {
  const [type, zone] = recorded.split('/');
  const [ofType, inZone] = market.split('/');
  return (type === '*' || type === ofType) && (zone === '*' || zone === inZone);
}

const inWords = (recorded: string): string => {
  const [type = '*', zone = '*'] = recorded.split('/');
  return `${type === '*' ? 'every type' : type} in ${zone === '*' ? 'every zone' : zone}`;
};
