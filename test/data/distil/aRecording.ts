import type { PoolsFile } from '../../../src/config/pools.ts';
import { type Instant, isoOf } from '../../../src/domain/time.ts';
import {
  type Condition,
  lineOfCondition,
  lineOfHeader,
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type RecordingHeader,
} from '../../../src/world/recording.ts';
import { aPoolConfig } from '../../support/aScenario.ts';

export const POOLS: PoolsFile = { fleet: 'ci', pools: [aPoolConfig()] };

export const aHeader = (over: Partial<RecordingHeader> = {}): RecordingHeader => ({
  format: RECORDING_FORMAT,
  version: RECORDING_VERSION,
  release: '0.1.0',
  source: 'record',
  tz: '2026a',
  pools: POOLS,
  ...over,
});

/** The text of a part that holds these conditions. */
export const aPart = (conditions: readonly Condition[], header: Partial<RecordingHeader> = {}): string =>
  `${[lineOfHeader(aHeader(header)), ...conditions.map(lineOfCondition)].join('\n')}\n`;

export const held = (since: Instant, at: Instant): Condition => ({ type: 'watch.held', since, at });

export const aJob = (
  job: string,
  at: Instant,
  durationMs: number,
  over: { readonly atLeast?: true } = {},
): Condition => ({
  ...{ type: 'job.queued', at, job, durationMs },
  ...over,
});

export const aPrice = (at: Instant, usdPerHour: number, market = 'm5.2xlarge/us-east-1a'): Condition => ({
  type: 'price.changed',
  at,
  market,
  usdPerHour,
});

/** The queue times and lengths of a jobs file, as they are written. */
export const written = (at: Instant, seconds: number): string => `${isoOf(at).replace('.000Z', 'Z')},${seconds}`;
