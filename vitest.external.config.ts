import { defineConfig } from 'vitest/config';

/** `npm run test:external`: what is proven against services that are not ours. Nothing of it runs in `npm test` by itself. */
export default defineConfig({
  test: {
    include: ['test/external/**/*.external.ts'],
    reporters: ['default', './test/external/closingLine.ts'],
    globalSetup: ['test/external/setup.ts'],
    // One after the other: they share a cluster and an account, which may be small.
    fileParallelism: false,
    // These end what hangs, and judge nothing.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
