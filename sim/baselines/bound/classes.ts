import { jobsWithin, mayRun, type ReferenceQuestion, type RunningJob } from './question.ts';

/** Jobs that ask for the same and may run on the same kinds of machines. */
export interface JobClass {
  readonly requests: readonly number[];
  /** For each kind of machine of its group, whether these jobs may run there. */
  readonly runsOn: readonly boolean[];
  readonly jobs: readonly RunningJob[];
}

/** Classes, and the kinds of machines (by index in the question) that any of them may run on. */
export interface Group {
  readonly classes: readonly JobClass[];
  readonly machines: readonly number[];
}

/** The jobs by class, and the classes in groups that share no kind of machine. @throws RangeError for a job that none may run */
export function classesOf(question: ReferenceQuestion): readonly Group[] {
  const found = new Map<string, { runsOn: boolean[]; requests: readonly number[]; jobs: RunningJob[] }>();
  for (const running of jobsWithin(question)) {
    const { job } = running;
    const runsOn = question.machines.map((machine) => mayRun(question, job, machine));
    if (!runsOn.includes(true)) throw new RangeError(`expected a kind of machine that may run ${job.name}, found none`);
    const key = `${job.requests.join()} ${runsOn.map(Number).join('')}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { runsOn, requests: job.requests, jobs: [running] });
    else known.jobs.push(running);
  }
  let groups: { classes: JobClass[]; machines: Set<number> }[] = [];
  for (const one of found.values()) {
    const machines = new Set([...one.runsOn.keys()].filter((at) => one.runsOn[at]));
    const touched = groups.filter((group) => [...machines].some((machine) => group.machines.has(machine)));
    const joined = {
      classes: [...touched.flatMap(({ classes }) => classes), one],
      machines: new Set([...touched.flatMap((group) => [...group.machines]), ...machines]),
    };
    groups = [...groups.filter((group) => !touched.includes(group)), joined];
  }
  return groups.map(({ classes, machines }) => {
    const inOrder = [...machines].sort((a, b) => a - b);
    return {
      machines: inOrder,
      classes: classes.map((one) => ({ ...one, runsOn: inOrder.map((machine) => one.runsOn[machine]!) })),
    };
  });
}
