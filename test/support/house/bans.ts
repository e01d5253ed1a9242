/** What brings time, chance or the outside in, as TypeScript's and Node's declarations name it. */
export interface Ban {
  readonly what: string;
  /** `Owner.name`: the interface, namespace or module that declares it (without `node:`), and its name; no owner: a global. */
  readonly names: readonly string[];
}

export const BANS: readonly Ban[] = [
  {
    what: 'the clock',
    names: [
      ...['DateConstructor.now', 'Temporal.Now', '.performance', 'perf_hooks.performance'],
      ...['Process.hrtime', 'Process.uptime', '.Event', '.File'],
    ],
  },
  {
    what: 'chance',
    names: [
      ...['Math.random', '.crypto', 'crypto.randomUUID', 'crypto.randomBytes', 'crypto.randomInt', 'crypto.randomFill'],
      ...['crypto.randomFillSync', 'crypto.pseudoRandomBytes', 'crypto.getRandomValues', 'crypto.webcrypto'],
      ...['crypto.subtle', 'crypto.generateKey', 'crypto.generateKeySync', 'crypto.generateKeyPair'],
      ...['crypto.generateKeyPairSync', 'crypto.generatePrime', 'crypto.generatePrimeSync'],
    ],
  },
  {
    what: 'timers',
    names: [
      ...['', 'timers', 'timers/promises'].flatMap((owner) =>
        ['setTimeout', 'setInterval', 'setImmediate'].map((name) => `${owner}.${name}`),
      ),
      ...['timers/promises.scheduler', 'timers.promises', 'AbortSignal.timeout', 'Atomics.wait', 'Atomics.waitAsync'],
      ...['.queueMicrotask', 'Process.nextTick'],
    ],
  },
  {
    what: 'the environment',
    names: ['env', 'argv', 'argv0', 'execArgv', 'execPath', 'cwd', 'chdir', 'title', 'ppid', 'report', 'config'].map(
      (name) => `Process.${name}`,
    ),
  },
  {
    what: 'the outside',
    names: [
      ...['.fetch', '.WebSocket', '.EventSource', '.XMLHttpRequest', '.BroadcastChannel'],
      ...['stdin', 'stdout', 'stderr', 'exit', 'abort', 'kill', 'send', 'emitWarning'].map((name) => `Process.${name}`),
    ],
  },
  {
    what: 'the time zone of this machine',
    names: ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'TimezoneOffset']
      .map((part) => `Date.get${part}`)
      .concat(['FullYear', 'Month', 'Date', 'Hours', 'Minutes'].map((part) => `Date.set${part}`))
      .concat(
        ['toString', 'toDateString', 'toTimeString', 'toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'].map(
          (name) => `Date.${name}`,
        ),
      ),
  },
  { what: 'the console', names: ['.console'] },
  {
    what: 'code made or found at run time',
    names: ['.eval', '.Function', 'module.createRequire', 'Module.createRequire', 'Process.getBuiltinModule'],
  },
];

/** These give out what is banned by names that nothing can follow, so they may not be handed on, only asked for one thing by name. */
export const GUARDED = ['.Date', '.Math', '.process', '.global', '.globalThis', '"crypto"', '"module"'];

/** Where a ban does not hold, and why. A place is a folder or a file. */
export interface Exemption {
  readonly place: string;
  /** Undefined: from all of them. */
  readonly from?: readonly string[];
  readonly because: string;
}

export const EXEMPTIONS: readonly Exemption[] = [
  { place: 'src/live', because: 'the world as it is has a clock and an environment' },
  { place: 'cli', because: 'parts are wired together here' },
  { place: 'bench', because: 'it measures this machine' },
  {
    place: 'src/userPolicies/thread.ts',
    from: ['timers'],
    because: 'waits for the thread of a policy, which may hang; its reply is the same however long that took',
  },
  {
    place: 'src/userPolicies/worker.ts',
    from: ['timers', 'the outside'],
    because: 'sleeps until it is asked, and takes away what a policy would print',
  },
  { place: 'src/look/runningKeeper.ts', from: ['the outside'], because: 'asks the keeper that runs' },
  {
    place: 'src/userPolicies/startWorker.ts',
    from: ['code made or found at run time'],
    because: 'starts a thread from sources in TypeScript',
  },
  {
    place: 'check/elsewhere.ts',
    because: 'lets a policy find another clock, zone and luck than those of this machine, and puts them back',
  },
  { place: 'check/otherDate.ts', because: 'the dates of that other machine' },
  { place: 'src/look/patience.ts', from: ['timers'], because: 'gives up on a cluster that does not answer' },
];
