import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/closingLine.ts'],
    globalSetup: ['test/support/build.ts'],
    testTimeout: 60_000,
  },
});
