import type { TableForm } from '../table.ts';
import { unitNamed } from './lengths.ts';

/** What a column of a table of jobs, or a key of a row of JSON, may hold. */
export type Field =
  | 'queued'
  | 'started'
  | 'finished'
  | 'duration'
  | 'wait'
  | 'buildCreated'
  | 'job'
  | 'workflow'
  | 'class'
  | 'status'
  | 'result'
  | 'run'
  | 'id'
  | 'labels';

/** The fields that `--columns` can name. */
export const NAMEABLE = [
  'queued',
  'started',
  'finished',
  'duration',
  'wait',
  'job',
  'workflow',
  'class',
  'status',
] as const;

/** Names of columns by field, the likeliest first; case, blanks, hyphens and underscores do not matter, nor a unit at the end. */
export const NAMES: Readonly<Record<Field, readonly string[]>> = {
  queued: words(
    'queued queued_at queue_time enqueued enqueued_at enqueue_time time_queued runnable_at scheduled_at submitted submitted_at submit_time requested_at request_time created_at creation_timestamp created create_time creation_time created_on created_date queued_date pending_since',
  ),
  started: words(
    'started started_at start start_time start_date start_timestamp start_ts job_started_at build_started_at run_started_at time_started begin begin_time began_at started_on started_date timestamp',
  ),
  finished: words(
    'completed finished completed_at finished_at ended ended_at end end_time end_date end_timestamp end_ts stopped stopped_at stop_time stop finish finish_time completion_time complete_time job_completed_at build_finished_at time_finished time_ended done_at finished_on completed_on finish_date finished_date completed_date updated_at',
  ),
  duration: words(
    'duration_s duration run_duration build_duration job_duration elapsed elapsed_time run_time runtime build_time execution_time took length total_time',
  ),
  wait: words(
    'queued_duration queue_duration queuing_duration queueing_duration wait waited wait_time waiting_time queue_wait time_in_queue build_queued_duration pending_duration',
  ),
  buildCreated: words('build_created_utc build_created build_created_at'),
  job: words('job job_name name build_name step_name step task task_name pipeline_task label'),
  workflow: words('workflow workflow_name pipeline_name pipeline_slug pipeline_ref workflow_title job_full_name'),
  class: words('class job_class'),
  status: words('status state build_status job_status'),
  result: words('conclusion result outcome'),
  run: words('run_id'),
  id: words('job_id id job_uuid uuid'),
  labels: words('labels runner_labels runner_group_name runs_on'),
};

function words(text: string): readonly string[] {
  return text.split(' ');
}

/** What a table must have to tell of jobs. */
export const NEEDED: TableForm<Field>['needed'] = [
  ['started', 'finished'],
  ['queued', 'duration'],
  ['started', 'duration'],
  ['buildCreated', 'duration'],
  ['finished', 'duration'],
  ['queued', 'finished'],
];

/** Where a field stands, and what its name says of its values. */
export interface Place {
  readonly column: number;
  readonly name: string;
  /** The unit in the name of a length (`duration_ms`), in milliseconds. */
  readonly unitMs?: number;
  /** A name that ends in `utc`. */
  readonly isUtc: boolean;
}

export type Places = Readonly<Partial<Record<Field, Place>>>;

/**
 * Finds the fields among names of columns or keys.
 *
 * @param wanted names that a person gave for fields; those go first, and must match but for case.
 */
export function placesAmong(names: readonly string[], wanted: Readonly<Partial<Record<Field, string>>> = {}): Places {
  const plainNames = names.map((name) => partsOf(name));
  const places: Partial<Record<Field, Place>> = {};
  // Known: the keys of the record are its fields.
  for (const field of Object.keys(NAMES) as Field[]) {
    const given = wanted[field];
    const column =
      given === undefined
        ? columnOf(field, plainNames, Object.values(wanted), names)
        : names.findIndex((name) => name.trim().toLowerCase() === given.trim().toLowerCase());
    const name = names[column];
    const parts = plainNames[column];
    if (name === undefined || parts === undefined) continue;
    places[field] = {
      column,
      name,
      isUtc: parts.isUtc,
      ...(parts.unitMs === undefined ? {} : { unitMs: parts.unitMs }),
    };
  }
  return places;
}

interface NameParts {
  readonly whole: string;
  /** Without unit and `utc`. */
  readonly base: string;
  readonly unitMs: number | undefined;
  readonly isUtc: boolean;
}

function columnOf(
  field: Field,
  parts: readonly NameParts[],
  taken: readonly string[],
  names: readonly string[],
): number {
  const isFree = (column: number): boolean => !taken.includes(names[column] ?? '');
  for (const name of NAMES[field]) {
    const plain = name.replaceAll('_', '');
    const whole = parts.findIndex((one, column) => one.whole === plain && isFree(column));
    if (whole >= 0) return whole;
    const isTimed = !['job', 'workflow', 'class', 'id'].includes(field);
    const base = isTimed ? parts.findIndex((one, column) => one.base === plain && isFree(column)) : -1;
    if (base >= 0) return base;
  }
  return -1;
}

/** `durationInMillis`, `duration_ms`, `Duration (ms)`: the words of a name, its unit apart. */
function partsOf(name: string): NameParts {
  const tokens = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\dµ]+/)
    .filter((token) => token !== '');
  const whole = tokens.join('');
  let [unitMs, isUtc]: [number | undefined, boolean] = [undefined, false];
  while (tokens.length > 1) {
    const last = tokens.at(-1) ?? '';
    const unit = unitNamed(last);
    if (last === 'utc' || last === 'gmt') isUtc = true;
    else if (unit !== undefined && unitMs === undefined) unitMs = unit;
    else if (last !== 'in') break;
    tokens.pop();
  }
  return { whole, base: tokens.join(''), unitMs, isUtc };
}
