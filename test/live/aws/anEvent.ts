/** An event as EventBridge puts it on the queue. */
export const anEvent = (
  detailType: string,
  detail: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): string =>
  JSON.stringify({
    version: '0',
    id: '1e5527d7-bb36-4607-3370-4164db56a40e',
    'detail-type': detailType,
    source: 'aws.ec2',
    account: '123456789012',
    time: '2026-03-02T08:00:00Z',
    region: 'us-east-1',
    resources: ['arn:aws:ec2:us-east-1a:instance/i-0a1'],
    detail,
    ...more,
  });

/** The two minutes' notice. */
export const aWarning = (instanceId = 'i-0a1', more: Readonly<Record<string, unknown>> = {}): string =>
  anEvent(
    'EC2 Spot Instance Interruption Warning',
    { 'instance-id': instanceId, 'instance-action': 'terminate' },
    more,
  );
