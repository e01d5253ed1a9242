import type { Hostile } from './hostile.ts';

/** Policies that break no rule of form, and would ruin a pool that believed them. */
export const immoderate: Readonly<Record<string, Hostile>> = {
  'hours of a thousand million blocks': { slot: 'operatingHours', body: 'return { blocks: 1e9, until: Infinity };' },
  'hours that want more each time': {
    slot: 'operatingHours',
    before: 'let count = 1e6;',
    body: 'return { blocks: ++count, until: now + 60_000 };',
  },
  'hours that change their mind': {
    slot: 'operatingHours',
    body: 'return { blocks: Math.floor(Math.random() * 100), until: now + 60_000 };',
  },
  'hours that hold for a microsecond': { slot: 'operatingHours', body: 'return { blocks: 1, until: now + 0.001 };' },
  'wants of a thousand million blocks': { slot: 'scaling', body: 'return { blocks: 1e9 };' },
  'wants that change their mind': {
    slot: 'scaling',
    body: 'return { blocks: Math.floor(Math.random() * 100), until: question.now + 0.001, giveBackIdleAfterMs: 0 };',
  },
  'times that relieve at birth': {
    slot: 'renewal',
    body: 'return { relieveAt: -Infinity, drainAt: question.lease.expiresAt, endBy: question.lease.expiresAt };',
  },
  'times that drain at birth': {
    slot: 'renewal',
    body: 'return { relieveAt: -Infinity, drainAt: -Infinity, endBy: question.lease.expiresAt };',
  },
  'times that are always a moment away': {
    slot: 'renewal',
    body: 'const at = question.now + 0.5; return { relieveAt: at, drainAt: at, endBy: at };',
  },
  'ranks that change their mind': {
    slot: 'purchase',
    body: 'return offers.filter(() => Math.random() < 0.5);',
  },
};
