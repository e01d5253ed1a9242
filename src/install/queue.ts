import type { ManifestSettings } from './settings.ts';

/** A kind of event that the keeper hears of through its queue. */
export interface EventRule {
  /** Part of the rule's name. */
  readonly id: string;
  readonly pattern: Readonly<Record<string, unknown>>;
}

/**
 * One rule for each kind, because the kinds are named one by one. A rule cannot ask for tags: the queue hears of every
 * instance of the account, and the keeper drops what is not its own.
 */
export const EVENT_RULES: readonly EventRule[] = [
  ec2('spot-interruption', 'EC2 Spot Instance Interruption Warning'),
  ec2('rebalance', 'EC2 Instance Rebalance Recommendation'),
  ec2('state-change', 'EC2 Instance State-change Notification'),
  ec2('reservation-interruption', 'EC2 Capacity Reservation Instance Interruption Warning'),
  {
    id: 'scheduled-change',
    pattern: {
      source: ['aws.health'],
      'detail-type': ['AWS Health Event'],
      detail: { service: ['EC2'], eventTypeCategory: ['scheduledChange'] },
    },
  },
];

function ec2(id: string, detailType: string): EventRule {
  return { id, pattern: { source: ['aws.ec2'], 'detail-type': [detailType] } };
}

/**
 * How long a message waits, in seconds. A notice is two minutes long, so an older one says nothing that the next list of
 * instances does not say better.
 */
export const RETENTION_SECONDS = 300;

/** The name of the rule; the queue believes no other. */
export const ruleName = ({ queue }: ManifestSettings, { id }: EventRule): string => `${queue}-${id}`;

const ruleArn = (settings: ManifestSettings, rule: EventRule): string =>
  `arn:${settings.partition}:events:${settings.region}:${settings.account}:rule/${ruleName(settings, rule)}`;

/** A CloudFormation template: the queue, who may write to it, and the rules. Its output is the queue's URL. */
export const queueTemplateOf = (settings: ManifestSettings) => ({
  AWSTemplateFormatVersion: '2010-09-09',
  Description: `Notices for Spot Keeper: the queue ${settings.queue} and the rules that feed it`,
  Resources: {
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: settings.queue,
        MessageRetentionPeriod: RETENTION_SECONDS,
        // EventBridge cannot write to a queue that is encrypted with the managed key of KMS.
        SqsManagedSseEnabled: true,
      },
    },
    QueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Queue' }],
        PolicyDocument: queuePolicyOf(settings, { 'Fn::GetAtt': ['Queue', 'Arn'] }),
      },
    },
    ...Object.fromEntries(
      EVENT_RULES.map((rule) => [
        `${rule.id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}Rule`,
        {
          Type: 'AWS::Events::Rule',
          Properties: {
            Name: ruleName(settings, rule),
            EventPattern: rule.pattern,
            Targets: [{ Id: 'queue', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
          },
        },
      ]),
    ),
  },
  Outputs: { QueueUrl: { Description: 'For live.interruptionQueue in the pools file', Value: { Ref: 'Queue' } } },
});

/** Who may write to the queue: these rules, and nobody without TLS. */
export const queuePolicyOf = (settings: ManifestSettings, queueArn: unknown) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'RulesOnly',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
      Condition: { ArnEquals: { 'aws:SourceArn': EVENT_RULES.map((rule) => ruleArn(settings, rule)) } },
    },
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:*',
      Resource: queueArn,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
});
