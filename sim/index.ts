/** The simulated world as a library: read a scenario, run it under any pools, count what it came to. */
export type {
  BlockBar,
  Comparison,
  Cost,
  Outcome,
  Rival,
  Rivals,
  Timeline,
  ValueFrom as Step,
  Variant,
  Verdict,
} from './outcome.ts';
export { savingOf, verdictsOf } from './result/verdicts.ts';
export { readScenario } from './scenario/readScenario.ts';
export type { Scenario } from './scenario/scenario.ts';
export { simulate, simulateOnDemandOnly, simulateOriginal, type Watching } from './simulate.ts';
export { type SimulatedWorld, simulatedWorld } from './world/simulatedWorld.ts';
