import { afterEach, describe, expect, it } from 'vitest';
import { minutes } from '../../../../src/domain/time.ts';
import type { Answer } from '../../../../src/live/aws/calls/answer.ts';
import { type Resolution, resolveTemplate } from '../../../../src/live/aws/template/resolveTemplate.ts';
import { seldom } from '../../../../src/live/aws/template/seldom.ts';
import { type Script, type Scripted, scriptedAws } from '../launch/scriptedAws.ts';
import { account, aGroup, aGroupFrom, aTag } from './groups.ts';

let aws: Scripted | undefined;

afterEach(() => aws?.close());

const resolve = async (script: Script): Promise<Resolution> => {
  await aws?.close();
  aws = await scriptedAws(script);
  return resolveTemplate(aws, 'ci');
};

describe('launch hooks of the group', () => {
  const warned = async (hooks: Script[string]): Promise<readonly string[]> => {
    const resolution = await resolve({ ...account(aGroup()), DescribeLifecycleHooks: hooks });
    return resolution.kind === 'resolved' ? resolution.warnings : [JSON.stringify(resolution)];
  };
  const hook = (name: string, transition: string) => ({ LifecycleHookName: name, LifecycleTransition: transition });

  it('are said where there are any: no block waits for them', async () => {
    const ending = hook('drain', 'autoscaling:EC2_INSTANCE_TERMINATING');
    expect(await warned(() => ({ LifecycleHooks: [ending] }))).toEqual([]);
    const starting = hook('warm-cache', 'autoscaling:EC2_INSTANCE_LAUNCHING');
    expect(await warned(() => ({ LifecycleHooks: [ending, starting] }))).toEqual([
      expect.stringContaining('has launch lifecycle hooks (warm-cache)'),
    ]);
  });

  it.each([
    ['a refusal', { error: 'AccessDenied', status: 403 }, 'AccessDenied'],
    ['no list', {}, 'no list of hooks'],
    ['an error', { error: 'ValidationError', status: 400 }, 'ValidationError'],
  ] as const)('are not known after %s, which is said and keeps nothing from being bought', async (_, answer, why) => {
    expect(await warned(() => answer)).toEqual([expect.stringMatching(new RegExp(`^it is not known.*${why}`))]);
  });
});

describe('the defaults of the account', () => {
  const Tags = [aTag('kubernetes.io/cluster/main', 'owned')];
  const resolved = (instanceMetadataTags: string | undefined, fields: object = {}, group = aGroup({ Tags })) =>
    resolve({
      ...account(group, { 'lt-0ab': { imageId: 'ami-1', ...fields } }),
      GetInstanceMetadataDefaults: () => ({ accountLevel: { instanceMetadataTags, httpTokens: 'required' } }),
    });
  const asked = (): number => aws?.sent('GetInstanceMetadataDefaults').length ?? 0;

  it('decide whether instances read their tags where the template leaves it open', async () => {
    expect(await resolved('enabled')).toMatchObject({
      kind: 'unsupported',
      problems: [expect.stringMatching(/^the account lets.*kubernetes\.io\/cluster\/main/)],
    });
    expect(await resolved('disabled')).toMatchObject({ kind: 'resolved', warnings: [] });
    expect(await resolved(undefined)).toMatchObject({ kind: 'resolved', warnings: [] });
    expect(asked()).toBe(1);
  });

  it('decide it for a launch configuration, which cannot say', async () => {
    const group = aGroupFrom({ LaunchConfigurationName: 'ci-2019', Tags });
    const script = account(group, {}, [{ LaunchConfigurationName: 'ci-2019', ImageId: 'ami-1' }]);
    const defaults = () => ({ accountLevel: { instanceMetadataTags: 'enabled' } });
    expect(await resolve({ ...script, GetInstanceMetadataDefaults: defaults })).toMatchObject({ kind: 'unsupported' });
  });

  it('do not matter where the template says it, or no key is in the way', async () => {
    const off = { metadataOptions: { instanceMetadataTags: 'disabled' } };
    expect(await resolved('enabled', off)).toMatchObject({ kind: 'resolved', warnings: [] });
    expect(await resolved('enabled', {}, aGroup())).toMatchObject({ kind: 'resolved', warnings: [] });
    expect(asked()).toBe(0);
  });

  it.each([
    ['a refusal', { error: 'UnauthorizedOperation', status: 403 }, 'UnauthorizedOperation'],
    ['no defaults', {}, 'no defaults'],
  ] as const)('are not known after %s, which is said and keeps nothing from being bought', async (_, answer, why) => {
    const script = { ...account(aGroup({ Tags })), GetInstanceMetadataDefaults: () => answer };
    expect(await resolve(script)).toMatchObject({
      kind: 'resolved',
      warnings: [expect.stringMatching(new RegExp(`^it is not known.*${why}.*kubernetes\\.io/cluster/main`))],
    });
  });
});

describe('what people seldom change', () => {
  const refused = (kind: 'auth' | 'throttle'): Answer<string> => ({
    ...{ kind: 'failed', class: kind, code: kind, message: '' },
  });

  it('is asked again after a while, and at once where the answer was no lasting one', async () => {
    let now = 0;
    const ask = seldom({ now: () => now }, minutes(10));
    const answers: Answer<string>[] = [
      refused('throttle'),
      { kind: 'ok', value: 'a' },
      refused('auth'),
      refused('auth'),
    ];
    const next = () => ask('defaults', () => Promise.resolve(answers.shift() ?? { kind: 'ok', value: 'last' }));
    expect(await next()).toMatchObject({ code: 'throttle' });
    expect(await next()).toEqual({ kind: 'ok', value: 'a' });
    now = minutes(10) - 1;
    expect(await next()).toEqual({ kind: 'ok', value: 'a' });
    now = minutes(10);
    expect([await next(), await next()]).toMatchObject([{ code: 'auth' }, { code: 'auth' }]);
    expect(answers).toHaveLength(1);
    expect(await ask('hooks', () => Promise.resolve({ kind: 'ok', value: 'b' }))).toEqual({ kind: 'ok', value: 'b' });
  });
});
