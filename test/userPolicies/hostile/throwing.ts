import type { Hostile } from './hostile.ts';

const threw = (what: RegExp): NonNullable<Hostile['told']> => ({ kind: 'threw', what });

const wrote = (what: RegExp): NonNullable<Hostile['told']> => ({ kind: 'wrote', what });

/** Policies that throw, or write where each write throws, from where one would not expect it too. */
export const throwing: Readonly<Record<string, Hostile>> = {
  'hours that throw': {
    slot: 'operatingHours',
    body: "throw new Error('no hours today');",
    told: threw(/threw no hours today \(\.\.?\/hours-that-throw\.ts:\d+:\d+\)/),
  },
  'wants that throw': {
    slot: 'scaling',
    body: "throw new Error('no wants today');",
    told: threw(/threw no wants today \(\.\.?\/wants-that-throw\.ts:\d+:\d+\)/),
  },
  'wants that rewrite their question': {
    slot: 'scaling',
    body: 'question.jobs.waiting = 99; return { blocks: 99 };',
    told: wrote(/tried to change jobs\.waiting of its question/),
  },
  'times that throw something new each time': {
    slot: 'renewal',
    before: 'let count = 0;',
    body: 'throw new Error(`attempt ${++count}`);',
    told: threw(/threw attempt \d+ \(\.\.?\/times-that-throw-something-new-each-time\.ts:\d+:\d+\)/),
  },
  'ranks that throw nothing': { slot: 'purchase', body: 'throw undefined;', told: threw(/threw nothing/) },
  'hours that throw what cannot be read': {
    slot: 'operatingHours',
    body: "throw new Proxy(new Error('x'), { get() { throw 1; }, getPrototypeOf() { throw 2; } });",
    told: threw(/threw something that cannot be shown/),
  },
  'hours behind a getter': {
    slot: 'operatingHours',
    body: "return { get blocks() { throw new Error('not yours'); }, until: Infinity };",
    told: threw(/threw not yours/),
  },
  'times behind a proxy': {
    slot: 'renewal',
    body: "return new Proxy({}, { get() { throw new Error('hands off'); } });",
    told: threw(/threw hands off/),
  },
  'ranks behind a proxy': {
    slot: 'purchase',
    body: "return new Proxy([], { get() { throw new Error('hands off'); } });",
    told: threw(/threw hands off/),
  },
  'times that exhaust the stack': {
    slot: 'renewal',
    body: 'return this.timesFor(question);',
    told: threw(/threw Maximum call stack size exceeded/),
  },
  'times that rewrite their question': {
    slot: 'renewal',
    body: `question.lease.expiresAt = question.lease.offer.durationMs = question.spec.surge = 1e9;
      return { relieveAt: 1e9, drainAt: 1e9, endBy: 1e9 };`,
    told: wrote(/tried to change spec\.surge of its question/),
  },
  'ranks that change what they are shown': {
    slot: 'purchase',
    body: 'need.markets = {}; return offers;',
    told: wrote(/tried to change need\.markets of its question.*\/ranks-that-change-what-they-are-shown\.ts:\d+:\d+\)/),
  },
  'times that change what they are shown and keep quiet': {
    slot: 'renewal',
    body: 'try { question.lease.expiresAt += 9e9; } catch {} return { relieveAt: 9e9, drainAt: 9e9, endBy: 9e9 };',
    told: wrote(/tried to change lease\.expiresAt of its question/),
  },
};
