import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import { unseenMarket } from '../../src/policy/observed.ts';
import { shelfOf } from '../../src/policy/shelf.ts';
import { showRenewal } from '../../src/policy/shown/ask.ts';
import { sameAsRead } from '../../src/policy/shown/reads.ts';
import { besideFolder } from '../../src/userPolicies/besideFolder.ts';
import { aLease } from '../support/aBlock.ts';
import { aFolder } from '../support/aFile.ts';
import { hours, minutes } from '../support/lengths.ts';
import { someUserPolicies } from './aGallery.ts';

const folder = aFolder();
const policies = someUserPolicies();
let files = 0;

/** Loads a policy from a file of its own. */
function loaded(source: string, ending = 'ts') {
  files += 1;
  const name = `policy-${files}.${ending}`;
  folder.file(name, source);
  return { path: `./${name}`, policy: policies.load(`./${name}`, join(folder.path, name)) };
}

const renewal = (create: string, options = 'z.strictObject({})'): string => `
import { definePolicy, length, minutes, choiceOf, textFile, z } from 'spot-keeper/policy';
interface Unused { readonly field: string }
export default definePolicy({ slot: 'renewal', name: 'mine', about: 'Mine.', options: ${options}, create: ${create} });
`;

const question = {
  now: 0,
  slot: 0,
  lease: aLease(),
  allowance: { blocks: 1, until: hours(1) },
  next: { blocks: 2, until: hours(2) },
  spec: { leaseMs: hours(4), surge: 1, overrunMs: hours(24) },
  hardEnd: false,
  jobs: { running: 0 },
  market: unseenMarket,
};

describe('A policy in a file', () => {
  it('is TypeScript with the definitions of this package, and gets its options as its schema reads them', () => {
    const { path, policy } = loaded(
      renewal(
        '({ lead }) => ({ timesFor: ({ lease: { expiresAt: at } }) => ({ relieveAt: at - lead, drainAt: at - lead, endBy: at }) })',
        'z.strictObject({ lead: length() })',
      ),
    );
    expect(policy).toMatchObject({ slot: 'renewal' });
    const made = shelfOf(policies.extend(catalogue)).policy('renewal', { policy: path, lead: '45m' });
    expect(made.timesFor(question)).toEqual({
      relieveAt: hours(4) - minutes(45),
      drainAt: hours(4) - minutes(45),
      endBy: hours(4),
    });
  });

  it('may answer by the name that its question had once', () => {
    const { path, policy } = loaded(`
      import { definePolicy, z } from 'spot-keeper/policy';
      class Hours {
        constructor(readonly blocks: number) {}
        demandAt(now: number) { return { blocks: this.blocks, until: now + 60_000 }; }
      }
      const options = z.strictObject({});
      export default definePolicy({
        ...{ slot: 'operatingHours', name: 'mine', about: 'Mine.', options },
        create: () => new Hours(3) as never,
      });
    `);
    expect(policy).toMatchObject({ slot: 'operatingHours' });
    const made = shelfOf(policies.extend(catalogue)).policy('operatingHours', { policy: path });
    expect(made.allowedAt(1_000)).toEqual({ blocks: 3, until: 61_000 });
    // One that asks a part of its own by the old name.
    const wraps = loaded(`
      import { choiceOf, definePolicy, z } from 'spot-keeper/policy';
      export default definePolicy({
        ...{ slot: 'operatingHours', name: 'mine', about: 'Mine.' },
        options: z.strictObject({ of: choiceOf('operatingHours') }),
        create({ of }, shelf) {
          const part = shelf.policy('operatingHours', of) as any;
          return { demandAt: (now: number) => part.demandAt(now) } as never;
        },
      });
    `);
    expect(wraps.policy).toMatchObject({ slot: 'operatingHours' });
    const of = { policy: 'always', blocks: 2 };
    const wrapper = shelfOf(policies.extend(catalogue)).policy('operatingHours', { policy: wraps.path, of });
    expect(wrapper.allowedAt(1_000)).toMatchObject({ blocks: 2 });
  });

  it('may be plain JavaScript that imports zod, and what lies beside it', () => {
    folder.file('shared.ts', 'export const endOf = (lease: { expiresAt: number }) => lease.expiresAt;');
    const source = `
      import { z } from 'zod';
      import { endOf } from './shared.ts';
      export default {
        slot: 'renewal', options: z.object({}),
        create: () => ({ timesFor: ({ lease }) => ({ relieveAt: endOf(lease), drainAt: endOf(lease), endBy: endOf(lease) }) }),
      };`;
    for (const ending of ['js', 'mjs', 'mts']) {
      const { path, policy } = loaded(source, ending);
      expect(policy).toMatchObject({ slot: 'renewal' });
      const made = shelfOf(policies.extend(catalogue)).policy('renewal', { policy: path });
      expect(made.timesFor(question).endBy).toBe(hours(4));
    }
  });

  it('may be composed of shipped policies and of others in files', () => {
    const inner = loaded(
      renewal('() => ({ timesFor: ({ lease: { startsAt: at } }) => ({ relieveAt: at, drainAt: at, endBy: at }) })'),
    );
    const outer = loaded(
      renewal(
        '({ of }, shelf) => ({ timesFor: (q) => of.map((one) => shelf.policy("renewal", one).timesFor(q)).at(-1) })',
        'z.strictObject({ of: z.array(choiceOf("renewal")) })',
      ),
    );
    const shelf = shelfOf(policies.extend(catalogue));
    const ending = (of: readonly object[]) =>
      shelf.policy('renewal', { policy: outer.path, of }).timesFor(question).endBy;
    expect(ending([{ policy: inner.path }, { policy: 'letExpire' }])).toBe(hours(4));
    expect(ending([{ policy: 'letExpire' }, { policy: inner.path }])).toBe(0);
  });

  it('answers with whole seconds, and never after the end that AWS imposes', () => {
    const { path } = loaded(
      renewal(
        '() => ({ timesFor: ({ lease: { hardEndAt: at } }) => ({ relieveAt: 0.5, drainAt: at - 1, endBy: at }) })',
      ),
    );
    const made = shelfOf(policies.extend(catalogue)).policy('renewal', { policy: path });
    const hardEndAt = hours(4) - 1;
    expect(made.timesFor({ ...question, lease: aLease({ hardEndAt }) })).toEqual({
      relieveAt: 1_000,
      drainAt: hardEndAt,
      endBy: hardEndAt,
    });
  });

  it('cannot change what it is asked about', () => {
    const { path } = loaded(
      renewal(
        '() => ({ timesFor: (q) => { q.lease.hardEndAt = q.lease.expiresAt = q.now = 7e9; return { relieveAt: 1, drainAt: 2, endBy: 7e9 }; } })',
      ),
    );
    const asked = { ...question, lease: aLease({ hardEndAt: hours(4) }) };
    const made = shelfOf(policies.extend(catalogue)).policy('renewal', { policy: path });
    expect(() => made.timesFor(asked)).toThrow(/ tried to change now of its question, .*\/policy-\d+\.ts:\d+:\d+\)$/);
    expect(asked.lease.expiresAt).toBe(hours(4));
  });

  it('is found out when it tries to change its question, also when it says nothing of it', () => {
    const { path } = loaded(
      renewal(
        '() => ({ timesFor: (q) => { try { delete q.jobs; } catch {} const at = q.lease.expiresAt; return { relieveAt: at, drainAt: at, endBy: at }; } })',
      ),
    );
    const made = shelfOf(policies.extend(catalogue)).policy('renewal', { policy: path });
    expect(() => made.timesFor(question)).toThrow('tried to change jobs of its question');
  });

  it('is known by what it reads, as if it had read it here', () => {
    const { path } = loaded(
      renewal(
        '() => ({ timesFor: (q) => { const at = q.lease.expiresAt - q.jobs.running - (q.boots?.p95Ms ?? 0); return { relieveAt: at, drainAt: at, endBy: at, until: q.now + 1 }; } })',
      ),
    );
    const made = shelfOf(policies.extend(catalogue)).policy('renewal', { policy: path });
    const said = showRenewal(question, (shown) => made.timesFor(shown));
    const at = hours(4);
    expect(said).toMatchObject({ answer: { relieveAt: at, drainAt: at, endBy: at, until: 1_000 } });
    expect(said).toMatchObject({ reads: { keys: false, names: ['lease', 'jobs', 'boots', 'now'] } });
    const other = { ...question, lease: { ...aLease(), startsAt: 1 }, slot: 3, market: { ...unseenMarket, grants: 4 } };
    const boots = { count: 20, p50Ms: 1, p95Ms: 2, p99Ms: 3 };
    const isSameIn = (asked: object) =>
      'reads' in said && said.reads !== undefined && sameAsRead(said.reads, question, asked);
    expect(isSameIn(other)).toBe(true);
    expect(isSameIn({ ...other, boots })).toBe(false);
  });

  it.each([
    ['has no default export', 'export const x = 1;', { message: /^expected a default export, found none/ }],
    ['exports a number', 'export default 7;', { message: /found 7$/ }],
    [
      'fills no slot',
      'export default { slot: "renwal" };',
      { message: /^expected slot to be one of .*, found "renwal"$/ },
    ],
    [
      'makes nothing',
      'export default { slot: "renewal" };',
      { message: /^expected create to be a function, found nothing$/ },
    ],
    [
      'has no schema',
      'export default { slot: "renewal", create() {} };',
      { message: /^expected options to be a zod schema/ },
    ],
    [
      'is not the language',
      'const a = 1;\nexport default { a: = };',
      { message: /^syntax error: unexpected token/, place: { line: 2, column: 21 } },
    ],
    [
      'imports what is not there',
      'const a = 1;\n\nimport x from "./nowhere.ts";\nexport default x;',
      { message: /^imports "\.\/nowhere\.ts", which cannot be found$/, place: { line: 3, column: 16 } },
    ],
    [
      'throws',
      '\nthrow new Error("not today");',
      { message: /^threw while it was loaded: not today$/, place: { line: 2, column: 7 } },
    ],
    [
      'throws what cannot be read',
      'throw { get message() { throw 1 } };',
      { message: /^threw while it was loaded: an object$/ },
    ],
    [
      'has a default export that throws',
      'export default { get slot() { throw new Error("no") } };',
      { message: /one that throws: no$/ },
    ],
    ['leaves', 'process.exit(0);', { message: /^ended its thread while it was loaded$/ }],
    ['waits for ever', 'await new Promise(() => {});', { message: /^ended its thread while it was loaded$/ }],
  ])('that %s is no policy', (_, source, { message, place }: { message: RegExp; place?: object }) => {
    const { policy } = loaded(source);
    expect(policy).toEqual({
      message: expect.stringMatching(message) as string,
      ...(place === undefined ? {} : { place }),
    });
  });

  it('that is not there is told to be missing', () => {
    expect(policies.load('./nowhere.ts', join(folder.path, 'nowhere.ts'))).toEqual({
      message: 'expected a file with a policy, found no file of this name',
    });
  });

  it('that never ends to load is given up', () => {
    folder.file('loops.ts', 'for (;;) {}');
    const hasty = someUserPolicies({ loadingMs: 500 });
    expect(hasty.load('./loops.ts', join(folder.path, 'loops.ts'))).toEqual({
      message: expect.stringMatching(/^did not come back within 500 ms .* while it was loaded$/) as string,
    });
  });

  it('is found beside the pools file, inside its folder', () => {
    folder.file('here.ts', renewal('() => ({})'));
    const beside = besideFolder({ folder: folder.path, within: { folder: folder.path, name: 'the folder' }, policies });
    const said = (path: string) => {
      const found = beside.policy(path);
      return 'mistakes' in found ? found.mistakes.map(({ message }) => message) : found.slot;
    };
    expect(said('./here.ts')).toBe('renewal');
    expect(said('./nowhere.ts')).toEqual(['expected a file, found nothing at ./nowhere.ts']);
    expect(said('./here.rb')).toEqual(['expected a file that ends in .ts, .mts, .js or .mjs, found ./here.rb']);
    expect(said('../here.ts')).toEqual(['expected a path inside the folder, found ../here.ts']);
    expect(said('./a/../../here.ts')).toEqual(['expected a path inside the folder, found ./a/../../here.ts']);
  });

  it('that is asked after its run has ended does not answer', () => {
    const ended = someUserPolicies();
    folder.file('late.ts', renewal('() => ({ timesFor: () => 1 })'));
    ended.load('./late.ts', join(folder.path, 'late.ts'));
    const made = shelfOf(ended.extend(catalogue)).policy('renewal', { policy: './late.ts' });
    ended.close();
    expect(() => made.timesFor(question)).toThrow('was asked after its run had ended');
  });
});
