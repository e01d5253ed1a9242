import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { stage } from './anAccount.ts';

/** What boto3 this machine has, if any. */
function boto3Version(): readonly number[] | undefined {
  try {
    const told = execFileSync('python3', ['-c', 'import boto3; print(boto3.__version__)'], { stdio: 'pipe' });
    return told.toString().trim().split('.').map(Number);
  } catch {
    return undefined;
  }
}

const version = boto3Version();
const hasBoto3 = version !== undefined;
const [major = 0, minor = 0] = version ?? [];
/** Older ones speak the query protocol with SQS. */
const speaksJsonToSqs = major > 1 || (major === 1 && minor >= 29);

async function python(url: string, script: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)('python3', ['-c', `${PREAMBLE}\n${script}`], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ENDPOINT: url,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  return JSON.parse(stdout) as unknown;
}

const PREAMBLE = `
import boto3, json, os
from botocore.config import Config
from botocore.exceptions import ClientError
def client(name):
    return boto3.client(name, endpoint_url=os.environ['ENDPOINT'], config=Config(retries={'total_max_attempts': 1}))
`;

describe('boto3, another reader of the same protocols', () => {
  it.skipIf(!hasBoto3)('launches from a template, finds by tag in pages, and terminates', async () => {
    const { server, account } = await stage();
    const told = await python(
      server.url,
      `
ec2 = client('ec2')
lt = ec2.create_launch_template(LaunchTemplateName='ci-nodes', LaunchTemplateData={'ImageId': 'ami-0123456789abcdef0',
  'SecurityGroupIds': ['sg-01'], 'TagSpecifications': [{'ResourceType': 'instance', 'Tags': [{'Key': 'team', 'Value': 'a & b'}]}]})
version = ec2.describe_launch_template_versions(LaunchTemplateName='ci-nodes', Versions=['$Latest'])['LaunchTemplateVersions'][0]
def run(token):
    return ec2.run_instances(LaunchTemplate={'LaunchTemplateName': 'ci-nodes', 'Version': '1'}, InstanceType='m5.2xlarge', MinCount=1,
      MaxCount=1, ClientToken=token, InstanceMarketOptions={'MarketType': 'spot', 'SpotOptions': {'SpotInstanceType': 'one-time'}},
      TagSpecifications=[{'ResourceType': 'instance', 'Tags': [{'Key': 'spot-keeper.io/fleet', 'Value': 'ci'}]}])['Instances'][0]
ids = [run('t%d' % n)['InstanceId'] for n in range(7)]
same = run('t0')
pages = list(ec2.get_paginator('describe_instances').paginate(Filters=[{'Name': 'tag:spot-keeper.io/fleet', 'Values': ['ci']}],
  PaginationConfig={'PageSize': 5}))
found = [i['InstanceId'] for p in pages for r in p['Reservations'] for i in r['Instances']]
ended = ec2.terminate_instances(InstanceIds=ids[:1])['TerminatingInstances'][0]
try:
    ec2.describe_instances(InstanceIds=['i-00000001'])
    code = None
except ClientError as error:
    code = [error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode']]
print(json.dumps({'data': version['LaunchTemplateData'], 'same': same['InstanceId'] == ids[0], 'tags': same['Tags'], 'pages': len(pages),
  'found': found == ids, 'launched': same['LaunchTime'].isoformat(), 'ended': ended['CurrentState']['Name'], 'code': code}))
`,
    );
    expect(told).toEqual({
      data: {
        ImageId: 'ami-0123456789abcdef0',
        SecurityGroupIds: ['sg-01'],
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'team', Value: 'a & b' }] }],
      },
      same: true,
      tags: [
        { Key: 'team', Value: 'a & b' },
        { Key: 'spot-keeper.io/fleet', Value: 'ci' },
      ],
      pages: 2,
      found: true,
      launched: '2026-03-02T08:00:00+00:00',
      ended: 'shutting-down',
      code: ['InvalidInstanceID.NotFound', 400],
    });
    expect(account.instances.all()).toHaveLength(7);
  });

  it.skipIf(!hasBoto3)('reads groups, requests a block and cancels it, and reads prices', async () => {
    const { server, account } = await stage({ sellsBlocks: true });
    account.setSpotPrice('m5.2xlarge', 'eu-central-1a', 0.2104);
    account.decide = () =>
      Promise.resolve({ kind: 'refused', code: 'InsufficientInstanceCapacity', message: 'none', status: 500 });
    const told = await python(
      server.url,
      `
ec2, groups = client('ec2'), client('autoscaling')
groups.create_launch_configuration(LaunchConfigurationName='lc', ImageId='ami-0123', InstanceType='m5.large', UserData='x')
groups.create_auto_scaling_group(AutoScalingGroupName='g', LaunchConfigurationName='lc', MinSize=0, MaxSize=3,
  VPCZoneIdentifier='subnet-1,subnet-2', Tags=[{'Key': 'k', 'Value': 'v', 'PropagateAtLaunch': True}])
group = groups.describe_auto_scaling_groups(AutoScalingGroupNames=['g'])['AutoScalingGroups'][0]
request = ec2.request_spot_instances(BlockDurationMinutes=60, ClientToken='once',
  LaunchSpecification={'ImageId': 'ami-0123', 'InstanceType': 'm5.2xlarge'})['SpotInstanceRequests'][0]
ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[request['SpotInstanceRequestId']])
after = ec2.describe_spot_instance_requests(SpotInstanceRequestIds=[request['SpotInstanceRequestId']])['SpotInstanceRequests'][0]
price = ec2.describe_spot_price_history(ProductDescriptions=['Linux/UNIX'])['SpotPriceHistory'][0]
print(json.dumps({'group': [group['LaunchConfigurationName'], group['MaxSize'], group['Tags'][0]['PropagateAtLaunch']],
  'after': [after['State'], after['Status']['Code'], after['BlockDurationMinutes']], 'price': price['SpotPrice']}))
`,
    );
    expect(told).toEqual({
      group: ['lc', 3, true],
      after: ['cancelled', 'canceled-before-fulfillment', 60],
      price: '0.210400',
    });
  });

  it.skipIf(!hasBoto3 || !speaksJsonToSqs)('sends, receives and deletes messages', async () => {
    const { server, account } = await stage();
    const told = await python(
      server.url,
      `
sqs = client('sqs')
url = sqs.create_queue(QueueName='q')['QueueUrl']
sqs.send_message(QueueUrl=url, MessageBody='ü & <x>')
message = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)['Messages'][0]
sqs.delete_message(QueueUrl=url, ReceiptHandle=message['ReceiptHandle'])
print(json.dumps(message['Body']))
`,
    );
    expect(told).toBe('ü & <x>');
    expect(account.queues.get('q')?.length).toBe(0);
  });
});
