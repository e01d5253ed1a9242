/** The check of policies as a library: the worlds, the laws and the promises, for a test suite of your own. */
export { catalogue } from '../policies/catalogue.ts';
export * from '../src/policy/laws/index.ts';
export { checkWorlds, type WorldOptions } from './arbitrary.ts';
export { type Checked, type CheckOptions, checkPolicy } from './checkPolicy.ts';
export type { CheckWorld } from './checkWorld.ts';
export { judge, judgeScenario } from './judge.ts';
export type { Broken } from './probe.ts';
export { PROMISES, type PromiseName } from './promises.ts';
export { scenarioOf } from './scenarioOf.ts';
export { choicesIn, type Subject, subjectOf } from './subject.ts';
export { writeCounterexample } from './writeCounterexample.ts';
