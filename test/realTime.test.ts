import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = import.meta.dirname;

/** By what a test would come to hang on how fast or how busy a machine is. */
const REAL_TIME =
  /\b(?:setTimeout|setInterval|Date\.now|performance\.now|AbortSignal\.timeout|waitFor|expect\.poll)\b|\btimeout:\s*[1-9]/;

/** Files that go by real time, and why no verdict of theirs hangs on it. */
const ALLOWED: Readonly<Record<string, string>> = {
  'cli/aTakeover.ts': 'the clock of a started process is set by real time; its tests wait for events',
  'cli/sweep/sweep.test.ts': 'starts processes, and only gives up on them by real time',
  'cli/sweep/manifests.test.ts': 'starts processes, and only gives up on them by real time',
  'fuzz/watched.ts':
    'the watchdog of the fuzz: counts CPU time, and gives up by the clock where a process sleeps for ever',
  'live/aws/calls/call.test.ts':
    'timers are faked; and a clock an hour ahead is told from this one with half an hour to spare',
  'live/kubernetes/aCluster.ts': 'a fast clock makes waits short; what must happen before an instant has weeks of it',
  'live/kubernetes/kubeconfig/kubeconfig.test.ts': 'a call to a server of the test, which gives up by real time',
  'live/kubernetes/kubeconfig/likeKubectl.test.ts': 'starts kubectl, and only gives up on it by real time',
  'support/aFleet.ts': 'commands and services go by one clock, which must be that of other processes too',
  'support/house/bans.ts': 'names what is banned',
  'support/house/house.test.ts': 'shows texts in which the ban is broken, and runs none of them',
  'support/comesTrue.ts': 'the one wait for what comes by itself, with an end for what never comes',
};

/** `external` and `process` are suites of their own against services and processes in real time; nobody runs them with the rest. */
const files = readdirSync(ROOT, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
  .filter((path) => !/^(?:external|process)\//.test(path) && path !== 'realTime.test.ts');

it('judges nothing by real time: tests wait for events, or let the time of a simulated clock pass', () => {
  const found = files.filter((path) => REAL_TIME.test(readFileSync(join(ROOT, path), 'utf8')));
  expect(found.sort()).toEqual(Object.keys(ALLOWED).sort());
});

it('sees a wait in real time, and lets turns of the event loop pass', () => {
  for (const text of [
    "import { setTimeout as pause } from 'node:timers/promises'",
    'vi.waitFor(',
    '{ timeout: 9_000 }',
  ])
    expect(text).toMatch(REAL_TIME);
  for (const text of ["import { setImmediate } from 'node:timers/promises'", 'timeouts: TIMEOUTS', 'timeout: 0'])
    expect(text).not.toMatch(REAL_TIME);
});
