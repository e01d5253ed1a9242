import { defineConfig } from 'vitest/config';

/** `npm run planted`: bugs put in on purpose, each in a copy of the sources, each to be caught by the test that it names. */
export default defineConfig({
  test: {
    include: ['test/planted/**/*.planted.ts'],
    reporters: ['verbose', './test/closingLine.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
