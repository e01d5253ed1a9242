import type { PoolConfig } from '../../config/pools.ts';
import { after, type Instant, minutes, seconds } from '../../domain/time.ts';
import type { TemplatePort } from '../aws/template/group.ts';
import { type Resolution, resolveTemplate } from '../aws/template/resolveTemplate.ts';
import { seldom } from '../aws/template/seldom.ts';
import type { Template } from '../aws/template/template.ts';
import type { PoolCondition } from '../observers/present.ts';
import { type Clock, until } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Inbox } from './inbox.ts';

/** A group's template is read again after so long, and before a launch if it is older than `FRESH_MS`. */
const AGAIN_MS = minutes(5);
const FRESH_MS = seconds(60);

/** Hooks of the group and defaults of the account are asked for again after so long: nobody changes them from one launch to the next. */
const SELDOM_MS = minutes(10);

/** One answer that there is no such group proves nothing; so many in a row do. */
const MISSING_ANSWERS = 2;

export interface Templates {
  /** The template of a pool for a launch: read again if it is old. */
  readonly fresh: (pool: string) => Promise<Resolution>;
  /** As it was last read; undefined before the first answer. */
  readonly last: (pool: string) => Template | undefined;
  readonly conditions: () => readonly PoolCondition[];
  /** Reads all of them now and then, until the signal. */
  readonly watch: () => Promise<void>;
}

export interface TemplatesPorts {
  readonly port: TemplatePort;
  readonly pools: readonly PoolConfig[];
  readonly clock: Clock;
  readonly inbox: Pick<Inbox, 'say'>;
  readonly telemetry: Telemetry;
  /** Told once when a condition begins. */
  readonly announce: (pool: string, reason: string, note: string) => void;
  readonly signal: AbortSignal;
}

interface Held {
  readonly resolution: Resolution;
  readonly at: Instant;
  readonly template: Template | undefined;
  /** How often in a row the group was missing. */
  readonly missing: number;
}

/** The templates of all pools, as they were last read. */
export function openTemplates(ports: TemplatesPorts): Templates {
  const { pools, clock, inbox, telemetry, announce, signal } = ports;
  const port: TemplatePort = { ...ports.port, seldom: seldom(clock, SELDOM_MS) };
  const held = new Map<string, Held>();
  const reading = new Map<string, Promise<Resolution>>();
  let told: readonly PoolCondition[] = [];

  return {
    fresh: (name) => {
      const known = held.get(name);
      if (known !== undefined && known.resolution.kind !== 'unknown' && clock.now() < after(known.at, FRESH_MS))
        return Promise.resolve(known.resolution);
      return read(name);
    },
    last: (name) => held.get(name)?.template,
    conditions: () => told,
    async watch() {
      while (!signal.aborted) {
        await Promise.all(pools.map(({ name }) => read(name)));
        await until(clock, after(clock.now(), isAnyUnknown() ? FRESH_MS : AGAIN_MS), signal);
      }
    },
  };

  /** One reading a pool at a time: what is asked for meanwhile gets the same answer. */
  function read(name: string): Promise<Resolution> {
    const running = reading.get(name);
    if (running !== undefined) return running;
    const started = readNow(name).finally(() => reading.delete(name));
    reading.set(name, started);
    return started;
  }

  async function readNow(name: string): Promise<Resolution> {
    const pool = pools.find((one) => one.name === name);
    if (pool === undefined) return { kind: 'unknown', why: `no pool ${name}` };
    const resolution = await resolveTemplate(port, pool.template.autoScalingGroup);
    const before = held.get(name);
    const template = resolution.kind === 'resolved' ? resolution.template : before?.template;
    const missing = resolution.kind === 'unknown' && resolution.missing === true ? (before?.missing ?? 0) + 1 : 0;
    const settled = missing >= MISSING_ANSWERS ? missingGroup(pool.template.autoScalingGroup) : resolution;
    held.set(name, { resolution: settled, at: clock.now(), template, missing });
    if (before?.template !== undefined && template !== undefined && before.template.hash !== template.hash)
      inbox.say({ type: 'template.changed', pool: name, hash: template.hash });
    tell();
    return settled;
  }

  function isAnyUnknown(): boolean {
    return [...held.values()].some(({ resolution }) => resolution.kind === 'unknown');
  }

  /** Conditions are announced when they begin, not for as long as they hold. */
  function tell(): void {
    const now = [...held].flatMap(([pool, one]) => conditionsOf(pool, one.resolution));
    const isTold = (one: PoolCondition): boolean =>
      told.some(
        ({ pool, condition, message }) => pool === one.pool && condition === one.condition && message === one.message,
      );
    const begun = now.filter((condition) => !isTold(condition));
    told = now;
    for (const { pool, condition, status, message = '' } of begun) {
      if (condition === SUPPORTED && status === 'true') continue;
      telemetry.noted('warn', 'pool condition', { pool, condition, status, message });
      announce(
        pool,
        condition === SUPPORTED ? (status === 'false' ? 'TemplateUnsupported' : 'TemplateUnknown') : condition,
        message,
      );
    }
  }
}

/** Whether the group's template can be copied. Unknown: it could not be read. */
const SUPPORTED = 'TemplateSupported';

const missingGroup = (group: string): Resolution => ({
  kind: 'unsupported',
  problems: [`there is no Auto Scaling group ${group}; name one that exists in this region and account`],
});

function conditionsOf(pool: string, resolution: Resolution): readonly PoolCondition[] {
  switch (resolution.kind) {
    case 'resolved':
      return [
        { pool, condition: SUPPORTED, status: 'true' },
        ...resolution.warnings.map(
          (message) => ({ pool, condition: 'TemplateWarning', status: 'true', message }) as const,
        ),
      ];
    case 'unsupported':
      return [{ pool, condition: SUPPORTED, status: 'false', message: resolution.problems.join('; ') }];
    case 'unknown':
      return [{ pool, condition: SUPPORTED, status: 'unknown', message: resolution.why }];
  }
}
