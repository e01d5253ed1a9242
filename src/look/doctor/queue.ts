import { DEFAULT_LIVE, type PoolsFile } from '../../config/pools.ts';
import { termsOf } from '../../domain/words.ts';
import type { Caller } from '../../live/aws/calls/call.ts';
import type { Aws } from '../../live/aws/calls/clients.ts';
import { checking, type Finding, unread } from './finding.ts';

/** Whether the interruption queue can be read. A message that is there is looked at and stays for the keeper. */
export async function queueFinding(
  file: PoolsFile,
  { aws, caller }: { readonly aws: Pick<Aws, 'sqs'>; readonly caller: Caller },
): Promise<Finding> {
  const check = checking('queue');
  const { interruptionQueue: queueUrl } = file.live ?? DEFAULT_LIVE;
  if (queueUrl === undefined)
    return file.pools.some(({ lease }) => termsOf(lease.term).includes('spot'))
      ? check.warn(
          'none is named: interruptions are found by polling alone',
          'make one with `spot-keeper manifests POOLS --only queue`, and name it as live.interruptionQueue',
        )
      : check.ok('none is named, and on-demand instances are not interrupted');
  const answer = await caller.call('sqs', 'ReceiveMessage', async (abortSignal) => {
    const { ReceiveMessageCommand } = await import('@aws-sdk/client-sqs');
    // With no time of invisibility the message stays where whoever reads the queue next finds it.
    const peek = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 1,
      WaitTimeSeconds: 0,
      VisibilityTimeout: 0,
    });
    return (await aws.sqs()).send(peek, { abortSignal });
  });
  if (answer.kind === 'ok') return check.ok('it can be read');
  if (answer.class === 'not-found')
    return check.fail(`there is no queue ${queueUrl}`, 'make it with `spot-keeper manifests POOLS --only queue`');
  return unread(check, answer, 'Queue');
}
