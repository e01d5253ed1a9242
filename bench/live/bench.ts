import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describesAMinute, LIMITS, type Line, lineOf } from './budget.ts';
import { beyondRest, countOf, isAws, isChange, isDescribe, isKubernetes, isList, wordsOf } from './calls.ts';
import { failovers } from './failover.ts';
import { callsAtRest, rest, type Size, startCpuSeconds } from './idle.ts';
import { bareNode } from './keeperProcess.ts';
import { replacements } from './replacement.ts';

// The live keeper as it is shipped: one bundled process, against services that this process simulates on loopback.

const SMALL: Size = { blocks: 15, pods: 75 };
const LARGE: Size = { blocks: 1_000, pods: 5_000 };

if (process.platform === 'linux') await bench();
else process.stdout.write('\nthe live keeper is measured on Linux only, by what /proc says of its process\n');

async function bench(): Promise<void> {
  // Within the project, so that the one package beside the bundle is found.
  const folder = await mkdtemp(join(resolve('dist'), 'bundle-'));
  const command = join(folder, 'cli/main.js');
  try {
    await promisify(execFile)(process.execPath, [resolve('bundle.mjs'), folder]);
    process.stdout.write(`\nthe live keeper, bundled; the floor is a bare node ${process.version}\n`);
    await measure(command);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(command: string): Promise<void> {
  const floor = await bareNode();
  for (const size of [SMALL, LARGE])
    print({
      ...{ name: `CPU until ready, ${of(size)}`, unit: 's', limit: LIMITS.startCpuSeconds },
      ...{ found: await startCpuSeconds(command, size), floor: floor.cpuSeconds },
    });

  // Side by side: at rest they leave the machine to each other.
  const [small, large] = await Promise.all([rest(command, SMALL), rest(command, LARGE)]);
  for (const [size, { rssMb, peakMb, cpuShare, lagMs }, limit] of [
    [SMALL, small, LIMITS.rssMb.small],
    [LARGE, large, LIMITS.rssMb.large],
  ] as const) {
    print({ name: `memory at rest, ${of(size)}`, found: rssMb, unit: 'MB', limit, floor: floor.rssMb });
    print({ name: '  at most until then', found: peakMb, unit: 'MB', floor: floor.rssMb });
    print({ name: '  CPU at rest', found: cpuShare, unit: 'cores', limit: LIMITS.cpuShare });
    print({ name: '  lag of the event loop, 99th percentile', found: lagMs, unit: 'ms' });
  }

  // Only counted, so that it does not matter how busy the machine is.
  const [atRest, ofMany, { calls, replaced, minutes }] = await Promise.all([
    callsAtRest(command, SMALL),
    callsAtRest(command, LARGE),
    replacements(command),
  ]);
  for (const [size, counted] of [
    [SMALL, atRest],
    [LARGE, ofMany],
  ] as const) {
    const describes = countOf(counted.calls, isDescribe) / counted.minutes;
    print({
      name: `describes a minute, ${of(size)}`,
      found: describes,
      unit: 'calls',
      limit: describesAMinute(size.blocks),
    });
    print({
      name: '  changes',
      found: countOf(counted.calls, isChange) / counted.minutes,
      unit: 'calls',
      limit: LIMITS.changesAtRest,
    });
    print({ name: '  lists of the cluster', found: countOf(counted.calls, isList) / counted.minutes, unit: 'calls' });
    process.stdout.write(`  a minute: ${wordsOf(counted.calls, counted.minutes)}\n`);
  }

  const own = beyondRest(calls, minutes, atRest.calls, atRest.minutes);
  print({
    ...{ name: `EC2 calls per replacement, of ${replaced}`, unit: 'calls', limit: LIMITS.awsCallsPerReplacement },
    found: countOf(own, isAws) / replaced,
  });
  print({
    ...{ name: '  Kubernetes calls', unit: 'calls', limit: LIMITS.kubernetesCallsPerReplacement },
    found: countOf(own, isKubernetes) / replaced,
  });
  process.stdout.write(`  each: ${wordsOf(own, replaced)}\n`);

  for (const found of await failovers(command, SMALL))
    print({ name: 'from SIGKILL of the leader to a launch', found, unit: 's', limit: LIMITS.failoverSeconds });
}

function of({ blocks, pods }: Size): string {
  return `${blocks} blocks and ${pods} pods`;
}

function print(line: Line): void {
  process.stdout.write(`${lineOf(line)}\n`);
}
