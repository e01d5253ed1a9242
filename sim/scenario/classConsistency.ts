import type { Finding } from '../../src/config/explain.ts';
import { hasRoomFor } from '../cluster/node.ts';
import { sizesOf, typesOf } from '../cluster/sizes.ts';
import { classesOf, clusterOf } from './clusterSchema.ts';
import type { Consistency, Parts } from './parts.ts';
import type { JobClass } from './scenario.ts';

/** Whether the classes fit to the jobs and to the nodes: one that does nothing, or whose jobs could never run, is a mistake. */
export function classesAndSizes(parts: Parts): Partial<Consistency> {
  const { text } = parts;
  const shares = sharesAbove(text.classes);
  const missing = missingTypes(parts);
  return {
    findings: [
      ...missing,
      ...shares,
      ...Object.entries(text.classes).flatMap(([name, one]) => [
        ...(parts.jobs === undefined ? ofGenerated(name, one) : ofRecorded(name, one, parts)),
        ...(one.requests === undefined || missing.length > 0 ? [] : ofRequests(name, parts)),
      ]),
    ],
  };
}

type ClassText = Parts['text']['classes'][string];

function missingTypes({ text, pools }: Parts): readonly Finding[] {
  const { allocatable } = text.cluster;
  if (allocatable === undefined) return [];
  return typesOf({ pools, onDemandGroup: text.onDemandGroup })
    .filter((type) => !Object.hasOwn(allocatable, type))
    .map((type) => ({
      path: ['cluster', 'allocatable'],
      message: `expected what a ${type} offers to jobs, which the scenario uses; found none: add ${type}: { cpu: PROCESSORS, memory: GIB }`,
    }));
}

function sharesAbove(classes: Parts['text']['classes']): readonly Finding[] {
  const sum = Object.values(classes).reduce((total, { share = 0 }) => total + share, 0);
  return sum <= 1 + 1e-9
    ? []
    : [{ path: ['classes'], message: `expected shares of at most 1 in all, found ${Math.round(sum * 1e6) / 1e6}` }];
}

const ofGenerated = (name: string, { share }: ClassText): readonly Finding[] =>
  share !== undefined && share > 0
    ? []
    : [
        {
          path: ['classes', name, ...(share === undefined ? [] : ['share'])],
          message: `expected a share above 0 of the generated jobs, found ${share === undefined ? 'none' : 0}: give it one, or leave the class out`,
        },
      ];

function ofRecorded(name: string, one: ClassText, { text, jobs = [] }: Parts): readonly Finding[] {
  const findings = (['share', 'durations'] as const)
    .filter((key) => one[key] !== undefined)
    .map(
      (key): Finding => ({
        path: ['classes', name, key],
        message: `expected no ${key} beside recorded jobs, found ${JSON.stringify(one[key])}: leave it out, the recording says which jobs are of a class and how long they took`,
        part: 'key',
      }),
    );
  const classes = new Set<string>();
  for (const job of jobs) if (job.class !== undefined) classes.add(job.class);
  if (classes.has(name)) return findings;
  const known = [...classes];
  const has = known.length === 0 ? 'it has no column class' : `its classes are ${known.slice(0, 20).join(', ')}`;
  return [
    ...findings,
    {
      path: ['classes', name],
      message: `expected the class of a job in ${typeof text.jobs === 'string' ? text.jobs : 'the recording'}, found none of class ${JSON.stringify(name)}: ${has}`,
      part: 'key',
    },
  ];
}

function ofRequests(name: string, { text, pools }: Parts): readonly Finding[] {
  const path = ['classes', name, 'requests'];
  if (text.cluster.allocatable === undefined)
    return [
      {
        path,
        message:
          'expected cluster.allocatable beside requests, found none: say what nodes offer, or leave requests out',
      },
    ];
  const world = { cluster: clusterOf(text.cluster), classes: classesOf(text.classes), pools };
  const sizes = sizesOf({ ...world, onDemandGroup: text.onDemandGroup });
  const requests = sizes.requestsOf({ class: name });
  const types = nodesFor(world.classes[name]?.runsOn ?? 'anywhere', { text, pools });
  if (types.some((type) => hasRoomFor(requests, sizes.capacityOf(type)))) return [];
  return [
    {
      path,
      message: `expected requests that fit a node that such a job may run on (${types.join(', ')}), found more than any of them offers`,
    },
  ];
}

/** The instance types that a job may find itself on. */
function nodesFor(runsOn: JobClass['runsOn'], { text, pools }: Pick<Parts, 'text' | 'pools'>): readonly string[] {
  const group = text.onDemandGroup.instanceType;
  if (runsOn === 'on-demand') return [group];
  const blocks = [...new Set(pools.pools.flatMap(({ instanceTypes }) => instanceTypes))];
  return runsOn === 'blocks' ? blocks : [...new Set([...blocks, group])];
}
