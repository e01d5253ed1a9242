import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { seconds } from '../../../domain/time.ts';
import { isFinal } from '../inventory/ownInstance.ts';
import type { Template } from '../template/template.ts';
import { diedAtOnce } from './death.ts';
import { findLaunched } from './findLaunched.ts';
import type { Intent } from './intent.ts';
import {
  answerOf,
  type Ends,
  granted,
  instantOf,
  isInstanceId,
  type LaunchAnswer,
  type LaunchPort,
  leaseOf,
  undecided,
} from './launchAnswer.ts';
import { inputOf } from './launchInput.ts';
import { launchSpotBlock } from './spotBlock.ts';

/** EC2 answers a launch within seconds, or late because it is busy; a repeat with the same token is safe anyway. */
const LAUNCH_TIMEOUT_MS = seconds(30);

/**
 * Carries out an intent: one call, or for a spot block one request that is followed to its end. A request that is
 * open when the launch is cancelled is cancelled too, and answered as it came out.
 */
export async function launch(
  port: LaunchPort,
  intent: Intent,
  template: Template,
  ends: Ends = {},
): Promise<LaunchAnswer> {
  // EC2 would take it for another launch under the same token.
  if (template.hash !== intent.templateHash)
    return undecided(`the template is ${template.hash} and no longer ${intent.templateHash}`, false);
  const answer = await (intent.term === 'spot-block'
    ? launchSpotBlock(port, intent, template, ends)
    : runInstances(port, intent, template, ends));
  return answer.kind === 'unknown' && !answer.isRepeatable ? afterMismatch(port, intent, answer) : answer;
}

async function runInstances(
  { aws, caller, clock }: LaunchPort,
  intent: Intent,
  template: Template,
  { stopped }: Ends,
): Promise<LaunchAnswer> {
  const answer = await caller.call(
    'ec2',
    'RunInstances',
    (abortSignal) => aws.ec2.send(new RunInstancesCommand(inputOf(intent, template)), { abortSignal }),
    { mutating: true, timeoutMs: LAUNCH_TIMEOUT_MS, ...(stopped === undefined ? {} : { signal: stopped }) },
  );
  if (answer.kind === 'failed') return answerOf(answer);
  const instance = answer.value.Instances?.[0];
  const instanceId = instance?.InstanceId;
  if (!isInstanceId(instanceId)) return undecided('RunInstances was answered without an instance');
  const { State: state, StateReason: reason } = instance ?? {};
  if (isFinal(state?.Name ?? ''))
    return diedAtOnce(instanceId, { code: reason?.Code ?? '', message: reason?.Message ?? '' });
  return granted(leaseOf(instanceId, intent.offer, instantOf(instance?.LaunchTime) ?? clock.now()));
}

/** EC2 knows the token from a call with other parameters. What that call bought is found by its tags, if anything is. */
async function afterMismatch(port: LaunchPort, intent: Intent, unknown: LaunchAnswer): Promise<LaunchAnswer> {
  const finding = await findLaunched(port, intent.fleet, intent.token);
  if (finding.kind !== 'found') return unknown;
  return isFinal(finding.state)
    ? diedAtOnce(finding.lease.instanceId, finding.reason ?? { code: '', message: '' })
    : granted(finding.lease);
}
