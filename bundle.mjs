// Makes the command one small folder: `node bundle.mjs [FOLDER] [METAFILE]` (default `dist/bundle`). With node_modules/jiti
// beside or above it, the folder runs by itself. What esbuild put where is written to METAFILE, if it is named.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { noticesOf } from './notices.mjs';

const root = import.meta.dirname;
const folder = resolve(process.argv[2] ?? join(root, 'dist/bundle'));

await rm(folder, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  // Besides the command: what it loads by its place, from a thread. The places are those that the built files have.
  entryPoints: {
    'cli/main': 'cli/main.ts',
    'cli/checkThread': 'cli/checkThread.ts',
    'cli/groupThread': 'cli/groupThread.ts',
    'cli/weekThread': 'cli/weekThread.ts',
    'cli/worker': 'src/userPolicies/worker.ts',
    'policies/catalogue': 'policies/catalogue.ts',
  },
  // Shared parts lie beside the command: whatever file a module ends in, `../policies` and `worker.js` are found from it.
  // They are shared, not copied, so that a schema of the catalogue is a schema to whoever loads it.
  splitting: true,
  chunkNames: 'cli/[name]-[hash]',
  outdir: folder,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
  // It compiles the policies that users bring, and loads parts of itself by their paths.
  external: ['jiti'],
  // Packages in CommonJS ask for Node's own modules with require, which a module does not have.
  banner: {
    js: "import { createRequire as requireForBundle } from 'node:module'; const require = requireForBundle(import.meta.url);",
  },
  // Whole licences are written beside it instead.
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  plugins: [unusedShapes(), ownUrl()],
});

// The command asks the manifest of its package for its release.
const { name, version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const manifest = { name, version, license, private: true, type: 'module', exports: { './package.json': './package.json' } };
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

// jiti is no part of the bundle, but goes where it goes.
await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), await noticesOf(root, metafile, ['node_modules/jiti']));
if (process.argv[3] !== undefined) await writeFile(resolve(process.argv[3]), JSON.stringify(metafile));

const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
process.stdout.write(`wrote ${folder}: ${Object.keys(metafile.outputs).length} files, ${Math.round(bytes / 1024)} KiB\n`);

/**
 * Writes the computed keys in the AWS clients' tables of shapes as the constants that they are. To the bundler a computed key
 * may do anything, so it would keep the shapes of all of EC2's 700 actions for the fifteen that are used: nine tenths of
 * what the keeper's process would need to load.
 */
function unusedShapes() {
  return {
    name: 'unused-shapes',
    setup(bundler) {
      bundler.onLoad({ filter: /@aws-sdk[\\/].*[\\/]schemas_\d+\.js$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const constants = new Map([...text.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, key, value]) => [key, value]));
        const contents = text.replace(/\[(_\w+)\]:/g, (whole, key) => (constants.has(key) ? `${constants.get(key)}:` : whole));
        return { contents, loader: 'js' };
      });
    },
  };
}

/** node-fetch takes Node's own URL wherever there is one, and only falls back to this package with its table of all Unicode. */
function ownUrl() {
  return {
    name: 'own-url',
    setup(bundler) {
      bundler.onResolve({ filter: /^whatwg-url$/ }, ({ path }) => ({ path, namespace: 'own-url' }));
      bundler.onLoad({ filter: /.*/, namespace: 'own-url' }, () => ({ contents: 'export default { URL };', loader: 'js' }));
    },
  };
}
