import { type _InstanceType, DescribeSpotPriceHistoryCommand, type SpotPrice } from '@aws-sdk/client-ec2';
import type { PoolsFile } from '../../config/pools.ts';
import { before, type Instant, minutes } from '../../domain/time.ts';
import { marketOf } from '../../domain/words.ts';
import type { Condition } from '../../world/recording.ts';
import type { Answer } from '../aws/calls/answer.ts';
import type { Caller } from '../aws/calls/call.ts';
import type { Aws } from '../aws/calls/clients.ts';
import { everyPage, type Listed, type Page } from '../aws/calls/pages.ts';

type PriceChange = Extract<Condition, { readonly type: 'price.changed' }>;

export interface PriceSettings {
  readonly aws: Pick<Aws, 'ec2'>;
  readonly caller: Pick<Caller, 'call'>;
  readonly pools: PoolsFile['pools'];
}

/** A change may show in the history some minutes after it happened. */
const LATE_MS = minutes(15);

/**
 * Every change of a spot price in the pools' markets since an instant, and before that the one that held then; those that
 * are known already, by market, are left out. In order of time.
 */
export async function pricesSince(
  settings: PriceSettings,
  since: Instant,
  known: ReadonlyMap<string, PriceChange>,
): Promise<Listed<PriceChange>> {
  const history = await historyOf(settings, before(since, LATE_MS));
  if (history.kind === 'unknown') return history;
  const markets = new Set(
    settings.pools.flatMap(({ instanceTypes, zones }) =>
      instanceTypes.flatMap((instanceType) => zones.map((zone) => marketOf({ instanceType, zone }))),
    ),
  );
  const changes = history.items.map(changeIn).filter((change) => change !== undefined);
  if (history.items.length > 0 && changes.length === 0)
    return { kind: 'unknown', why: 'no price in the answer can be read' };
  const items = changes
    .filter(({ market, at }) => markets.has(market) && at > (known.get(market)?.at ?? Number.NEGATIVE_INFINITY))
    .sort((a, b) => a.at - b.at);
  return { kind: 'known', items };
}

/** Undefined for a row that cannot be read, and for one of another product: filters are not trusted. */
function changeIn(row: SpotPrice): PriceChange | undefined {
  const { InstanceType: instanceType, AvailabilityZone: zone, SpotPrice: text = '', Timestamp: timestamp } = row;
  const { ProductDescription: product = PRODUCT } = row;
  const usdPerHour = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  const at = timestamp?.getTime() ?? Number.NaN;
  if (instanceType === undefined || zone === undefined || Number.isNaN(at) || !(usdPerHour > 0)) return undefined;
  if (product !== PRODUCT && product !== `${PRODUCT} (Amazon VPC)`) return undefined;
  return { type: 'price.changed', at, market: marketOf({ instanceType, zone }), usdPerHour };
}

const PRODUCT = 'Linux/UNIX';

/** EC2 answers with the last change before the start, too. */
function historyOf({ aws, caller, pools }: PriceSettings, start: Instant): Promise<Listed<SpotPrice>> {
  const types = [...new Set(pools.flatMap(({ instanceTypes }) => instanceTypes))];
  const zones = [...new Set(pools.flatMap((pool) => pool.zones))];
  return everyPage(async (token): Promise<Answer<Page<SpotPrice>>> => {
    const answer = await caller.call('ec2', 'DescribeSpotPriceHistory', (abortSignal) =>
      aws.ec2.send(
        new DescribeSpotPriceHistoryCommand({
          StartTime: new Date(start),
          // The SDK's list of types is as old as the SDK; EC2 knows the newer ones.
          InstanceTypes: types.map((type) => type as _InstanceType),
          ProductDescriptions: [PRODUCT],
          Filters: [{ Name: 'availability-zone', Values: zones }],
          MaxResults: 1_000,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
        { abortSignal },
      ),
    );
    if (answer.kind === 'failed') return answer;
    return { kind: 'ok', value: { items: answer.value.SpotPriceHistory, nextToken: answer.value.NextToken } };
  });
}
