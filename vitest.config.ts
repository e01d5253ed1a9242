import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/closingLine.ts'],
    globalSetup: ['test/support/build.ts'],
    // Both cores of the machines that this is built on; the default leaves one to the editor.
    maxWorkers: 2,
    testTimeout: 60_000,
    // A browser's first start on a busy machine takes its time.
    hookTimeout: 60_000,
  },
});
