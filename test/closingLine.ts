import type { Reporter, TestModule } from 'vitest/node';

/** Ends every test run with one plain line that counts: `N passed, N failed`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let skipped = 0;
    // A file that could not be loaded, or an error outside any test, is a failure too.
    let failed = unhandledErrors.length;
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped += 1;
      }
      // What could not be prepared or cleaned up is told at the suite, and its tests count as skipped.
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
    }
    // After the default reporter's own summary, which is written synchronously in the same phase.
    process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  }
}
