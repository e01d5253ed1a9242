import type { Command } from 'commander';

/** A subcommand: what the README says of it, and where it is. */
export interface Subcommand {
  /** How it is called, in short; `--help` has the rest. */
  readonly usage: string;
  /** What it tells or does, in a phrase. */
  readonly about: string;
  /** Only the one that is asked for is loaded. */
  readonly load: () => Promise<{ readonly command: () => Command }>;
}

/** All of them, in the order of the help, each in a file of its own. A new one is a file and an entry here. */
export const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  estimate: {
    usage: 'estimate FILE…',
    about:
      'from files of jobs and prices to what that week would have cost, and the pools file for it; without files: how to make them',
    load: () => import('./commands/estimate.ts'),
  },
  simulate: {
    usage: 'simulate DIR',
    about: 'whether it is worth it, and what the week comes to: bill, rivals, waiting, killed jobs, a strip chart',
    load: () => import('./commands/simulate.ts'),
  },
  compare: {
    usage: 'compare DIR --scaling a,b --lease 1h,4h',
    about: 'the same week under several pools and policies, beside all you could have without this',
    load: () => import('./commands/compare.ts'),
  },
  sweep: {
    usage: 'sweep DIR… --grid GRID',
    about: 'every combination of settings in a grid, in one or more weeks, as lines of results; in parts, too',
    load: () => import('./commands/sweep.ts'),
  },
  advise: {
    usage: 'advise DIR…',
    about:
      'the settings that these weeks ask for, judged on others: a pools file, what each change is worth, or to do nothing',
    load: () => import('./commands/advise.ts'),
  },
  check: {
    usage: 'check POLICY',
    about:
      'whether a policy, built-in or your own, keeps its promises in random worlds; if not, the smallest that shows it',
    load: () => import('./commands/check.ts'),
  },
  shelf: {
    usage: 'shelf',
    about: 'the built-in policies, compared over the shipped scenarios',
    load: () => import('./commands/shelf.ts'),
  },
  replay: {
    usage: 'replay FILE',
    about: "whether today's code still does what a recording says, and the first line where it does not",
    load: () => import('./commands/replay.ts'),
  },
  inspect: {
    usage: 'inspect prices|availability|jobs FILE…',
    about: 'what is in a recorded file: cost, survival, durations, concurrency',
    load: () => import('./commands/inspect.ts'),
  },
  profile: {
    usage: 'profile FILE…',
    about: 'operating hours learned from recorded jobs',
    load: () => import('./commands/profile.ts'),
  },
  import: {
    usage: 'import prices|availability|jobs FILE… --into DIR',
    about: 'files of yours, put into a scenario',
    load: () => import('./commands/import.ts'),
  },
  init: {
    usage: 'init DIR',
    about: 'a scenario to start from',
    load: () => import('./commands/init.ts'),
  },
  schema: {
    usage: 'schema pools|scenario|grid',
    about: 'JSON Schema for your editor',
    load: () => import('./commands/schema.ts'),
  },
  manifests: {
    usage: 'manifests POOLS',
    about: 'Kubernetes objects, the IAM policy, the queue; `manifests sweep`: a sweep as a Job',
    load: () => import('./commands/manifests.ts'),
  },
  run: {
    usage: 'run [POOLS]',
    about: 'keeps the pools, in the cluster and account of the environment',
    load: () => import('./commands/run.ts'),
  },
  plan: {
    usage: 'plan POOLS',
    about: 'what it would do now and at its next wake-ups; changes nothing',
    load: () => import('./commands/plan.ts'),
  },
  explain: {
    usage: 'explain [POOLS] [BLOCK]',
    about: 'why a pool or a block is as it is, what comes next, and what stands in its way',
    load: () => import('./commands/explain.ts'),
  },
  doctor: {
    usage: 'doctor POOLS',
    about: 'what stands in its way, each with its remedy',
    load: () => import('./commands/doctor.ts'),
  },
  rehearse: {
    usage: 'rehearse DIR',
    about: "the real keeper on this machine, against a scenario's services",
    load: () => import('./commands/rehearse.ts'),
  },
  record: {
    usage: 'record POOLS --into DIR',
    about: 'a week of your cluster, recorded without installing or touching anything',
    load: () => import('./commands/record.ts'),
  },
  distil: {
    usage: 'distil RECORDING… --into DIR',
    about: 'a scenario made of it: what would that week have cost?',
    load: () => import('./commands/distil.ts'),
  },
};
