import { defineConfig } from 'vitest/config';

/** `npm run sigkill`: real processes in real time. Too slow for `npm test`, which has the same deaths in simulated time. */
export default defineConfig({
  test: {
    include: ['test/process/**/*.process.ts'],
    reporters: ['verbose', './test/closingLine.ts'],
    globalSetup: ['test/support/build.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    // Lives mostly wait.
    maxConcurrency: 8,
  },
});
