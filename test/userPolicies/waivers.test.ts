import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { aFolder } from '../support/aFile.ts';
import { aPoolConfig } from '../support/aScenario.ts';
import { someUserPolicies } from './aGallery.ts';

const folder = aFolder();
const policies = someUserPolicies();
let files = 0;

const TIMES = '({ timesFor: ({ lease }) => ({ relieveAt: 1, drainAt: 2, endBy: lease.expiresAt }) })';

/** Loads a policy that waives this, from a file of its own. */
function loaded(waives: string, create = `() => ${TIMES}`, options = 'z.strictObject({})') {
  files += 1;
  const name = `waives-${files}.ts`;
  folder.file(
    name,
    `import { choiceOf, definePolicy, z } from 'spot-keeper/policy';
     export default definePolicy({
       slot: 'renewal', name: 'mine', about: 'Mine.', waives: ${waives}, options: ${options}, create: ${create},
     } as any);`,
  );
  return { path: `./${name}`, policy: policies.load(`./${name}`, join(folder.path, name)) };
}

/** Why the blocks of a pool with this renewal may be ended early. */
function whyEarly(policy: string, options: Readonly<Record<string, unknown>> = {}): string | undefined {
  const config = aPoolConfig();
  const renewal = { policy, options };
  const file = { fleet: 'test', pools: [{ ...config, policies: { ...config.policies, renewal } }] };
  return poolsOf(file, policies.extend(catalogue))[0]?.endsEarly;
}

const composed = '({ inner }, shelf) => shelf.policy("renewal", inner)';
const inner = 'z.strictObject({ inner: choiceOf("renewal") })';

describe('the promise about ends', () => {
  it('is waived by one shipped policy, and by those that are composed of it', () => {
    const waiving = Object.keys(catalogue.renewal).filter((name) => whyEarly(name) !== undefined);
    expect(waiving).toEqual(['letExpire']);
    const because = whyEarly('letExpire');
    expect(because).toMatch(/cut short/);
    expect(whyEarly('staggered', { inner: { policy: 'letExpire' } })).toBe(because);
    expect(whyEarly('riskAware', { inner: { policy: 'staggered', inner: { policy: 'letExpire' } } })).toBe(because);
  });

  it('is waived by a policy in a file, with its reason', () => {
    const { path, policy } = loaded('["jobs", { promise: "ends", because: "nightly builds are cheap" }]');
    expect(policy).toMatchObject({
      definition: { waives: ['jobs', { promise: 'ends', because: 'nightly builds are cheap' }] },
    });
    expect(whyEarly(path)).toBe('nightly builds are cheap');
    expect(whyEarly('staggered', { inner: { policy: path } })).toBe('nightly builds are cheap');
  });

  it('is waived by a policy in a file that is composed of one that waives it', () => {
    const { path } = loaded('[]', composed, inner);
    expect(whyEarly(path, { inner: { policy: 'letExpire' } })).toBe(whyEarly('letExpire'));
    expect(whyEarly(path, { inner: { policy: 'surge' } })).toBeUndefined();
  });

  it('stands otherwise', () => {
    expect(whyEarly(loaded('["jobs", "cover", "cost", "calm"]').path)).toBeUndefined();
    expect(whyEarly(loaded('undefined').path)).toBeUndefined();
  });
});

describe('waivers that are none', () => {
  it.each([
    ['"jobs"', 'expected waives to be a list of promises, found "jobs"'],
    ['["ends"]', 'found "ends" without its reason'],
    ['[{ promise: "ends" }]', 'found ends without its reason'],
    ['[{ promise: "ends", because: " " }]', 'found ends without its reason'],
    ['[{ promise: "jobs", because: "so" }]', 'found an object about "jobs"'],
    ['["hours"]', 'found "hours"'],
    ['[7]', 'found 7'],
  ])('%s is told', (waives, what) => {
    const { policy } = loaded(waives);
    const message = 'message' in policy ? policy.message : '';
    expect(message).toMatch(/^expected waives to/);
    expect(message).toContain(what);
  });
});
