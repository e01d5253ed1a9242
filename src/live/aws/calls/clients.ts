import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { seconds } from '../../../domain/time.ts';
import { forgiveDates } from './wellDated.ts';

/** The clients of one account and Region. Every call with them goes through a `Caller`. */
export interface Aws {
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;
  /** Loaded when it is first asked for: it costs 17 MB, and where no queue is configured nobody asks. */
  readonly sqs: () => Promise<SQSClient>;
  /** How far the clock of AWS is ahead of this machine's, as EC2's answers showed; undefined where they agree or nobody answered yet. */
  readonly skewMs: () => number | undefined;
  /** Closes the connections. A call still under way fails. */
  readonly destroy: () => void;
}

/** How long a connection may take to open. */
const CONNECTION_TIMEOUT_MS = seconds(5);

/** The last resort behind the time-out of each call, and above the longest poll of a queue (20 s). */
const REQUEST_TIMEOUT_MS = seconds(60);

const MUTE = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Region, endpoints and credentials come from the standard environment of the AWS SDK; `region` overrides the first. */
export function awsClients({ region }: { readonly region?: string | undefined } = {}): Aws {
  const config = {
    ...(region === undefined ? {} : { region }),
    // The caller repeats what may be repeated: the SDK would repeat launches, and within milliseconds.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      // Without it the SDK only warns, and a hung call lasts for ever.
      throwOnRequestTimeout: true,
    },
  };
  const ec2 = new EC2Client(config);
  forgiveDates(ec2);
  const autoScaling = new AutoScalingClient(config);
  let loading: Promise<SQSClient> | undefined;
  return {
    ec2,
    autoScaling,
    sqs: () => {
      // It would say with every poll that the queue's URL names another host than the endpoint, which is no news.
      loading ??= import('@aws-sdk/client-sqs').then((sqs) => new sqs.SQSClient({ ...config, logger: MUTE }));
      return loading;
    },
    skewMs: () => ec2.config.systemClockOffset || undefined,
    destroy: () => {
      ec2.destroy();
      autoScaling.destroy();
      loading?.then(
        (sqs) => {
          sqs.destroy();
        },
        () => undefined,
      );
    },
  };
}
