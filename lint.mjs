// `node lint.mjs [--near]`: ESLint over every source, but only where its verdict can have changed.
//
// ESLint's own cache looks at a file's text alone. Our rules look at types, which come from what a file imports, so a verdict is
// kept under the texts of a file and of all that it imports, however far away. `--near` (for `npm run check`) looks no further than
// one import from what has changed, unless the rest are few, and says how many files it left to `npm run lint`.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';

const root = import.meta.dirname;
const kept = join(root, 'node_modules/.cache/lint.json');
/** What every verdict hangs on. */
const everywhere = ['eslint.config.js', 'tsconfig.json', 'package-lock.json', 'lint.mjs'];
/** So few are looked at in passing. */
const FEW = 60;
/** From here a second thread is worth a second program. */
const MANY = 150;

const nearOnly = process.argv.includes('--near');
const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
const paths = ts.parseJsonConfigFileContent(config, ts.sys, root).fileNames.map((name) => relative(root, name));
const texts = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
const imports = new Map([...texts].map(([path, text]) => [path, importsOf(path, text)]));
const hashes = new Map([...texts].map(([path, text]) => [path, hashOf(text)]));
// What declares something for the whole program is imported by nobody.
const ambient = [...texts].filter(([, text]) => /^declare (?:global|module)\b/m.test(text)).map(([path]) => hashes.get(path));
const base = hashOf(process.version, ...everywhere.map((path) => readFileSync(join(root, path), 'utf8')), ...ambient);
const keys = Object.fromEntries(paths.map((path) => [path, keysOf(path)]));

const before = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
const passed = before.base === base ? before.passed : {};
const stale = (by) => paths.filter((path) => passed[path]?.[by] !== keys[path][by]);
const all = stale('far');
const near = all.filter((path) => passed[path]?.near !== keys[path].near);
const looked = nearOnly && all.length > FEW ? near : all;

const eslint = new ESLint({ cwd: root, concurrency: looked.length > MANY ? 2 : 'off' });
const results = looked.length === 0 ? [] : await eslint.lintFiles(looked);
const wrong = results.filter(({ messages }) => messages.length > 0).map(({ filePath }) => relative(root, filePath));
const right = new Set(looked.filter((path) => !wrong.includes(path)));
// What was not looked at keeps the key under which it passed, and so stays stale.
const next = paths.map((path) => [path, right.has(path) ? keys[path] : wrong.includes(path) ? undefined : passed[path]]);
mkdirSync(dirname(kept), { recursive: true });
writeFileSync(kept, JSON.stringify({ base, passed: Object.fromEntries(next.filter(([, key]) => key !== undefined)) }));

const { format } = await eslint.loadFormatter('stylish');
process.stdout.write(await format(results));
const left = all.length - looked.length;
console.log(
  `lint: ${wrong.length === 0 ? 'right' : `wrong in ${wrong.length}`}, ${looked.length} of ${paths.length} files looked at` +
    (left > 0 ? `; ${left} further from what changed are left to npm run lint` : ''),
);
process.exitCode = wrong.length > 0 ? 1 : 0;

/** The files of ours that a file imports, of types only too. */
function importsOf(path, text) {
  const found = ts.preProcessFile(text, true, false).importedFiles.map(({ fileName }) => fileName);
  // `import('…')` in types, which the scanner for modules does not see.
  for (const [, name] of text.matchAll(/\bimport\(\s*['"`](\.[^'"`]*)['"`]/g)) found.push(name);
  return found
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(root, resolve(root, dirname(path), name)))
    .filter((name) => texts.has(name));
}

/** Under what a verdict holds: the file's own text, with what it imports, and with all that these import. */
function keysOf(path) {
  const reached = new Set([path]);
  for (const one of reached) for (const other of imports.get(one)) reached.add(other);
  const withTexts = (files) => hashOf(...[...files].sort().map((file) => `${file} ${hashes.get(file)}`));
  return { near: withTexts(new Set([path, ...imports.get(path)])), far: withTexts(reached) };
}

function hashOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('base64url').slice(0, 16);
}
