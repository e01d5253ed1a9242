import pino from 'pino';
import { isoOf } from '../../domain/time.ts';
import type { Clock } from '../ports/clock.ts';
import { allowed, printable, scrubbed } from './fields.ts';
import { type Happening, happenings } from './happenings.ts';
import type { Observer } from './observers.ts';
import { prettyLine } from './prettyLine.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** Notes below it are not written; transitions and announcements are `info`, refusals `warn`, calls `debug`. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A level by its name; undefined for a name that is none. */
export const levelNamed = (name: string | undefined): LogLevel | undefined => LOG_LEVELS.find((one) => one === name);

/** Where lines go, each with its end. */
export interface Lines {
  write(line: string): unknown;
}

export interface LogSettings {
  readonly clock: Clock;
  /** `LOG_LEVEL` of the environment if left out, and `info` if that says nothing. */
  readonly level?: LogLevel | undefined;
  /** Lines for people; if left out, when stdout is a terminal. */
  readonly pretty?: boolean;
  /** Stdout if left out, buffered. */
  readonly to?: Lines;
}

export interface Log extends Observer {
  /** Writes what is buffered, before the process ends. */
  readonly flush: () => void;
}

/** A reader of stdout that has stopped reading must cost lines, and neither the loop nor memory. */
const BUFFERED_BYTES = 4 * 1024 * 1024;

/**
 * The log: one line of JSON for each transition of a block, refusal, announcement and note. Foreign text comes out with its
 * control characters written as `\u{1b}`, notes with the fields that are allowed and no others.
 */
export function log({ clock, level, pretty = process.stdout.isTTY, to }: LogSettings): Log {
  const stdout = to === undefined ? pino.destination({ fd: 1, sync: false, maxLength: BUFFERED_BYTES }) : undefined;
  const out = to ?? stdout ?? process.stdout;
  const logger = pino(
    {
      level: level ?? levelNamed(process.env['LOG_LEVEL']) ?? 'info',
      // Not this process's id and host, which say nothing in a pod; and the keeper's time, not the machine's.
      base: null,
      timestamp: false,
      formatters: { level: (name) => ({ level: name }) },
    },
    pretty ? { write: (line: string) => out.write(prettyLine(line)) } : out,
  );
  const now = (): string => isoOf(clock.now());
  return {
    name: 'log',
    turn: happenings((happening) => {
      const { kind, at, ...fields } = happening;
      logger[levelOf(happening)]({ time: isoOf(at), ...shown(fields) }, kind);
    }),
    called: ({ api, action, outcome, durationMs }) => {
      if (logger.isLevelEnabled('debug'))
        logger.debug({ time: now(), ...allowed({ api, action, outcome, durationMs }) }, 'called');
    },
    noted: (noteLevel, event, data = {}) => {
      logger[noteLevel]({ time: now(), ...allowed(data) }, printable(scrubbed(event)));
    },
    flush: () => {
      stdout?.flushSync();
    },
  };
}

function levelOf({ kind }: Happening): 'info' | 'warn' {
  return kind === 'refusal' ? 'warn' : 'info';
}

/** The fields of a happening are all known; their texts may still be anybody's. Null says nothing. */
function shown(fields: Readonly<Record<string, string | number | null>>): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === null
        ? []
        : [[name, typeof value === 'string' ? printable(value) : name === 'retryAt' ? isoOf(value) : value]],
    ),
  );
}
