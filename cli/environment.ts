import { createHash } from 'node:crypto';
import { isZone, zoneMistake } from '../policies/operating-hours/calendar/zone.ts';
import { BadInput, type Mistake } from '../src/config/mistakes.ts';
import { JOB_PRESETS } from '../src/config/pools.ts';
import { type Millis, minutes, seconds } from '../src/domain/time.ts';
import { lengthOf } from '../src/policy/options.ts';

/** The variables by which the original scripts were told what to do. */
export const SCRIPT_VARIABLES = [
  ...(['ASG_NAME', 'TARGET_INSTANCE_COUNT', 'OPERATION_START', 'OPERATION_END', 'OPERATION_DOW'] as const),
  ...(['OPERATION_TZ', 'BLOCK_DURATION', 'ADDITIONAL_INSTANCE_TYPES', 'REPLACEMENT_LIMIT_SECONDS'] as const),
  ...(['CREATION_DELAY_SECONDS', 'CHECK_NAMESPACE', 'CHECK_POD_KEYWORD', 'CHECK_WAIT_TIMEOUT'] as const),
] as const;

export type ScriptVariable = (typeof SCRIPT_VARIABLES)[number];

/** What a group says that the variables do not. */
export interface GroupFacts {
  /** The types that the group itself launches, its own first. */
  readonly instanceTypes: readonly string[];
  /** The zones of its subnets, by name. */
  readonly zones: readonly string[];
}

/** Pools as the variables describe them. */
export interface EnvironmentPools {
  /** The group that blocks are copied from: what is still missing is read from it. */
  readonly group: string;
  /** An equivalent pools.yaml, with comments that say where each value comes from. */
  readonly textFor: (facts: GroupFacts) => string;
  /** What people should know before they rely on it, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * The pools of an installation of the original scripts, from its variables; those that are not set mean what they meant
 * there. Undefined where `ASG_NAME` is not set, since nothing else could say what to keep.
 *
 * @throws BadInput with every mistake, each named by its variable.
 */
export function poolsFromEnvironment(env: Readonly<Record<string, string | undefined>>): EnvironmentPools | undefined {
  const group = env['ASG_NAME']?.trim() ?? '';
  if (group === '') return undefined;
  const asked = read(env);
  const notes = [
    'AWS ended Spot Blocks in 2022: BLOCK_DURATION is now a lease of plain spot. The keeper replaces the block at that age and lets its jobs finish; AWS may take the instance at any time, with two minutes of notice. lease.term: on-demand is never taken early.',
    ...(asked.overMidnight
      ? [
          'OPERATION_START is later than OPERATION_END: the scripts were closed all day, the keeper runs through the night.',
        ]
      : []),
  ];
  return { group, notes, textFor: (facts) => textOf(group, asked, facts) };
}

interface Asked {
  readonly blocks: number;
  readonly days: string;
  readonly from: string;
  readonly to: string;
  readonly overMidnight: boolean;
  readonly zone: string;
  readonly leaseMs: Millis;
  readonly additionalTypes: readonly string[];
  readonly leadMs: Millis;
  readonly delayMs: Millis;
  readonly namespace: string | undefined;
  readonly keyword: string | undefined;
}

const MOST_BLOCKS = 1_000;
const MOST_LEASE_MINUTES = 30 * 24 * 60;
const DAY_SECONDS = 86_400;

function read(env: Readonly<Record<string, string | undefined>>): Asked {
  const mistakes: Mistake[] = [];
  const say = (variable: ScriptVariable, expected: string, found: string): void => {
    mistakes.push({ file: variable, message: `expected ${expected}, found ${JSON.stringify(found)}` });
  };
  // The scripts took an empty variable for one that is not set.
  const given = (variable: ScriptVariable): string | undefined => env[variable]?.trim() || undefined;
  const number = (variable: ScriptVariable, unset: number, least: number, most: number): number => {
    const text = given(variable) ?? String(unset);
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) say(variable, `a whole number from ${least} to ${most}`, text);
    return value;
  };
  const time = (variable: ScriptVariable, unset: string): number => {
    const text = given(variable) ?? unset;
    const [, hour = '', minute = ''] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
    if (hour === '') say(variable, 'a time of day such as "08:00"', text);
    return Number(hour) * 60 + Number(minute);
  };

  const blocks = number('TARGET_INSTANCE_COUNT', 15, 1, MOST_BLOCKS);
  const from = time('OPERATION_START', '08:00');
  // They compared by the minute, so that the last minute belonged to the hours.
  const to = time('OPERATION_END', '15:59') + 1;
  const dow = given('OPERATION_DOW') ?? 'Mon,Tue,Wed,Thu,Fri';
  const days = daysIn(dow);
  if (days === undefined) say('OPERATION_DOW', 'days such as "Mon,Tue,Wed" or "1-5"', dow);
  const zone = given('OPERATION_TZ') ?? 'Australia/Melbourne';
  if (!isZone(zone)) mistakes.push({ file: 'OPERATION_TZ', message: zoneMistake(zone) });
  const leaseMs = minutes(number('BLOCK_DURATION', 240, 1, MOST_LEASE_MINUTES));
  const leadMs = seconds(number('REPLACEMENT_LIMIT_SECONDS', 1_200, 0, DAY_SECONDS));
  if (leadMs >= leaseMs)
    say(
      'REPLACEMENT_LIMIT_SECONDS',
      'less than BLOCK_DURATION, so that a block is not replaced at its birth',
      String(leadMs / seconds(1)),
    );
  const delayMs = seconds(number('CREATION_DELAY_SECONDS', 300, 0, DAY_SECONDS));
  // Read for its mistakes alone: the keeper lets jobs finish, as nothing is gained by giving up before.
  number('CHECK_WAIT_TIMEOUT', 1_080, 0, DAY_SECONDS);
  const additionalTypes = (given('ADDITIONAL_INSTANCE_TYPES') ?? '').split(/[\s,]+/).filter((type) => type !== '');
  for (const type of additionalTypes)
    if (!/^[a-z0-9-]{1,32}\.[a-z0-9-]{1,32}$/.test(type))
      say('ADDITIONAL_INSTANCE_TYPES', 'instance types such as m5.4xlarge, separated by commas', type);
  if (mistakes.length > 0) throw new BadInput(mistakes);

  const overMidnight = to <= from;
  return {
    ...{ blocks, zone, leaseMs, leadMs, delayMs, additionalTypes, overMidnight },
    days: days ?? '',
    from: clock(from),
    to: `${clock(to)}${overMidnight ? '+1' : ''}`,
    namespace: given('CHECK_NAMESPACE'),
    keyword: given('CHECK_POD_KEYWORD'),
  };
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** `Mon,Tue`, `Mon-Fri` and `1-5` (Monday is 1, and 0 or 7 is Sunday) as the policy `weekly` writes days. */
function daysIn(text: string): string | undefined {
  const parts = text.split(/[\s,]+/).map((part) => part.split('-').map(dayIn));
  if (parts.some((part) => part.length > 2 || part.includes(undefined))) return undefined;
  return parts.map((part) => part.join('-')).join(',');
}

function dayIn(text: string): string | undefined {
  if (/^[0-7]$/.test(text)) return DAYS[(Number(text) + 6) % 7];
  const day = text.toLowerCase().slice(0, 3);
  return /^[a-z]{3,9}$/i.test(text) && DAYS.includes(day) ? day : undefined;
}

function textOf(group: string, asked: Asked, facts: GroupFacts): string {
  const name = nameFrom(group);
  const { blocks, delayMs, namespace, keyword } = asked;
  const types = [...new Set([...facts.instanceTypes, ...asked.additionalTypes])];
  const pattern = [
    ...(namespace === undefined ? [] : [`namespace: ${JSON.stringify(namespace)}`]),
    ...(keyword === undefined ? [] : [`nameContains: ${JSON.stringify(keyword)}`]),
  ];
  return `# What the variables of the original scripts come to. Kept as pools.yaml, it takes their place.
version: 1
fleet: ${name}
pools:
  - name: ${name}
    template: { autoScalingGroup: ${JSON.stringify(group)} } # ASG_NAME
    instanceTypes: [${types.join(', ')}] # the group's own, then ADDITIONAL_INSTANCE_TYPES
    zones: [${facts.zones.join(', ')}] # where the group has subnets
    # BLOCK_DURATION. AWS sells no Spot Blocks any more: the keeper ends the lease, and AWS may take the instance earlier.
    lease: { term: spot, duration: ${lengthOf(asked.leaseMs)} }
    operatingHours:
      policy: weekly
      zone: ${asked.zone} # OPERATION_TZ
      windows:
        # OPERATION_DOW, OPERATION_START, OPERATION_END with its last minute, TARGET_INSTANCE_COUNT
        - { days: "${asked.days}", from: "${asked.from}", to: "${asked.to}", blocks: ${blocks} }
    # REPLACEMENT_LIMIT_SECONDS. As before, a block drains before its successor is there; policy: surge closes that gap.
    # CHECK_WAIT_TIMEOUT is not needed: jobs run to their end.
    renewal: { policy: drainFirst, lead: ${lengthOf(asked.leadMs)} }
    purchase: { policy: shuffled } # types and subnets in random order; cheapest or spreadZones look at what is offered
    surge: ${blocks} # any number of blocks may be replaced at once
    maxBlocks: ${Math.min(MOST_BLOCKS, 2 * blocks)}
${
  delayMs === 0
    ? ''
    : `    # CREATION_DELAY_SECONDS: one block in this time. Left out, all are bought when the hours begin.
    launchRate: { launches: 1, per: ${lengthOf(delayMs)} }
`
}${
  pattern.length === 0
    ? ''
    : `live:
  # CHECK_NAMESPACE and CHECK_POD_KEYWORD; the presets beside them see jobs that a name does not show.
  jobs: [{ ${pattern.join(', ')} }, ${JOB_PRESETS.join(', ')}]
`
}`;
}

/** A name for the fleet and its pool. Two groups never share one: fleets of one name would end each other's blocks. */
function nameFrom(group: string): string {
  const plain = group
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  if (plain === group && plain.length <= 32) return plain;
  const mark = createHash('sha256').update(group).digest('hex').slice(0, 6);
  return [plain.slice(0, 25).replace(/-$/, ''), mark].filter((part) => part !== '').join('-');
}
