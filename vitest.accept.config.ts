import { defineConfig } from 'vitest/config';

/** `npm run accept`: what is shipped, tried with the real tools that read it, from npm and Debian. */
export default defineConfig({
  test: {
    include: [
      'test/accept/**/*.accept.ts',
      'test/laws/portableSchemas.test.ts',
      'test/live/world/alerts.test.ts',
      'test/packaging/**/*.test.ts',
    ],
    reporters: ['default', './test/accept/closingLine.ts'],
    globalSetup: ['test/accept/setup.ts'],
    maxWorkers: 2,
    // These end what hangs, and judge nothing.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
