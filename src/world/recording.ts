import type { Effect } from '../domain/effects.ts';
import type { Fact } from '../domain/facts.ts';
import { ALWAYS, NEVER } from '../domain/time.ts';
import type { Condition } from './condition.ts';
import { conditionIn } from './conditionShapes.ts';
import { earlierFacts, TRANSLATED } from './earlierRecordings.ts';
import { factIn } from './factShapes.ts';

/**
 * A recording is JSON Lines: a header, then turns and conditions in order of time. Only `job.queued` may come later than
 * its own instant, for how long a job took is known when it has ended; and what is told again, at the beginning of a part
 * or after a restart, is the same thing still.
 *
 * - A *turn* is a fact and the effects that the keeper answered it with: replay checks that today's code asks for the same.
 * - A *condition* is what the world was like whatever anybody did: a scenario can be distilled from conditions alone.
 */
export interface RecordingHeader {
  readonly format: 'spot-keeper/recording';
  /** 2 since nodes are told of as they are; 1 told of their changes, and is read all the same. */
  readonly version: 1 | 2;
  /** The release of the keeper that wrote it. */
  readonly release: string;
  /** Where it comes from: a scenario's name, or `live`. */
  readonly source: string;
  /** The zone data of the recording process: `process.versions.tz`. */
  readonly tz: string;
  /** The pools file as JSON, policies and their options included. */
  readonly pools: unknown;
}

export interface RecordedTurn {
  readonly fact: Fact;
  readonly effects: readonly Effect[];
}

export type RecordingLine =
  | { readonly kind: 'turn'; readonly turn: RecordedTurn }
  | { readonly kind: 'condition'; readonly condition: Condition };

export const RECORDING_FORMAT = 'spot-keeper/recording';
export const RECORDING_VERSION = 2;

/** The longest line that is read. An inventory is the longest that a keeper writes: some hundred characters a block and a job. */
export const MOST_LINE_CHARACTERS = 16 * 1024 * 1024;

export type { Condition } from './condition.ts';

/** A header as its line, without the line's end. */
export const lineOfHeader = (header: RecordingHeader): string => JSON.stringify(header);

/** A turn as its line, without the line's end. Equal turns give equal lines: this is what digests are made of. */
export const lineOfTurn = (fact: Fact, effects: readonly Effect[]): string =>
  // Only a lease can hold an instant that never comes, and looking at every value costs most of the time of a digest.
  fact.type === 'capacity.granted' || fact.type === 'inventory.taken'
    ? JSON.stringify({ fact, effects }, withoutInfinity)
    : JSON.stringify({ fact, effects });

/** A condition as its line, without the line's end. */
export const lineOfCondition = (condition: Condition): string => JSON.stringify({ condition });

/**
 * Reads the lines after a header, in their order. Each call throws a SyntaxError for a line that is no JSON, a TypeError for
 * one that is neither a turn nor a condition, or whose fact is not whole.
 */
export function lineReader({ version }: Pick<RecordingHeader, 'version'>): (line: string) => RecordingLine {
  const asWritten = (fact: unknown): unknown => fact;
  const translated = version === 1 ? earlierFacts() : asWritten;
  return (line) => {
    const value: unknown = JSON.parse(line, withInfinity);
    if (typeof value === 'object' && value !== null) {
      // Of effects only the outline is checked: replay compares every turn as a whole.
      if ('fact' in value && isTimed(value.fact) && 'effects' in value && Array.isArray(value.effects))
        return {
          kind: 'turn',
          turn: { fact: factIn(translated(value.fact)), effects: value.effects as readonly Effect[] },
        };
      if ('condition' in value && isTimed(value.condition))
        return { kind: 'condition', condition: conditionIn(value.condition) };
    }
    throw new TypeError('expected { fact, effects } or { condition }');
  };
}

/** What the reader of a recording translates, for people; undefined for one of today's version. */
export const translationOf = ({ version }: RecordingHeader): string | undefined =>
  version === RECORDING_VERSION ? undefined : TRANSLATED;

/** Reads a header; returns what is wrong with it instead where something is. */
export function parseHeader(line: string): RecordingHeader | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'expected the header of a recording, found a line that is no JSON';
  }
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== RECORDING_FORMAT)
    return `expected the header of a recording, {"format":"${RECORDING_FORMAT}",…}`;
  const version = 'version' in value ? value.version : undefined;
  if (version !== RECORDING_VERSION && version !== 1)
    return `expected version 1 or ${RECORDING_VERSION}, found ${JSON.stringify(version)}; use the release that wrote it`;
  if (!('pools' in value)) return 'the header names no pools';
  if ('gap' in value && !isGap(value.gap)) return 'expected gap: { fromAt, untilAt, turns }, three numbers';
  // Format and version were compared; the rest is for people, but for `pools`, which the configuration reads.
  return value as unknown as RecordingHeader;
}

const isGap = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  ['fromAt', 'untilAt', 'turns'].every((key) => Number.isFinite((value as Readonly<Record<string, unknown>>)[key]));

const isTimed = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'type' in value && 'at' in value && typeof value.at === 'number';

// JSON has no infinity; an instant that never comes is written as a word.
const withoutInfinity = (_: string, value: unknown): unknown =>
  value === NEVER ? 'never' : value === ALWAYS ? 'always' : value;

const withInfinity = (key: string, value: unknown): unknown =>
  /(?:At|By)$/.test(key) ? (value === 'never' ? NEVER : value === 'always' ? ALWAYS : value) : value;
