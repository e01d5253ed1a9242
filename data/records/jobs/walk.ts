import { readAzure } from './azure.ts';
import { readBuildkite } from './buildkite.ts';
import { readCircleci } from './circleci.ts';
import type { Context, Finds, Reader } from './found.ts';
import { readGithub } from './github.ts';
import { readGitlab } from './gitlab.ts';
import { readJenkins } from './jenkins.ts';
import { readKubernetes } from './kubernetes.ts';
import { type Places, placesAmong } from './names.ts';
import { readPrometheus } from './prometheus.ts';
import { type RowForm, rowForm } from './rowForm.ts';
import { isObj, type Obj, textIn, within } from './seen.ts';

/** The systems, those whose marks are plainest first. */
const READERS: readonly Reader[] = [
  readKubernetes,
  readPrometheus,
  readGithub,
  readGitlab,
  readBuildkite,
  readCircleci,
  readAzure,
  readJenkins,
];

/** Keys under which pages and wrappers of any system keep their rows: an element that is no job is one that is missing. */
const LISTS = new Set([
  'jobs',
  'workflow_runs',
  'items',
  'value',
  'records',
  'builds',
  'data',
  'results',
  'result',
  'rows',
  'runs',
  'nodes',
  'edges',
  'pages',
]);

/** Deeper than any answer keeps its rows. */
const MOST_DEPTH = 24;

/**
 * Finds the jobs in a document of whatever system, by what its objects hold.
 *
 * @param wanted paths of fields that a person gave (`status.startTime`); then nothing else tells what a job is.
 */
export function newWalk(finds: Finds, seenIn: (system: string) => void, wanted: Wanted = {}) {
  const rows = rowsOfJson(finds);
  const named = Object.keys(wanted).length > 0 ? namedRows(finds, wanted) : undefined;
  let last: Reader = readGithub;

  /** @returns whether anything in the value is known. */
  function walk(value: unknown, context: Context, depth: number): boolean {
    if (depth > MOST_DEPTH) return false;
    if (Array.isArray(value)) return list(value, context, depth, true);
    return isObj(value) && object(value, context, depth);
  }

  function object(record: Obj, context: Context, depth: number): boolean {
    if (named !== undefined) {
      if (named(record)) return true;
    } else {
      if (refused(record, finds)) return true;
      const system = systemOf(record, context);
      if (system !== undefined) {
        seenIn(system);
        return true;
      }
    }
    let isKnown = false;
    for (const [key, inner] of Object.entries(record)) {
      const of: Context = { workflow: textIn(record['workflowName']) ?? context.workflow };
      if (Array.isArray(inner)) isKnown = list(inner, of, depth + 1, LISTS.has(key)) || isKnown;
      else if (isObj(inner)) isKnown = object(inner, of, depth + 1) || isKnown;
    }
    morePages(record, finds);
    // A row of a table that was written as JSON.
    if (!isKnown && named === undefined && rows(record)) {
      seenIn('JSON');
      return true;
    }
    return isKnown;
  }

  function systemOf(record: Obj, context: Context): string | undefined {
    const known = last(record, finds, context);
    if (known !== undefined) return known;
    for (const reader of READERS) {
      if (reader === last) continue;
      const system = reader(record, finds, context);
      if (system === undefined) continue;
      last = reader;
      return system;
    }
    return undefined;
  }

  /** Elements of a list of jobs that are none are rows without times; any other list may hold what it likes. */
  function list(values: readonly unknown[], context: Context, depth: number, isRows: boolean): boolean {
    const strangers: unknown[] = [];
    let isKnown = values.length === 0 && isRows;
    for (const value of values)
      if (walk(value, context, depth + 1)) isKnown = true;
      else strangers.push(value);
    if (isRows && isKnown)
      for (const one of strangers) finds.noJob(isObj(one) ? one : {}, 'has no times that can be recognised');
    return isKnown;
  }

  return (value: unknown): boolean => walk(value, {}, 0);
}

/** Paths by field, as a person gives them with `--columns`. */
export type Wanted = Parameters<typeof placesAmong>[1] & object;

/** An error in the place of an answer passes for no answer, and never for one without jobs. */
function refused(record: Obj, finds: Finds): boolean {
  const errors = record['errors'];
  const text =
    (Array.isArray(errors) ? (textIn(within(errors[0], 'message')) ?? textIn(errors[0])) : undefined) ??
    (record['status'] === 'error' && record['errorType'] !== undefined ? textIn(record['error']) : undefined) ??
    (record['kind'] === 'Status' && record['status'] === 'Failure' ? textIn(record['message']) : undefined) ??
    ('documentation_url' in record ? textIn(record['message']) : undefined) ??
    (Object.keys(record).length <= 2 ? (textIn(record['message']) ?? textIn(record['error'])) : undefined);
  if (text === undefined) return false;
  finds.mistake(
    record,
    `expected CI jobs, found an error in their place: ${JSON.stringify(text.slice(0, 200))}; fetch them again`,
  );
  return true;
}

function morePages(record: Obj, finds: Finds): void {
  if (within(record, 'pageInfo', 'hasNextPage') === true)
    finds.missing('the answer ends with hasNextPage: true: later pages are missing');
}

/** Flat objects whose keys are known names of columns. */
function rowsOfJson(finds: Finds): (record: Obj) => boolean {
  const forms = new Map<
    string,
    { readonly places: Places; readonly form: RowForm | undefined; readonly keys: readonly string[] }
  >();
  let [lastKeys, lastKnown]: [string, ReturnType<typeof forms.get>] = ['', undefined];
  return (record) => {
    const keys = Object.keys(record);
    const signature = keys.join('\n');
    if (signature !== lastKeys) {
      lastKeys = signature;
      lastKnown = forms.get(signature);
      if (lastKnown === undefined) {
        const places = placesAmong(keys);
        lastKnown = { places, form: rowForm(places), keys };
        if (forms.size < 1_000) forms.set(signature, lastKnown);
      }
    }
    const form = lastKnown?.form;
    if (form === undefined) return false;
    for (const assumption of form.assumptions) finds.assumed(assumption);
    finds.job(
      record,
      form.read((column) => record[keys[column] ?? '']),
    );
    return true;
  };
}

/** Objects in which at least one of the paths leads somewhere. */
function namedRows(finds: Finds, wanted: Wanted): (record: Obj) => boolean {
  const fields = Object.entries(wanted).map(([field, path]) => ({ field, path, steps: path.split('.') }));
  const valueAt = (record: Obj, steps: readonly string[], path: string): unknown =>
    path in record ? record[path] : within(record, ...steps);
  return (record) => {
    const cells = fields.map(({ steps, path }) => valueAt(record, steps, path));
    if (cells.every((cell) => cell === undefined)) return false;
    const names = fields.map(({ steps }) => steps[0] ?? '');
    const places = Object.fromEntries(
      fields.map(({ field, path }, column) => {
        const own = Object.values(placesAmong([path]))[0];
        return [
          field,
          {
            column,
            name: names[column] ?? '',
            isUtc: own?.isUtc ?? false,
            ...(own?.unitMs === undefined ? {} : { unitMs: own.unitMs }),
          },
        ];
      }),
    ) as Places;
    const form = rowForm(places);
    if (form === undefined) return false;
    for (const assumption of form.assumptions) finds.assumed(assumption);
    finds.job(
      record,
      form.read((column) => cells[column]),
    );
    return true;
  };
}
