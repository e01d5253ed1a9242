import type { Hostile } from './hostile.ts';

const late: Hostile['told'] = { kind: 'silent', what: /did not come back within \d+ ms/ };

/** Policies that never answer. */
export const silent: Readonly<Record<string, Hostile>> = {
  'hours that loop': { slot: 'operatingHours', body: 'for (;;) {}', told: late },
  'wants that loop': { slot: 'scaling', body: 'for (;;) {}', told: late },
  'times that loop': { slot: 'renewal', body: 'for (;;) {}', told: late },
  'ranks that loop': { slot: 'purchase', body: 'for (;;) {}', told: late },
  'times behind a getter that loops': {
    slot: 'renewal',
    body: 'return { get relieveAt() { for (;;) {} } };',
    told: late,
  },
  'hours that wait for another thread': {
    slot: 'operatingHours',
    body: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); return { blocks: 1, until: Infinity };',
    told: late,
  },
  'ranks that eat memory': {
    slot: 'purchase',
    before: 'const eaten: unknown[] = [];',
    body: 'for (;;) eaten.push({ now: need.now, more: [1, 2, 3] });',
    told: late,
  },
  'hours that leave': {
    slot: 'operatingHours',
    before: "import process from 'node:process';",
    body: 'process.exit(0);',
    told: { kind: 'silent', what: /ended its thread/ },
  },
};
