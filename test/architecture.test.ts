import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

const CORE = [
  ...['src/domain', 'src/policy', 'src/world', 'src/block/block.ts', 'src/pool', 'src/keeper', 'src/config'],
];

/** Who may import whom: a folder's files may import from these folders and packages, and from their own folder. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/domain': [],
  'src/policy': ['src/domain', 'zod'],
  'src/world': ['src/domain'],
  'src/block': ['src/domain', 'xstate'],
  // The view of a block is part of its one door.
  'src/pool': ['src/domain', 'src/policy', 'src/block/block.ts', 'src/config/pools.ts'],
  // The door of the thread in which policies run that users bring as files.
  'src/userPolicies': ['src/domain', 'src/policy', 'src/config', 'src/pool', 'zod', 'jiti', 'node:'],
  'src/keeper': ['src/domain', 'src/policy', 'src/world', 'src/block/block.ts', 'src/pool'],
  'src/config': ['src/domain', 'src/policy', 'zod', 'yaml'],
  // The world as it is: the only place where the clients of AWS and Kubernetes, HTTP and logs are known.
  'src/live': [
    ...['src/domain', 'src/policy', 'src/world', 'src/block/block.ts', 'src/block/rules.ts', 'src/pool', 'src/keeper'],
    ...['src/config', '@aws-sdk', '@kubernetes/client-node', 'hono', '@hono/node-server', 'pino', 'prom-client'],
    ...['zod', 'yaml', 'node:'],
  ],
  // What people look at: the world as it is, read and never changed.
  'src/look': [
    ...['src/domain', 'src/policy', 'src/world', 'src/block/block.ts', 'src/block/rules.ts', 'src/pool', 'src/keeper'],
    ...['src/config', 'src/live', 'src/install', '@aws-sdk', '@kubernetes/client-node', 'zod'],
  ],
  'src/install': ['src/domain', 'src/config', 'src/live', 'zod', 'yaml', 'node:'],
  policies: ['src/domain', 'src/policy', 'zod', 'temporal-polyfill', 'croner', 'ical.js'],
  check: [
    ...[
      'src/domain',
      'src/policy',
      'src/world',
      'src/block/block.ts',
      'src/block/rules.ts',
      'src/pool',
      'src/keeper',
      'src/config',
      'policies',
    ],
    ...['sim', 'data', 'fast-check', 'temporal-polyfill', 'yaml', 'zod', 'node:'],
  ],
  sim: [...CORE, 'src/userPolicies', 'data', 'zod', 'yaml', 'temporal-polyfill', 'node:'],
  data: [
    ...CORE,
    'src/userPolicies',
    'sim',
    'zod',
    'yaml',
    'csv-parse',
    '@streamparser/json',
    'temporal-polyfill',
    'node:',
  ],
  fakes: [...CORE, 'sim', 'data', 'yaml', 'zod', 'node:'],
  report: [...CORE, 'sim', 'data', 'd3-scale', 'd3-shape', 'node:'],
};

/** What would bring time, chance or the outside into the core. `cli` and `src/live` are where these belong. */
const BANNED: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Date.now', /\bDate\.now\b/],
  ['new Date()', /\bnew Date\(\s*\)/],
  ['performance.now', /\bperformance\.now\b/],
  ['Math.random', /\bMath\.random\b/],
  ['randomUUID', /\brandomUUID\b/],
  ['timers', /\b(?:setTimeout|setInterval|setImmediate)\b/],
  ['process.env', /\bprocess\.env\b/],
  ['console', /\bconsole\./],
];

const MOST_LINES = 300;

const files = ['src', 'policies', 'sim', 'data', 'fakes', 'report', 'check', 'cli'].flatMap(filesIn).map((path) => ({
  path,
  text: readFileSync(join(ROOT, path), 'utf8'),
}));

describe('the house', () => {
  it('lets each folder import only what its place allows', () => {
    const trespasses = files.flatMap(({ path, text }) => {
      const place = Object.keys(MAY_IMPORT).find((folder) => path.startsWith(`${folder}/`));
      if (place === undefined) return [];
      return importsOf(path, text)
        .filter((target) => !target.startsWith(`${place}/`) && !isAllowed(target, MAY_IMPORT[place]!))
        .map((target) => `${path} imports ${target}`);
    });
    expect(trespasses).toEqual([]);
  });

  it('knows every folder of src', () => {
    const folders = new Set(files.filter(({ path }) => /^src\/.+\//.test(path)).map(({ path }) => path.split('/')[1]));
    for (const folder of folders) expect(MAY_IMPORT, `src/${folder}`).toHaveProperty([`src/${folder}`]);
  });

  it('takes time from facts, chance from the seed, and the outside from the edges', () => {
    const breaches = files
      .filter(({ path }) => !path.startsWith('cli/') && !path.startsWith('src/live/'))
      .flatMap(({ path, text }) =>
        BANNED.filter(([, pattern]) => pattern.test(withoutComments(text))).map(([name]) => `${path} uses ${name}`),
      );
    expect(breaches).toEqual([]);
  });

  it('keeps files small', () => {
    const large = files
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > MOST_LINES);
    expect(large).toEqual([]);
  });

  it('sees a trespass, also one of types only, and a banned name', () => {
    expect(importsOf('src/domain/x.ts', "import type { A } from '../live/ec2.ts';")).toEqual(['src/live/ec2.ts']);
    expect(importsOf('sim/x.ts', "export * from '../src/live/a.ts';\nawait import('node:fs');")).toEqual([
      'src/live/a.ts',
      'node:fs',
    ]);
    expect(isAllowed('src/live/ec2.ts', MAY_IMPORT['sim']!)).toBe(false);
    expect(isAllowed('zodiac', ['zod'])).toBe(false);
    expect(withoutComments('a(); // Date.now\n/* Math.random */ b();')).not.toMatch(/Date|Math/);
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

/** What a file imports: packages by name, files by their path from the root. */
function importsOf(path: string, text: string): string[] {
  const code = withoutComments(text);
  return [...code.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)'([^']+)'/g)].map(([, target = '']) =>
    target.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(path), target)) : target,
  );
}

function isAllowed(target: string, allowed: readonly string[]): boolean {
  return allowed.some(
    (one) => target === one || target.startsWith(`${one}/`) || (one.endsWith(':') && target.startsWith(one)),
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}
