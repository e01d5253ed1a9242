import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstancesCommand,
  DescribeSpotPriceHistoryCommand,
  paginateDescribeInstances,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { seconds } from '../../../src/domain/time.ts';
import { eventually, MONDAY, refusal, type Stage, stage } from './anAccount.ts';

const LAUNCH = { MinCount: 1, MaxCount: 1, ImageId: 'ami-0123456789abcdef0', InstanceType: 'm5.2xlarge' } as const;
const launch = (ClientToken?: string): RunInstancesCommand => new RunInstancesCommand({ ...LAUNCH, ClientToken });
const look = new DescribeInstancesCommand({});

const states = async ({ ec2 }: Stage): Promise<(string | undefined)[]> =>
  ((await ec2.send(look)).Reservations ?? []).flatMap(({ Instances = [] }) =>
    Instances.map(({ State }) => State?.Name),
  );

describe('a fault', () => {
  it('is an error in the words of AWS, as often as it was arranged, and instead of the action', async () => {
    const on = await stage();
    on.server.faults.add({ action: 'RunInstances', times: 2, kind: 'error', code: 'InternalError', status: 500 });
    expect(await refusal(on.ec2.send(launch()))).toMatch(/^InternalError 500/);
    expect(await states(on)).toEqual([]);
    expect(await refusal(on.ec2.send(launch()))).toMatch(/^InternalError 500/);
    await on.ec2.send(launch());
    expect(await states(on)).toEqual(['pending']);
    expect(on.server.calls).toEqual(
      new Map([
        ['RunInstances', 3],
        ['DescribeInstances', 2],
      ]),
    );
  });

  it('on every action holds until it is called off', async () => {
    const on = await stage();
    const denied = { kind: 'error', code: 'UnauthorizedOperation', status: 403, message: 'no' } as const;
    const callOff = on.server.faults.add({ action: '*', ...denied });
    expect(await refusal(on.ec2.send(look))).toBe('UnauthorizedOperation 403: no');
    expect(await refusal(on.autoScaling.send(new DescribeAutoScalingGroupsCommand({})))).toBe(
      'UnauthorizedOperation 403: no',
    );
    callOff();
    expect(await states(on)).toEqual([]);
  });

  it('breaks the connection before anything happens', async () => {
    const on = await stage();
    on.server.faults.add({ action: 'RunInstances', times: 1, kind: 'reset' });
    expect(await refusal(on.ec2.send(launch()))).toMatch(/socket hang up|ECONNRESET/);
    expect(await states(on)).toEqual([]);
  });

  it('loses the answer of a launch, which the same token then finds', async () => {
    const on = await stage();
    on.server.faults.add({ action: 'RunInstances', times: 1, kind: 'lostAnswer' });
    expect(await refusal(on.ec2.send(launch('once')))).toMatch(/socket hang up|ECONNRESET/);
    expect(await states(on)).toEqual(['pending']);
    await on.ec2.send(launch('once'));
    expect(await states(on)).toEqual(['pending']);
  });

  it.each([
    ['', []],
    [' although the launch is done', ['pending']],
  ])('never answers%s', async (_, found) => {
    const on = await stage();
    on.server.faults.add({ action: 'RunInstances', times: 1, kind: 'hang', done: found.length > 0 });
    const patience = new AbortController();
    const call = on.ec2.send(launch(), { abortSignal: patience.signal });
    await eventually(() => on.server.calls.has('RunInstances'));
    await eventually(() => on.account.instances.all().length === found.length);
    expect(on.server.open).toBe(1);
    patience.abort();
    expect(await refusal(call)).toMatch(/^AbortError/);
    expect(await states(on)).toEqual(found);
  });

  it('answers something else: nothing, a page of a proxy, half of the truth', async () => {
    const on = await stage();
    const body = (text: string | ((answer: string) => string), status?: number): void => {
      on.server.faults.add({
        action: 'DescribeInstances',
        times: 1,
        kind: 'body',
        text,
        ...(status !== undefined && { status }),
      });
    };
    body('');
    expect((await on.ec2.send(look)).Reservations).toBeUndefined();
    body('<html><body>Sign in to the guest network</body></html>');
    expect((await on.ec2.send(look)).Reservations).toBeUndefined();
    body((answer) => answer.slice(0, answer.length / 2));
    expect(await refusal(on.ec2.send(look))).not.toMatch(/^the call was not refused/);
    body('<html>Bad gateway</html>', 503);
    expect(await refusal(on.ec2.send(look))).toMatch(/ 503: /);
    expect((await on.ec2.send(look)).Reservations).toEqual([]);
  });

  it('hides what is new, also from the one who would end it', async () => {
    const on = await stage();
    on.server.faults.add({ action: 'DescribeInstances', kind: 'lag', ms: seconds(30) });
    on.server.faults.add({ action: 'TerminateInstances', kind: 'lag', ms: seconds(30) });
    const { Instances = [] } = await on.ec2.send(launch());
    const InstanceIds = [Instances[0]!.InstanceId!];
    expect(await states(on)).toEqual([]);
    expect(await refusal(on.ec2.send(new DescribeInstancesCommand({ InstanceIds })))).toMatch(
      /^InvalidInstanceID.NotFound/,
    );
    expect(await refusal(on.ec2.send(new TerminateInstancesCommand({ InstanceIds })))).toMatch(
      /^InvalidInstanceID.NotFound/,
    );
    on.pass(seconds(30));
    expect(await states(on)).toEqual(['pending']);
  });

  it('answers from a replica that lags: back to what was', async () => {
    const on = await stage();
    const { Instances = [] } = await on.ec2.send(launch());
    on.pass(seconds(20));
    on.account.setState(Instances[0]!.InstanceId!, 'running');
    on.pass(seconds(10));
    expect(await states(on)).toEqual(['running']);
    on.server.faults.add({ action: 'DescribeInstances', times: 1, kind: 'stale', ms: seconds(15) });
    expect(await states(on)).toEqual(['pending']);
    on.server.faults.add({ action: 'DescribeInstances', times: 1, kind: 'stale', ms: seconds(31) });
    expect(await states(on)).toEqual([]);
    expect(await states(on)).toEqual(['running']);
  });

  it('makes pages small, and endless', async () => {
    const on = await stage();
    for (let count = 0; count < 5; count += 1) await on.ec2.send(launch());
    on.server.faults.add({ action: 'DescribeInstances', kind: 'pageSize', size: 2 });
    const sizesOf = async (stopOnSameToken: boolean, most: number): Promise<number[]> => {
      const sizes: number[] = [];
      for await (const { Reservations = [] } of paginateDescribeInstances({ client: on.ec2, stopOnSameToken }, {}))
        if (sizes.push(Reservations.length) >= most) break;
      return sizes;
    };
    expect(await sizesOf(false, 10)).toEqual([2, 2, 1]);
    on.server.faults.add({ action: 'DescribeInstances', kind: 'repeatToken' });
    expect(await sizesOf(false, 10)).toHaveLength(10);
    expect(await sizesOf(true, 10)).toHaveLength(2);
  });

  it('throttles launches as AWS does: five at once, then two a second', async () => {
    const on = await stage();
    on.server.faults.add({ action: 'RunInstances', kind: 'throttle' });
    const tryTen = async (): Promise<number> => {
      let granted = 0;
      for (let count = 0; count < 10; count += 1)
        await on.ec2.send(launch()).then(
          () => (granted += 1),
          (error: unknown) => {
            expect(String(error)).toMatch(/RequestLimitExceeded/);
          },
        );
      return granted;
    };
    expect(await tryTen()).toBe(5);
    on.pass(seconds(1));
    expect(await tryTen()).toBe(2);
    on.pass(seconds(60));
    expect(await tryTen()).toBe(5);
  });

  it('throttles in the words of each service, also by a bucket of its own', async () => {
    const on = await stage();
    on.server.faults.add({ action: '*', kind: 'throttle', bucket: { size: 0, perSecond: 0 } });
    expect(await refusal(on.ec2.send(look))).toBe('RequestLimitExceeded 503: Request limit exceeded.');
    expect(await refusal(on.autoScaling.send(new DescribeAutoScalingGroupsCommand({})))).toBe(
      'Throttling 400: Rate exceeded',
    );
  });

  it('of another action strikes nothing', async () => {
    const on = await stage();
    on.server.faults.add({ action: 'RunInstances', kind: 'reset' });
    expect((await on.ec2.send(new DescribeSpotPriceHistoryCommand({}))).SpotPriceHistory).toEqual([]);
  });
});

describe('the server', () => {
  it('tells its time, which is the account’s', async () => {
    const { server, pass } = await stage();
    pass(seconds(90));
    const { headers } = await fetch(server.url, { method: 'POST' });
    expect(headers.get('date')).toBe(new Date(MONDAY + seconds(90)).toUTCString());
  });

  it('refuses a call that is not signed', async () => {
    const { server, account } = await stage();
    const unsigned = await fetch(server.url, { method: 'POST', body: 'Action=DescribeInstances&Version=2016-11-15' });
    expect(unsigned.status).toBe(403);
    expect(await unsigned.text()).toContain('<Code>MissingAuthenticationToken</Code>');
    expect(account.instances.all()).toEqual([]);
  });

  it('does not know every action', async () => {
    const { server, sqs } = await stage();
    const ask = (body: string): Promise<Response> =>
      fetch(server.url, {
        method: 'POST',
        body,
        headers: { authorization: 'AWS4-HMAC-SHA256 Credential=A/1/r/ec2/aws4_request' },
      });
    expect(await (await ask('Action=DescribeVpcs&Version=2016-11-15')).text()).toContain('<Code>InvalidAction</Code>');
    expect(await (await ask('Action=constructor&Version=2016-11-15')).text()).toContain('<Code>InvalidAction</Code>');
    expect(await (await ask('Version=2016-11-15')).text()).toContain('<Code>MissingAction</Code>');
    expect(await (await ask('A=1&A.B=2&Version=2016-11-15')).text()).toContain('<Code>MalformedQueryString</Code>');
    expect(await refusal(sqs.send(new ListQueuesCommand({})))).toMatch(/^InvalidAction 400/);
  });

  it('tells a mistake of its owner as an internal error', async () => {
    const { ec2, account } = await stage();
    account.decide = () => Promise.reject(new Error('the world is broken'));
    expect(await refusal(ec2.send(launch()))).toBe('InternalError 500: Error: the world is broken');
  });
});
