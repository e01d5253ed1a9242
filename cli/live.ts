import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { instantOf } from '../src/config/fields.ts';
import { BadInput, type Mistake } from '../src/config/mistakes.ts';
import { awsCaller, type Caller } from '../src/live/aws/calls/call.ts';
import { type Aws, awsClients } from '../src/live/aws/calls/clients.ts';
import { type Kube, kubeClient } from '../src/live/kubernetes/kubeClient.ts';
import { loadKubeconfig } from '../src/live/kubernetes/kubeconfig/kubeconfig.ts';
import { type Clock, scaledClock, systemClock } from '../src/live/ports/clock.ts';
import type { Telemetry } from '../src/live/ports/telemetry.ts';

/** The flags of every command that meets a real cluster and account. */
export interface LiveFlags {
  readonly namespace?: string;
  readonly clock?: Clock;
}

export const withLiveFlags = (command: Command): Command =>
  command
    .option(
      '--namespace <name>',
      'the namespace of the ledger and the lease (default: POD_NAMESPACE, else that of the kubeconfig)',
    )
    .option(
      '--clock <from@speed@since>',
      'for rehearsals: the instant that it was at `since` (milliseconds since 1970), and how many times faster than real it goes',
      clockOf,
    );

/** The doors to AWS and Kubernetes, from the standard environment and nothing else. */
export interface LiveDoors {
  readonly aws: Aws;
  readonly caller: Caller;
  readonly kube: Kube;
  readonly clock: Clock;
  readonly namespace: string;
  /** Unlike that of any other keeper process. */
  readonly identity: string;
}

/** Where the doors lead to. */
export interface LivePlace {
  readonly aws: Aws;
  readonly config: KubeConfig;
}

/** @throws BadInput where the environment names no cluster or no region; it says both where both are missing. */
export async function livePlace(): Promise<LivePlace> {
  const mistakes: Mistake[] = [];
  const aws = awsClients();
  // As the SDK finds it: in the environment, or in the profile that the environment names.
  await aws.ec2.config.region().catch(() => {
    mistakes.push({ file: 'AWS_REGION', message: 'expected a region such as us-east-1, found none; set AWS_REGION' });
  });
  let config: KubeConfig | undefined;
  try {
    config = loadKubeconfig();
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    mistakes.push(...error.mistakes);
  }
  if (config === undefined || mistakes.length > 0) throw new BadInput(mistakes);
  return { aws, config };
}

export function liveDoors({ aws, config }: LivePlace, flags: LiveFlags, telemetry: Telemetry): LiveDoors {
  const clock = flags.clock ?? systemClock;
  return {
    aws,
    caller: awsCaller({ telemetry, clock, skewMs: aws.skewMs }),
    kube: kubeClient({ telemetry, config }),
    clock,
    namespace: flags.namespace ?? namespaceOf(config),
    identity: process.env['POD_NAME'] ?? `${hostname()}-${process.pid}`,
  };
}

/** Where a pod finds the name of its own namespace (Kubernetes documentation, "Accessing the API from a Pod"). */
const OWN_NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

function namespaceOf(config: KubeConfig): string {
  const named = process.env['POD_NAMESPACE'];
  if (named !== undefined && named !== '') return named;
  const context = config.getContextObject(config.getCurrentContext())?.namespace;
  if (context !== undefined && context !== '') return context;
  try {
    return readFileSync(OWN_NAMESPACE, 'utf8').trim();
  } catch {
    return 'default';
  }
}

function clockOf(text: string): Clock {
  const [fromText = '', speedText = '1', sinceText] = text.split('@');
  const from = instantOf(fromText);
  const speed = Number(speedText);
  const realFrom = sinceText === undefined ? Date.now() : Number(sinceText);
  if (from === undefined || !(speed > 0) || !Number.isFinite(realFrom))
    throw new InvalidArgumentError(
      'Expected an instant, a speed and milliseconds since 1970, such as 2026-03-02T08:00:00Z@60@1767225600000.',
    );
  return scaledClock({ from, realFrom, speed });
}
