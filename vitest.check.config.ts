import { defineConfig } from 'vitest/config';

/** `npm run check`: what a new policy or fact breaks, from the sources, in seconds. What loads every client or runs weeks is left to `npm test`. */
export default defineConfig({
  test: {
    include: [
      ...['architecture', 'realTime'].map((name) => `test/${name}.test.ts`),
      ...['block', 'domain', 'keeper', 'pool', 'support'].map((folder) => `test/${folder}/**/*.test.ts`),
      ...['nestedChoices', 'readPools', 'docs'].map((name) => `test/config/${name}.test.ts`),
      ...['architecture', 'block'].map((name) => `test/docs/${name}.test.ts`),
      ...['operatingHours', 'purchase', 'purity', 'renewal'].map((name) => `test/laws/${name}.test.ts`),
      ...['catalogue', 'docs', 'renewal/*', 'purchase/*'].map((name) => `test/policies/${name}.test.ts`),
    ],
    exclude: ['test/support/lockstep.test.ts'],
    // A tenth of what `npm test` tries.
    env: { HOURS_RUNS: '3', PURITY_WORLDS: '8' },
    reporters: ['default', './test/closingLine.ts'],
    maxWorkers: 2,
    // Modules are loaded once and not for each file: loading them takes as long as the tests.
    isolate: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
