import { parentPort, workerData } from 'node:worker_threads';
import type { Contender, ContenderNews, ContenderTask } from './contest.ts';
import { transitionContenders } from './parts/transitionContenders.ts';
import { weekContenders } from './parts/weekContenders.ts';
import { frozenWorld, isWorldName } from './world.ts';

const port = parentPort;
if (port === null) throw new Error('to be started as a thread');
// Known: the one who starts this thread gives it these.
const { subject, name } = workerData as ContenderTask;
const all: Readonly<Record<string, Contender>> = isWorldName(subject)
  ? weekContenders(await frozenWorld(subject))
  : transitionContenders(await frozenWorld('week-v1'));
const run = all[name];
if (run === undefined) throw new Error(`${subject} has no contender ${name}`);

port.on('message', (calls: number) => {
  void repeat(calls).then(() => {
    port.postMessage('done' satisfies ContenderNews);
  });
});
port.postMessage('ready' satisfies ContenderNews);

async function repeat(calls: number): Promise<void> {
  for (let call = 0; call < calls; call += 1) {
    const running = run?.();
    if (running instanceof Promise) await running;
  }
}
