import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import {
  EC2Client,
  type EC2ServiceException,
  type Instance,
  RunInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach } from 'vitest';
import { Account, type AccountOptions } from '../../../fakes/aws/account.ts';
import { type AwsServer, awsServer } from '../../../fakes/aws/server.ts';
import type { Instant, Millis } from '../../../src/domain/time.ts';

export const MONDAY: Instant = Date.parse('2026-03-02T08:00:00Z');

/** An account, its server, AWS's own clients for it, and the clock that all of them live by. */
export interface Stage {
  readonly account: Account;
  readonly server: AwsServer;
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;
  readonly sqs: SQSClient;
  /** Moves the clock, and lets the account do what is due. */
  readonly pass: (ms: Millis) => void;
}

const ending: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

/** Each test gets a stage of its own; it is taken down after the test. */
export async function stage(options: Partial<AccountOptions> = {}): Promise<Stage> {
  let at = MONDAY;
  const account = new Account({ now: () => at, ...options });
  const server = await awsServer({ account });
  const settings = {
    endpoint: server.url,
    region: account.region,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  const clients = {
    ec2: new EC2Client(settings),
    autoScaling: new AutoScalingClient(settings),
    sqs: new SQSClient(settings),
  };
  ending.push(
    ...Object.values(clients).map((client) => () => {
      client.destroy();
    }),
    () => server.close(),
  );
  return {
    account,
    server,
    ...clients,
    pass: (ms) => {
      at += ms;
      account.tick();
    },
  };
}

/** What a launch needs at least. */
export const ONE = { MinCount: 1, MaxCount: 1, ImageId: 'ami-0123456789abcdef0', InstanceType: 'm5.2xlarge' } as const;

export const SPOT = { MarketType: 'spot', SpotOptions: { SpotInstanceType: 'one-time' } } as const;

/** Launches one instance. */
export const run = async (ec2: EC2Client, input: Partial<RunInstancesCommandInput> = {}): Promise<Instance> => {
  const { Instances = [] } = await ec2.send(new RunInstancesCommand({ ...ONE, ...input }));
  return Instances[0]!;
};

/** What a call was refused with: `InvalidInstanceID.NotFound 400: …`; fails if it was not refused. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const status = '$metadata' in error ? (error as EC2ServiceException).$metadata.httpStatusCode : undefined;
    return `${error.name} ${status ?? '-'}: ${error.message}`;
  }
  throw new Error('the call was not refused');
}

/** Resolves when something has come true that other people's calls bring about. */
export async function eventually(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
