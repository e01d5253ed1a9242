import type { Place, Places } from './names.ts';
import { type SeenJob, type Value, within, word } from './seen.ts';

/** Makes a job of one row, of a table or of JSON, by the places of its fields. */
export type RowReader = (cellOf: (column: number) => unknown) => SeenJob;

/** What a person needs to know of how rows are read. */
export interface RowForm {
  readonly name: string;
  readonly read: RowReader;
  readonly assumptions: readonly string[];
}

/** How rows with these fields are read; undefined if they tell of no job. */
export function rowForm(places: Places): RowForm | undefined {
  const { started, finished, duration, wait, buildCreated, job, workflow, run, labels, id } = places;
  const isGithub = run !== undefined;
  // A run's creation says nothing of when its later jobs asked for a machine; and the last touch of a row is an end of last resort.
  const queued = places.queued ?? (started === undefined ? buildCreated : undefined);
  const end = finished !== undefined && isTouch(finished) && duration !== undefined ? undefined : finished;
  if (queued === undefined && started === undefined && (end === undefined || duration === undefined)) return undefined;
  if (end === undefined && duration === undefined) return undefined;
  const unitMs = duration === undefined ? 1_000 : (duration.unitMs ?? 1_000);
  const states = [places.status, places.result].filter((place) => place !== undefined);
  const time = (place: Place | undefined, cellOf: (column: number) => unknown): Value | undefined =>
    place === undefined ? undefined : { found: cellOf(place.column), key: place.name, isUtc: place.isUtc };

  return {
    name: formName(places, queued, end),
    assumptions: [
      ...(duration !== undefined && duration.unitMs === undefined && end === undefined
        ? [`${duration.name} is in seconds where it has no unit, and in milliseconds where the times are`]
        : []),
      ...(finished !== undefined && isTouch(finished) && end !== undefined
        ? [`${finished.name} is taken for the end`]
        : []),
    ],
    // Whole objects, all alike: rows come by the million, and spreading would take most of the time.
    read: (cellOf) => {
      const start = time(started, cellOf);
      return {
        rowId: id === undefined ? undefined : idIn(cellOf(id.column)),
        name: job === undefined ? undefined : nameIn(cellOf(job.column)),
        workflow: workflow === undefined ? undefined : cellOf(workflow.column),
        class: places.class === undefined ? undefined : cellOf(places.class.column),
        status: states.length === 0 ? undefined : states.map(({ column }) => stateIn(cellOf(column))),
        queued: time(queued, cellOf),
        started: start,
        finished: time(end, cellOf),
        length:
          duration === undefined
            ? undefined
            : {
                found: cellOf(duration.column),
                key: duration.name,
                // Jenkins writes both in milliseconds.
                unitMs: duration.unitMs === undefined && isMillis(start?.found) ? 1 : unitMs,
              },
        waited:
          wait === undefined ? undefined : { found: cellOf(wait.column), key: wait.name, unitMs: wait.unitMs ?? 1_000 },
        hosted: isGithub ? (labels === undefined ? 'unknown' : hostedBy(cellOf(labels.column))) : undefined,
      };
    },
  };
}

/**
 * Whether the times say no more than when something was made and last changed, as those of anything do: only a state tells that
 * it is a job.
 */
export const isWeak = ({ started, finished, duration, status, result }: Places): boolean =>
  started === undefined &&
  duration === undefined &&
  (finished === undefined || isTouch(finished)) &&
  status === undefined &&
  result === undefined;

const isTouch = ({ name }: Place): boolean => /^updated[-_ ]?at$/i.test(name);

const isMillis = (found: unknown): boolean => /^\d{13}(?:\.\d+)?$/.test(word(found).trim());

const idIn = (found: unknown): string | number | undefined =>
  typeof found === 'number' ? found : typeof found === 'string' && found !== '' ? found : undefined;

/** Some keep the state's name in an object, with the result of what is over in another. */
const stateIn = (found: unknown): unknown => within(found, 'result', 'name') ?? within(found, 'name') ?? found;

/** A name that is a number alone is one of our own, or a build's. */
const nameIn = (found: unknown): unknown => (typeof found === 'string' ? found : undefined);

function hostedBy(found: unknown): boolean | 'unknown' {
  const text = (Array.isArray(found) ? found.map(word).join(' ') : word(found)).toLowerCase();
  if (text.includes('self-hosted')) return false;
  if (/\b(?:ubuntu|windows|macos)-(?:latest|slim|\d)|github actions/.test(text)) return true;
  return 'unknown';
}

function formName(places: Places, queued: Place | undefined, end: Place | undefined): string {
  const lengthWords = places.started !== undefined && end !== undefined ? 'started and completed' : 'a length';
  if (queued !== undefined && queued === places.buildCreated) return 'builds with the lengths of their jobs';
  if (queued === undefined) return places.started === undefined ? 'ended, with a length' : lengthWords;
  return places.started === undefined && end !== undefined ? 'queued and completed' : `queued, ${lengthWords}`;
}
