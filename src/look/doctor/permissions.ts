import {
  CancelSpotInstanceRequestsCommand,
  RequestSpotInstancesCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { PoolConfig } from '../../config/pools.ts';
import { blockIdOf, type Offer, termsOf, tokenOf } from '../../domain/words.ts';
import type { Caller } from '../../live/aws/calls/call.ts';
import type { Aws } from '../../live/aws/calls/clients.ts';
import { launchParameters } from '../../live/aws/launch/intent.ts';
import { inputOf, spotRequestInputOf } from '../../live/aws/launch/launchInput.ts';
import type { Template } from '../../live/aws/template/template.ts';
import type { Look } from '../look.ts';
import { type DryRan, dryRun, type Rehearsed } from './dryRun.ts';
import { allowBy, checking, type Finding } from './finding.ts';

interface Doors {
  readonly aws: Pick<Aws, 'ec2'>;
  readonly caller: Caller;
}

/** What the role of whoever runs this may do in EC2, found out by dry runs of the keeper's own calls. */
export async function permissionFindings(seen: Look, doors: Doors): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const ran: DryRan[] = [];
  for (const pool of seen.file.pools) {
    const launches = await poolLaunches(seen, pool, doors, ran.includes('ignored'));
    findings.push(...launches.map(({ finding }) => finding));
    ran.push(...launches.map((one) => one.ran));
  }
  // An endpoint that does what it is only asked about would end a block that works.
  if (ran.includes('ignored'))
    return [...findings, checking('rights', 'TerminateInstances').unknown('not tried at an endpoint without dry runs')];
  return [...findings, ...(await endFindings(seen, doors, ran.includes('allowed')))];
}

/** The keeper's own launches, with its own parameters: every type once, and every zone once. */
async function poolLaunches(
  { templates, file, at }: Look,
  pool: PoolConfig,
  { aws, caller }: Doors,
  isIgnored: boolean,
): Promise<readonly Rehearsed[]> {
  const resolution = templates.get(pool.name);
  if (resolution?.kind !== 'resolved' || isIgnored) return [];
  const { template } = resolution;
  const rehearsed: Rehearsed[] = [];
  for (const offer of offersToTry(pool, template)) {
    const { instanceType, zone } = offer;
    const check = checking('rights', `${actionOf(offer)} ${pool.name} ${instanceType} ${zone}`);
    // No keeper ever makes a block of generation 0, so that no token of a real launch is used up.
    const blockId = blockIdOf(pool.name, 0, 0);
    const intent = launchParameters({ fleet: file.fleet, blockId, token: tokenOf(blockId, 0), offer, template, at });
    if ('problem' in intent) {
      rehearsed.push({ ran: 'refused', finding: check.fail(intent.problem, 'mend the pool or the template') });
      continue;
    }
    const one = await dryRun(check, {
      caller,
      action: actionOf(offer),
      statements: offer.term === 'spot-block' ? SPOT_BLOCK_STATEMENTS : LAUNCH_STATEMENTS,
      send: (abortSignal) =>
        offer.term === 'spot-block'
          ? aws.ec2.send(new RequestSpotInstancesCommand({ ...spotRequestInputOf(intent, template), DryRun: true }), {
              abortSignal,
            })
          : aws.ec2.send(new RunInstancesCommand({ ...inputOf(intent, template), DryRun: true }), { abortSignal }),
    });
    rehearsed.push(one);
    if (one.ran === 'ignored') break;
  }
  return gathered(rehearsed, pool);
}

const actionOf = ({ term }: Offer): string => (term === 'spot-block' ? 'RequestSpotInstances' : 'RunInstances');

/** What a launch needs, by the names of the printed policy. */
const LAUNCH_STATEMENTS = [
  'LaunchUsing',
  'LaunchInstanceTagged',
  'LaunchPartsTagged',
  'TagAtBirthOnly',
  'PassNodeRole',
];
const SPOT_BLOCK_STATEMENTS = [
  'SpotBlockRequestUsing',
  'SpotBlockRequestTagged',
  'SpotBlockTagRequest',
  'PassNodeRole',
];

function offersToTry({ instanceTypes, zones, lease }: PoolConfig, { subnets }: Template): readonly Offer[] {
  const there = zones.filter((zone) => subnets.some((subnet) => subnet.zone === zone));
  const offers: Offer[] = [];
  for (const [row, instanceType] of instanceTypes.entries())
    for (const [column, zone] of there.entries())
      if (row === 0 || column === 0)
        for (const term of termsOf(lease.term))
          offers.push({ instanceType, zone, term, durationMs: lease.durationMs, usdPerHour: 0 });
  return offers;
}

/** Launches that are all allowed are one finding: people look for what is not. */
function gathered(rehearsed: readonly Rehearsed[], { name, lease }: PoolConfig): readonly Rehearsed[] {
  const allowed = rehearsed.filter(({ ran }) => ran === 'allowed').length;
  if (allowed === 0) return rehearsed;
  const action = termsOf(lease.term).every((term) => term === 'spot-block') ? 'RequestSpotInstances' : 'RunInstances';
  const finding = checking('rights', `${action} ${name}`).ok(
    `allowed as ${allowed} of ${rehearsed.length} dry runs tried it`,
  );
  return [{ ran: 'allowed', finding }, ...rehearsed.filter(({ ran }) => ran !== 'allowed')];
}

/** Whether instances of ours may be ended, and their requests called off. */
async function endFindings({ alive }: Look, { aws, caller }: Doors, isProven: boolean): Promise<readonly Finding[]> {
  const [own] = alive;
  const ending = checking('rights', 'TerminateInstances');
  if (own === undefined) return [ending.unknown('there is no instance of ours to try it with')];
  // Only where a harmless call has shown that dry runs are kept is one tried that would end something.
  if (!isProven) return [ending.unknown('not tried: no dry run of a launch was answered as allowed')];
  const { instanceId, spotRequestId } = own;
  const ended = await dryRun(ending, {
    caller,
    action: 'TerminateInstances',
    statements: ['TerminateOwn'],
    send: (abortSignal) =>
      aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId], DryRun: true }), { abortSignal }),
  });
  if (spotRequestId === undefined) return [ended.finding];
  const cancelling = checking('rights', 'CancelSpotInstanceRequests');
  const cancelled = await dryRun(cancelling, {
    caller,
    action: 'CancelSpotInstanceRequests',
    statements: ['CancelOwn'],
    send: (abortSignal) =>
      aws.ec2.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [spotRequestId], DryRun: true }), {
        abortSignal,
      }),
  });
  // It only frees quota a little sooner.
  return [
    ended.finding,
    cancelled.ran === 'refused' ? cancelling.warn(cancelled.finding.found, allowBy('CancelOwn')) : cancelled.finding,
  ];
}
