import { Command, InvalidArgumentError } from 'commander';
import { catalogue } from '../../policies/catalogue.ts';
import { wantedBy } from '../../sim/result/coverage.ts';
import { readScenario } from '../../sim/scenario/readScenario.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import type { Truth } from '../../sim/world/simulatedWorld.ts';
import { before, type Instant, isoOf, minutes, NEVER } from '../../src/domain/time.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import type { Pool } from '../../src/pool/pool.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { again } from '../again.ts';
import { flagValues } from '../flagValues.ts';
import { rehearsal } from '../rehearsal.ts';
import { withUserPolicies } from '../userPolicies.ts';

interface Flags {
  readonly speed: number;
  readonly from?: string;
  readonly record?: string;
}

/** How long before the first block is wanted a rehearsal begins: long enough to see the keeper start. */
const EARLIER_MS = minutes(5);

/** `rehearse DIR`: the real keeper on this machine, against the scenario's services on the loopback interface. */
export const command = (): Command =>
  new Command('rehearse')
    .description('run the real keeper on this machine against a simulated account and cluster; no AWS, no Kubernetes')
    .argument('<dir>', 'a scenario folder')
    .option('--speed <times>', 'how many times faster than real it goes', timesFaster, 60)
    .option('--from <instant>', 'when it begins (default: shortly before blocks are first wanted)')
    .option('--record <dir>', 'write recordings into this folder, as run does')
    .action((dir: string, flags: Flags) => withUserPolicies((policies) => run(dir, flags, policies)));

async function run(dir: string, flags: Flags, policies: UserPolicies): Promise<void> {
  const read = await readScenario(dir, catalogue, policies);
  const pools = poolsOf(read.pools, policies.extend(catalogue));
  const values = flagValues();
  const named = values.instant('--from', flags.from);
  values.check();
  const from = named ?? before(firstWantedAt(read, pools) ?? read.from, EARLIER_MS);
  const scenario = { ...read, from: Math.max(read.from, Math.min(from, read.until - 1)) };

  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.stderr.write(
    `rehearsing ${scenario.name} from ${isoOf(scenario.from)}, ${flags.speed} times as fast as real; Ctrl-C stops it\n`,
  );
  const rehearsed = await rehearsal({
    ...{ dir, scenario, speed: flags.speed, stdio: 'inherit' },
    runArgs: flags.record === undefined ? [] : ['--record', flags.record],
  });
  process.stderr.write(
    `EC2, Auto Scaling and SQS at ${rehearsed.world.aws.url}, Kubernetes at ${rehearsed.world.kubernetes.url}\n`,
  );
  const reached = await rehearsed.live(stopping.signal);
  const code = await rehearsed.end();
  process.stderr.write(`\n${summary(rehearsed.world.truth(), reached)}\n`);
  if (code !== 0) {
    process.stderr.write(`the keeper ended with ${code === null ? 'a signal' : `code ${code}`}\nagain: ${again()}\n`);
    process.exitCode = 1;
  }
}

function firstWantedAt({ from, until }: Scenario, pools: readonly Pool[]): Instant | undefined {
  const wanted = pools.flatMap(({ policies }) =>
    wantedBy(policies.operatingHours, from, until).filter(({ value }) => value > 0),
  );
  return wanted.length === 0 ? undefined : Math.min(...wanted.map(({ at }) => at));
}

/** What the world saw, whatever the keeper says. */
function summary({ from, instances, jobs, kills }: Truth, reached: Instant): string {
  const ended = instances.filter(({ instance }) => instance.endedAt !== NEVER).length;
  const onBlocks = jobs.filter(({ ranOn }) => ranOn === 'block').length;
  return [
    `rehearsed ${((reached - from) / minutes(60)).toFixed(1)} hours, to ${isoOf(reached)}`,
    `${instances.length} blocks launched, ${ended} ended`,
    `${onBlocks} of ${jobs.length} jobs ran on blocks, ${kills.length} were killed`,
  ].join('\n');
}

function timesFaster(text: string): number {
  const speed = Number(text);
  if (!(speed >= 1 && speed <= 3_600)) throw new InvalidArgumentError('Expected a number from 1 to 3600.');
  return speed;
}
