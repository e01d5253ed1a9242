import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { breachesIn } from './breaches.ts';
import { circlesIn } from './circles.ts';
import { importsOf } from './imports.ts';
import { room } from './room.ts';
import { inventedSources } from './sources.ts';
import { wallsOf } from './walls.ts';

/** Ways to come by what the core must not know, and what each of them is. */
const SNEAKS: readonly (readonly [text: string, what: string])[] = [
  ['Date.now();', 'the clock'],
  ['const { now } = Date; now();', 'the clock'],
  ['const { now: tell } = Date; tell();', 'the clock'],
  ["const { ['now']: tell } = Date; tell();", 'the clock'],
  ['globalThis.Date.now();', 'the clock'],
  ["Date['now']();", 'the clock'],
  ["const key = 'now'; Date[key]();", 'the clock'],
  ['const key: keyof DateConstructor = Object.keys(Date)[0] as keyof DateConstructor; Date[key];', 'Date handed on'],
  ['const Time = Date; new Time();', 'Date handed on'],
  ['const clock: { now(): number } = Date; clock.now();', 'Date handed on'],
  ["Reflect.get(Date, 'now');", 'Date handed on'],
  ['(Date as unknown as { now(): number }).now();', 'Date handed on'],
  ['const { ...all } = Date; all;', 'Date handed on'],
  ['class Later extends Date {}\nnew Later();', 'Date handed on'],
  ['new Date();', 'the clock'],
  ['new (Date)();', 'the clock'],
  ['new Date(...([] as unknown as [number]));', 'the clock'],
  ['Date();', 'Date handed on'],
  ['new globalThis.Date();', 'the clock'],
  ['const { Date: D } = globalThis; D.now();', 'the clock'],
  ['const { Date: D } = globalThis; new D();', 'Date handed on'],
  ["new globalThis['Date']();", 'Date handed on'],
  ['let now: () => number; ({ now } = Date); now();', 'Date handed on'],
  ['const later = ({ now } = Date): number => now(); later();', 'Date handed on'],
  ['const { Date: { now } } = globalThis; now();', 'the clock'],
  ["import { 'randomUUID' as name } from 'node:crypto';\nname();", 'chance'],
  ['const all = globalThis; all.Date;', 'globalThis handed on'],
  ['performance.now();', 'the clock'],
  ["import { performance as p } from 'node:perf_hooks';\np.now();", 'the clock'],
  ['process.hrtime.bigint();', 'the clock'],
  ["import { Temporal } from 'temporal-polyfill';\nTemporal.Now.instant();", 'the clock'],
  ['const { random } = Math; random();', 'chance'],
  ["Math['random']();", 'chance'],
  ['crypto.getRandomValues(new Uint8Array(4));', 'chance'],
  ["import { randomUUID as name } from 'node:crypto';\nname();", 'chance'],
  ["import * as c from 'node:crypto';\nc.randomBytes(4);", 'chance'],
  ["import * as c from 'node:crypto';\nconst { randomInt: draw } = c; draw(4);", 'chance'],
  ["import { webcrypto } from 'crypto';\nwebcrypto.randomUUID();", 'chance'],
  ['setTimeout(() => undefined, 1);', 'timers'],
  ['globalThis.setInterval(() => undefined, 1);', 'timers'],
  ["import { setTimeout as pause } from 'node:timers/promises';\nawait pause(1);", 'timers'],
  ["import timers from 'node:timers';\ntimers.setImmediate(() => undefined);", 'timers'],
  ["const { setTimeout: pause } = await import('node:timers/promises'); await pause(1);", 'timers'],
  ['AbortSignal.timeout(1);', 'timers'],
  ["process['env'];", 'the environment'],
  ['const { env } = process; env;', 'the environment'],
  ["import { env as surroundings } from 'node:process';\nsurroundings;", 'the environment'],
  ["export { env } from 'node:process';", 'the environment'],
  ["console.log('x');", 'the console'],
  ['const out = console; out;', 'the console'],
  ['new Date(0).getHours();', 'the time zone of this machine'],
  ["const at = new Date(0); at['toString']();", 'the time zone of this machine'],
  ['new Date(2026, 0, 1);', 'the time zone of this machine'],
  ['declare const Date: { now(): number };\nDate.now();', 'code made or found at run time'],
  [
    'declare function setTimeout(run: () => void): void;\nsetTimeout(() => undefined);',
    'code made or found at run time',
  ],
  ['(new Date(0).constructor as unknown as { now(): number }).now();', 'code made or found at run time'],
  ["new (new Date(0)['constructor'] as new () => Date)();", 'code made or found at run time'],
  ["(() => undefined).constructor('return Date.now()');", 'code made or found at run time'],
  ["new Intl.DateTimeFormat('en', { timeStyle: 'full' }).format();", 'the clock'],
  ["new Event('x').timeStamp;", 'the clock'],
  ["new File([], 'x').lastModified;", 'the clock'],
  ["await fetch('http://127.0.0.1');", 'the outside'],
  ["process.stdout.write('x');", 'the outside'],
  ['process.exit(1);', 'the outside'],
  ['process.argv;', 'the environment'],
  ['process.cwd();', 'the environment'],
  ['process.nextTick(() => undefined);', 'timers'],
  ['queueMicrotask(() => undefined);', 'timers'],
  ["eval('1');", 'code made or found at run time'],
  ["new Function('return 1');", 'code made or found at run time'],
  ["process.getBuiltinModule('fs');", 'code made or found at run time'],
  ["import { createRequire as make } from 'node:module';\nmake(import.meta.url);", 'code made or found at run time'],
];

/** What looks like it and is none of it. */
const LAWFUL = [
  'new Date(0).toISOString(); new Date(0).getUTCHours(); String(1).toString(); new Date(Number(1)); Date.parse(""); Date.UTC(2026); ({}) instanceof Date;',
  'const { max, abs } = Math; max(abs(1)); Math.floor(1.5);',
  'const now = (): number => 1; now(); ({ now: 1, random: 2, env: 3 }).env;',
  'const clock: { readonly now: () => number } = { now: () => 1 }; clock.now(); const { now: n } = clock; n();',
  'const at: Date = new Date(0); at; let of: typeof Date.now | undefined; of;',
  "import type { webcrypto } from 'node:crypto';\nlet of: typeof webcrypto | undefined; of;",
  "import { createHash } from 'node:crypto';\ncreateHash('sha256');",
  "import { Temporal } from 'temporal-polyfill';\nTemporal.Instant.fromEpochMilliseconds(0);",
  'new Intl.DateTimeFormat("en").format(0); class A { constructor() { } }\nnew A();',
  '// Date.now() and console.log\n"process.env";',
];

describe('what is banned', () => {
  const texts = [...SNEAKS.map(([text]) => text), ...LAWFUL];
  const sources = inventedSources(
    Object.fromEntries(texts.map((text, at) => [`src/pool/invented${at}.ts`, `${text}\nexport {};\n`])),
  );
  const breaches = breachesIn(sources);
  const found = (at: number) => breaches.filter(({ path }) => path === `src/pool/invented${at}.ts`);

  it.each(SNEAKS.map(([text, what], at) => ({ text, what, at })))('is seen in $text', ({ what, at }) => {
    expect(found(at).map((breach) => breach.what)).toContain(what);
  });

  it.each(LAWFUL.map((text, at) => ({ text, at: SNEAKS.length + at })))('is not seen in $text', ({ at }) => {
    expect(found(at)).toEqual([]);
  });
});

describe('imports', () => {
  const of = (text: string): readonly (string | undefined)[] =>
    importsOf('src/pool/x.ts', ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2023)).map(({ target }) => target);

  it.each([
    ["import a from '../live/x.ts';", 'src/live/x.ts'],
    ["import '../live/x.ts';", 'src/live/x.ts'],
    ['import type { A } from "../live/x.ts";', 'src/live/x.ts'],
    ["import { type A } from './y.ts';", 'src/pool/y.ts'],
    ["export * from '../live/x.ts';", 'src/live/x.ts'],
    ["export type { A } from '../live/x.js';", 'src/live/x.ts'],
    ["import x = require('hono');", 'hono'],
    ['await import(`hono`);', 'hono'],
    ["type A = import('../live/x.ts').A;", 'src/live/x.ts'],
    ["require('node:fs');", 'node:fs'],
    ["module.require('node:fs');", 'node:fs'],
    ['/// <reference types="hono" />', 'hono'],
    ['await import(name);', undefined],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a file.
    ['await import(`../live/${name}.ts`);', undefined],
  ])('are seen in %s', (text, target) => {
    expect(of(text)).toEqual([target]);
  });

  it('are not seen in comments and texts', () => {
    expect(of("// import '../live/x.ts'\nconst a = \"import 'hono'\"; export const b = 1;")).toEqual([]);
  });
});

describe('walls', () => {
  const rooms = [
    room('a', ''),
    room('a/b', '', 'a', 'zod @aws-sdk node:fs'),
    room('c/shape.ts', ''),
    room('c', '', 'a/** c/shape.ts'),
    room('d', '', 'a/b/door.ts c'),
  ];
  const tried = (path: string, target: string | undefined) =>
    wallsOf(rooms).trespasses([{ path, imports: [{ target, line: 1 }] }]);

  it.each([
    ['a/x.ts', 'a/y.ts'],
    ['a/x.ts', 'a/deeper/y.ts'],
    ['a/b/x.ts', 'a/y.ts'],
    ['a/b/x.ts', 'zod/v4'],
    ['a/b/x.ts', '@aws-sdk/client-ec2'],
    ['a/b/x.ts', 'node:fs'],
    ['c/x.ts', 'a/b/y.ts'],
    ['c/x.ts', 'c/shape.ts'],
    ['d/x.ts', 'a/b/door.ts'],
  ])('let %s import %s', (path, target) => {
    expect(tried(path, target)).toEqual([]);
  });

  it.each([
    ['a/x.ts', 'a/b/y.ts'],
    ['a/b/x.ts', 'c/y.ts'],
    ['a/b/x.ts', 'zodiac'],
    ['a/b/x.ts', 'node:fs/promises'],
    ['c/shape.ts', 'c/x.ts'],
    ['d/x.ts', 'a/b/y.ts'],
    ['d/x.ts', 'c/shape.ts'],
    ['d/x.ts', undefined],
    ['e/x.ts', 'a/y.ts'],
  ])('keep %s from %s', (path, target) => {
    expect(tried(path, target)).toHaveLength(1);
  });

  it('cannot be drawn so that rooms import each other', () => {
    expect(() => wallsOf([room('a', '', 'b'), room('b', '', 'a')])).toThrow('a may import b');
    expect(() => wallsOf([room('a', ''), room('a', '')])).toThrow('twice');
  });

  it('are told what nobody makes use of', () => {
    const imports = [
      { target: 'zod', line: 1 },
      { target: 'a/x.ts', line: 2 },
    ];
    const idle = wallsOf(rooms.slice(0, 2)).idle([{ path: 'a/b/x.ts', imports }]);
    expect(idle).toEqual(['a/b may import @aws-sdk and does not', 'a/b may import node:fs and does not']);
  });
});

describe('circles', () => {
  it('are the files that come back to themselves', () => {
    const graphs = fc.array(fc.uniqueArray(fc.nat(7), { maxLength: 3 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(graphs, (graph) => {
        const imports = new Map(graph.map((targets, at) => [String(at), targets.map(String)]));
        const reached = (from: string): ReadonlySet<string> => {
          const seen = new Set<string>();
          const queue = [...(imports.get(from) ?? [])];
          for (let file = queue.pop(); file !== undefined; file = queue.pop())
            if (!seen.has(file)) {
              seen.add(file);
              queue.push(...(imports.get(file) ?? []));
            }
          return seen;
        };
        for (const one of imports.keys())
          for (const other of imports.keys()) {
            const isTogether = circlesIn(imports).some((circle) => circle.includes(one) && circle.includes(other));
            if (one !== other) expect(isTogether).toBe(reached(one).has(other) && reached(other).has(one));
          }
      }),
    );
  });
});
