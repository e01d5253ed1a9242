import { type _InstanceType, DescribeSpotPriceHistoryCommand, type SpotPrice } from '@aws-sdk/client-ec2';
import { hours, type Instant, type Millis } from '../../domain/time.ts';
import { marketOf, type Offer, type Term, type Terms, termsOf, UNPRICED_USD_PER_HOUR } from '../../domain/words.ts';
import type { Clock } from '../ports/clock.ts';
import type { Answer } from './calls/answer.ts';
import type { Caller } from './calls/call.ts';
import type { Aws } from './calls/clients.ts';
import { everyPage, type Listed, type Page } from './calls/pages.ts';

/** What may be bought: every type in every zone. */
export interface QuoteQuestion {
  readonly instanceTypes: readonly string[];
  /** Names of availability zones. */
  readonly zones: readonly string[];
  readonly lease: { readonly term: Terms; readonly durationMs: Millis };
  /** On-demand prices by instance type, in US dollars an hour. */
  readonly onDemandUsdPerHour: Readonly<Record<string, number>>;
}

export type Quote =
  | {
      readonly kind: 'known';
      /** In the order of the question: by term, then by type, then by zone. */
      readonly offers: readonly Offer[];
      /** Whether no price was found at all, so that every offer is at `UNPRICED_USD_PER_HOUR`. */
      readonly unpriced: boolean;
      /** What the cheapest of the types costs on demand, of those whose price is known; left out where none is. */
      readonly onDemandUsdPerHour?: number;
    }
  | { readonly kind: 'unknown'; readonly why: string };

export interface QuoteSettings {
  readonly aws: Pick<Aws, 'ec2'>;
  readonly caller: Caller;
  readonly clock: Clock;
}

/**
 * Prices what may be bought. A market without a price is left out as long as any market has one, for EC2 quotes every
 * market in which a type exists. Never throws.
 */
export async function quote(settings: QuoteSettings, question: QuoteQuestion): Promise<Quote> {
  const { lease, zones } = question;
  const { durationMs } = lease;
  const at = settings.clock.now();
  const markets = question.instanceTypes.flatMap((instanceType) => zones.map((zone) => ({ instanceType, zone })));
  const offers: Offer[] = [];
  for (const term of termsOf(lease.term)) {
    const prices = await pricesFor(settings, question, term, at);
    // The offers of one term without those of another would look like a choice that there is not.
    if (prices.kind === 'unknown') return prices;
    for (const market of markets) {
      const usdPerHour = prices.of(market);
      if (usdPerHour !== undefined) offers.push({ ...market, term, durationMs, usdPerHour });
    }
  }
  const known = { kind: 'known', ...cheapestOnDemand(question) } as const;
  if (offers.length > 0) return { ...known, offers, unpriced: false };
  const unpriced = termsOf(lease.term).flatMap((term) =>
    markets.map((market) => ({ ...market, term, durationMs, usdPerHour: UNPRICED_USD_PER_HOUR })),
  );
  return { ...known, offers: unpriced, unpriced: true };
}

function cheapestOnDemand(question: QuoteQuestion): { readonly onDemandUsdPerHour?: number } {
  const prices = question.instanceTypes.map((type) => onDemand(question, type)).filter((usd) => usd !== undefined);
  return prices.length === 0 ? {} : { onDemandUsdPerHour: Math.min(...prices) };
}

type TypeInZone = Pick<Offer, 'instanceType' | 'zone'>;

type Prices =
  | { readonly kind: 'known'; readonly of: (market: TypeInZone) => number | undefined }
  | { readonly kind: 'unknown'; readonly why: string };

async function pricesFor(settings: QuoteSettings, question: QuoteQuestion, term: Term, at: Instant): Promise<Prices> {
  const { durationMs } = question.lease;
  switch (term) {
    case 'spot':
      return latestPrices(await spotPrices(settings, question, at));
    case 'on-demand':
      return { kind: 'known', of: ({ instanceType }) => onDemand(question, instanceType) };
    case 'spot-block': {
      const share = blockShareOf(durationMs, at);
      return {
        kind: 'known',
        of: ({ instanceType }) => {
          const usdPerHour = onDemand(question, instanceType);
          return usdPerHour === undefined ? undefined : usdPerHour * share;
        },
      };
    }
  }
}

function onDemand({ onDemandUsdPerHour }: QuoteQuestion, instanceType: string): number | undefined {
  // Not by the name alone: a type called `constructor` has no price.
  const usdPerHour = Object.hasOwn(onDemandUsdPerHour, instanceType) ? onDemandUsdPerHour[instanceType] : undefined;
  return usdPerHour !== undefined && usdPerHour > 0 ? usdPerHour : undefined;
}

/**
 * A spot block's price as a share of on-demand: 55 % for an hour, 70 % for six, and 5 points less on Saturday and Sunday
 * UTC. AWS published only those two lengths and left the others to be read between them (price list of 2018; AWS News
 * Blog, October 2015, on off-peak hours).
 */
export function blockShareOf(durationMs: Millis, at: Instant): number {
  const length = Math.min(6, Math.max(1, durationMs / hours(1)));
  const day = new Date(at).getUTCDay();
  return (55 + 3 * (length - 1) - (day === 0 || day === 6 ? 5 : 0)) / 100;
}

/** The newest price of each market in a list of prices. */
function latestPrices(list: Listed<SpotPrice>): Prices {
  if (list.kind === 'unknown') return list;
  const rows = list.items.filter(isOfLinux);
  const latest = new Map<string, { readonly usdPerHour: number; readonly since: Instant }>();
  for (const row of rows) {
    const price = priceIn(row);
    if (price === undefined) continue;
    const seen = latest.get(price.market);
    if (seen === undefined || seen.since < price.since) latest.set(price.market, price);
  }
  // Rows of which none can be read are no sign of an endpoint without prices: something is wrong with the answer.
  if (rows.length > 0 && latest.size === 0) return { kind: 'unknown', why: 'no price in the answer can be read' };
  return { kind: 'known', of: (market) => latest.get(marketOf(market))?.usdPerHour };
}

/** Filters are not trusted: an endpoint may answer with the prices of Windows. */
const isOfLinux = ({ ProductDescription: product }: SpotPrice): boolean => product === undefined || LINUX.has(product);

const LINUX: ReadonlySet<string> = new Set(['Linux/UNIX', 'Linux/UNIX (Amazon VPC)']);

function priceIn(item: SpotPrice): { market: string; usdPerHour: number; since: Instant } | undefined {
  const { InstanceType: instanceType, AvailabilityZone: zone, SpotPrice: text = '', Timestamp: timestamp } = item;
  const usdPerHour = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (instanceType === undefined || zone === undefined || timestamp === undefined) return undefined;
  return usdPerHour > 0
    ? { market: marketOf({ instanceType, zone }), usdPerHour, since: timestamp.getTime() }
    : undefined;
}

/** The prices that hold at an instant: EC2 answers with the last change before it, too. */
async function spotPrices(
  { aws, caller }: QuoteSettings,
  { instanceTypes, zones }: QuoteQuestion,
  at: Instant,
): Promise<Listed<SpotPrice>> {
  return everyPage(async (token): Promise<Answer<Page<SpotPrice>>> => {
    const answer = await caller.call('ec2', 'DescribeSpotPriceHistory', (abortSignal) =>
      aws.ec2.send(
        new DescribeSpotPriceHistoryCommand({
          StartTime: new Date(at),
          // The SDK's list of types is as old as the SDK; EC2 knows the newer ones.
          InstanceTypes: instanceTypes.map((type) => type as _InstanceType),
          ProductDescriptions: ['Linux/UNIX'],
          Filters: [{ Name: 'availability-zone', Values: [...zones] }],
          MaxResults: 1_000,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
        { abortSignal },
      ),
    );
    // An endpoint that has no such action has no prices, which is another thing than not telling them now.
    if (answer.kind === 'failed' && NO_ACTION.has(answer.code))
      return { kind: 'ok', value: { items: [], nextToken: undefined } };
    if (answer.kind === 'failed') return answer;
    return { kind: 'ok', value: { items: answer.value.SpotPriceHistory, nextToken: answer.value.NextToken } };
  });
}

/** What an endpoint answers to an action that it does not have ("Common errors", EC2 API reference; HTTP 501). */
const NO_ACTION: ReadonlySet<string> = new Set(['InvalidAction', 'NotImplemented', 'NotImplementedError']);
