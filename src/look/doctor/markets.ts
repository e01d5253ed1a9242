import { DescribeInstanceTypeOfferingsCommand } from '@aws-sdk/client-ec2';
import type { PoolConfig } from '../../config/pools.ts';
import { termsOf } from '../../domain/words.ts';
import type { Answer } from '../../live/aws/calls/answer.ts';
import type { Caller } from '../../live/aws/calls/call.ts';
import type { Aws } from '../../live/aws/calls/clients.ts';
import { everyPage, type Page } from '../../live/aws/calls/pages.ts';
import type { Template } from '../../live/aws/template/template.ts';
import { termConditions } from '../../live/aws/template/termConditions.ts';
import type { Look } from '../look.ts';
import { unpricedNote } from '../unpriced.ts';
import { counted, usdText } from '../words.ts';
import { allowBy, checking, type Finding, isForbidden, refused } from './finding.ts';

/** What blocks are copied from and where they can be bought, pool by pool. */
export async function marketFindings(
  seen: Look,
  { aws, caller }: { readonly aws: Pick<Aws, 'ec2'>; readonly caller: Caller },
): Promise<readonly Finding[]> {
  const types = [...new Set(seen.file.pools.flatMap(({ instanceTypes }) => instanceTypes))];
  const offered = await offerings(types, aws, caller);
  return seen.file.pools.flatMap((pool) => [
    ...templateFindings(seen, pool),
    ...typeFindings(pool, offered),
    priceFinding(seen, pool),
    ...unpricedFindings(seen, pool),
  ]);
}

/** Where nothing at all has a price, `priceFinding` says so. */
function unpricedFindings({ file, quotes }: Look, pool: PoolConfig): readonly Finding[] {
  const quote = quotes.get(pool.name);
  const note = unpricedNote(file, pool);
  if (note === undefined || (quote?.kind === 'known' && quote.unpriced)) return [];
  return [checking('prices', pool.name).warn(note.found, note.remedy)];
}

function templateFindings({ templates }: Look, pool: PoolConfig): readonly Finding[] {
  const check = checking('template', pool.name);
  const { autoScalingGroup: group } = pool.template;
  const resolution = templates.get(pool.name);
  if (resolution?.kind === 'unsupported')
    return resolution.problems.map((problem) =>
      check.fail(problem, `mend the group ${group}, or name another in the pool`),
    );
  if (resolution?.kind !== 'resolved') {
    const why = resolution?.why ?? 'it was not read';
    if (resolution?.missing === true) return [check.fail(why, 'name a group that exists in this account and region')];
    return [isForbidden(why) ? refused(check, why, allowBy('Read')) : check.unknown(why)];
  }
  const { template, warnings } = resolution;
  const terms = termsOf(pool.lease.term).map((term) => termConditions(template, term));
  const problems = [...new Set(terms.flatMap((one) => one.problems))];
  const lost = [...new Set(terms.flatMap((one) => one.warnings))];
  return [
    check.ok(`${sourceText(template)}, ${counted(template.subnets.length, 'subnet')}`),
    ...problems.map((problem) => check.fail(problem, 'choose another term, or change the template')),
    ...[...warnings, ...lost].map((warning) => check.warn(warning, 'see to it, or leave it if it is meant')),
    ...zoneFindings(pool, template),
    ...tokenFindings(pool, template),
  ];
}

const sourceText = ({ source, hash, group }: Template): string =>
  source.kind === 'launch-template'
    ? `${group} launches ${source.id} version ${source.version} (${hash})`
    : `${group} launches the configuration ${source.name} (${hash})`;

function zoneFindings(pool: PoolConfig, { subnets, group }: Template): readonly Finding[] {
  const check = checking('zones', pool.name);
  const without = pool.zones.filter((zone) => !subnets.some((subnet) => subnet.zone === zone));
  const full = subnets.filter(({ freeAddresses }) => freeAddresses === 0);
  const remedy = `give ${group} a subnet there, or take the zone out of the pool`;
  return [
    ...(without.length === 0
      ? [check.ok(`${group} has a subnet in each of ${pool.zones.join(', ')}`)]
      : without.length === pool.zones.length
        ? [check.fail(`${group} has no subnet in any of ${without.join(', ')}: nothing can be bought`, remedy)]
        : [check.warn(`${group} has no subnet in ${without.join(', ')}: nothing is bought there`, remedy)]),
    ...(full.length === 0
      ? []
      : [
          check.warn(
            `no address is free in ${full.map(({ subnetId, zone }) => `${subnetId} (${zone})`).join(', ')}`,
            'free some, or add a subnet',
          ),
        ]),
  ];
}

/** The printed role launches nothing that does not demand IMDSv2. */
function tokenFindings(pool: PoolConfig, { source }: Template): readonly Finding[] {
  if (source.blueprint.metadata?.HttpTokens === 'required') return [];
  return [
    checking('template', pool.name).warn(
      'it does not demand IMDSv2, and the printed role launches nothing else (LaunchInstanceTagged)',
      'set HttpTokens: required in the template',
    ),
  ];
}

type Offered =
  | { readonly kind: 'known'; readonly items: readonly string[] }
  | { readonly kind: 'unknown'; readonly why: string };

/** The markets that there are, as `type/zone`. */
async function offerings(types: readonly string[], aws: Pick<Aws, 'ec2'>, caller: Caller): Promise<Offered> {
  return everyPage(async (token): Promise<Answer<Page<string>>> => {
    const answer = await caller.call('ec2', 'DescribeInstanceTypeOfferings', (abortSignal) =>
      aws.ec2.send(
        new DescribeInstanceTypeOfferingsCommand({
          LocationType: 'availability-zone',
          Filters: [{ Name: 'instance-type', Values: [...types] }],
          ...(token === undefined ? {} : { NextToken: token }),
        }),
        { abortSignal },
      ),
    );
    if (answer.kind === 'failed') return answer;
    const { InstanceTypeOfferings: items, NextToken: nextToken } = answer.value;
    const markets = items?.map(({ InstanceType: type, Location: zone }) => `${type ?? ''}/${zone ?? ''}`);
    return { kind: 'ok', value: { items: markets, nextToken } };
  });
}

function typeFindings({ name, instanceTypes, zones }: PoolConfig, offered: Offered): readonly Finding[] {
  const check = checking('types', name);
  if (offered.kind === 'unknown')
    return [isForbidden(offered.why) ? refused(check, offered.why, allowBy('Read')) : check.unknown(offered.why)];
  const missing = instanceTypes.flatMap((type) => {
    const lacks = zones.filter((zone) => !offered.items.includes(`${type}/${zone}`));
    return lacks.length === 0 ? [] : [{ type, lacks }];
  });
  if (missing.length === 0)
    return [check.ok(`${counted(instanceTypes.length, 'type')} offered in each of ${counted(zones.length, 'zone')}`)];
  return missing.map(({ type, lacks }) =>
    lacks.length === zones.length
      ? check.fail(`${type} is offered in none of ${zones.join(', ')}`, 'take the type out of the pool')
      : check.warn(
          `${type} is not offered in ${lacks.join(', ')}`,
          'nothing, if other types are; it is never bought there',
        ),
  );
}

function priceFinding({ quotes }: Look, { name, lease, instanceTypes, zones }: PoolConfig): Finding {
  const check = checking('prices', name);
  const quote = quotes.get(name);
  const terms = termsOf(lease.term);
  if (quote?.kind !== 'known') {
    const why = quote?.why ?? 'they were not asked for';
    return isForbidden(why) ? refused(check, why, allowBy('Read')) : check.unknown(why);
  }
  if (quote.offers.length === 0) return check.unknown('nothing can be priced without a subnet');
  if (quote.unpriced)
    return check.warn(
      `no ${terms.join(' or ')} price is known of ${instanceTypes.join(', ')}`,
      terms.includes('spot')
        ? 'see whether the types exist in this region'
        : 'give live.onDemandUsdPerHour in the pools file; until then price limits refuse everything',
    );
  const usd = quote.offers.map(({ usdPerHour }) => usdPerHour);
  const markets = instanceTypes.length * zones.length * terms.length;
  const range = `${usdText(Math.min(...usd))} to ${usdText(Math.max(...usd))} USD/h`;
  return quote.offers.length < markets
    ? check.warn(`${quote.offers.length} of ${markets} markets have a price, ${range}`, 'the others are never bought')
    : check.ok(`${counted(markets, 'market')}, ${range}`);
}
