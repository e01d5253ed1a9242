import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/closingLine.ts'],
    globalSetup: ['test/support/build.ts'],
    // Both cores of the machines that this is built on; the default leaves one to the editor.
    maxWorkers: 2,
    // These end what hangs, and judge nothing: a test takes as long as a busy machine needs for it.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
