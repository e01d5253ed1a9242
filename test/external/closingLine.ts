import type { Reporter, TestModule } from 'vitest/node';
import { notRun, targets } from './targets.ts';

/** Ends a run with what was not run, a line each, and one that counts: `N passed, N failed, N skipped`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    const said: string[] = [...notRun(targets())];
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        counts[result.state === 'passed' || result.state === 'failed' ? result.state : 'skipped'] += 1;
        // A test that found out by itself that it has nothing to run against says why.
        if (result.state === 'skipped' && result.note !== undefined) said.push(`not run: ${test.name}; ${result.note}`);
      }
      // What could not be prepared or cleaned up is told at the suite.
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    }
    const { passed, failed, skipped } = counts;
    process.stdout.write([...said, `${passed} passed, ${failed} failed, ${skipped} skipped`, ''].join('\n'));
  }
}
