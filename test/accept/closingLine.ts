import type { Reporter, TestModule } from 'vitest/node';
import { hasPromtool } from '../support/promtool.ts';
import { fetchHelm, HELM_RELEASES } from './helm.ts';

/** Ends a run with what was not run, a line each, and one that counts: `N passed, N failed, N skipped`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === 'passed' || state === 'failed' ? state : 'skipped'] += 1;
      }
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    }
    const { passed, failed, skipped } = counts;
    process.stdout.write([...notRun(), `${passed} passed, ${failed} failed, ${skipped} skipped`, ''].join('\n'));
  }
}

function notRun(): readonly string[] {
  const helms = HELM_RELEASES.flatMap((release) => {
    const why = fetchHelm(release);
    return why === undefined ? [] : [`not run: Helm ${release.version}; ${why}`];
  });
  const alerts = hasPromtool() ? [] : ["not run: the alerts by promtool; Debian's prometheus is not installed"];
  return [
    ...helms,
    ...alerts,
    'not run: server-side apply, which is how Helm 4 writes by itself; the simulated API server knows none',
    'not run: the image itself; there is no docker in this check',
  ];
}
