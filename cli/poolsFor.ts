import { catalogue } from '../policies/catalogue.ts';
import { BadInput } from '../src/config/mistakes.ts';
import { readPools } from '../src/config/readPools.ts';
import { awsCaller } from '../src/live/aws/calls/call.ts';
import { awsClients } from '../src/live/aws/calls/clients.ts';
import type { TemplatePort } from '../src/live/aws/template/group.ts';
import { resolveTemplate } from '../src/live/aws/template/resolveTemplate.ts';
import { systemClock } from '../src/live/ports/clock.ts';
import { silent } from '../src/live/ports/telemetry.ts';
import { poolsOf } from '../src/pool/assemble.ts';
import type { UserPolicies } from '../src/userPolicies/userPolicies.ts';
import { type EnvironmentPools, type GroupFacts, poolsFromEnvironment } from './environment.ts';
import { poolsAt, type ReadPools } from './poolsAt.ts';

/** Pools from a file, or from the variables of the original scripts. */
export interface FoundPools extends ReadPools {
  /** Where they come from the environment: the pools file that says the same, and what people should know of it. */
  readonly equivalent?: { readonly text: string; readonly notes: readonly string[] };
}

/**
 * The pools of the file at a path; without a path those that the variables of the original scripts describe, the rest
 * read from their Auto Scaling group.
 *
 * @throws BadInput with every mistake; also where neither names any pools, or the group cannot be read.
 */
export async function poolsFor(
  path: string | undefined,
  policies: UserPolicies,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<FoundPools> {
  if (path !== undefined) return poolsAt(path, policies);
  const described = poolsFromEnvironment(env);
  if (described === undefined)
    throw new BadInput([
      { file: 'pools', message: 'expected a pools file, or ASG_NAME in the environment; found neither' },
    ]);
  const text = described.textFor(await factsOf(described));
  const file = readPools(text, 'the environment', catalogue);
  return {
    file,
    pools: poolsOf(file, policies.extend(catalogue)),
    equivalent: { text, notes: described.notes },
  };
}

/** What people are told of pools that came from the environment, each line of the notes a comment. */
export const equivalentText = ({ text, notes }: NonNullable<FoundPools['equivalent']>): string =>
  `${notes.map((note) => `# ${note}\n`).join('')}${text}`;

async function factsOf({ group }: EnvironmentPools): Promise<GroupFacts> {
  const aws = awsClients();
  try {
    const port: TemplatePort = { aws, caller: awsCaller({ telemetry: silent, clock: systemClock }) };
    const resolution = await resolveTemplate(port, group);
    if (resolution.kind === 'unknown') throw wrong([resolution.why]);
    if (resolution.kind === 'unsupported') throw wrong(resolution.problems);
    const { defaultInstanceType, overrides, subnets } = resolution.template;
    const own = overrides.length > 0 ? overrides.map(({ instanceType }) => instanceType) : [defaultInstanceType ?? ''];
    const instanceTypes = [...new Set(own)].filter((type) => type !== '');
    if (instanceTypes.length === 0)
      throw wrong([`the template of ${group} names no instance type; write a pools file`]);
    return { instanceTypes, zones: [...new Set(subnets.map(({ zone }) => zone))].sort() };
  } finally {
    aws.destroy();
  }
}

const wrong = (problems: readonly string[]): BadInput =>
  new BadInput(problems.map((message) => ({ file: 'ASG_NAME', message })));
