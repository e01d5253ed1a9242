import { readAzure } from './azure.ts';
import { readBuildkite } from './buildkite.ts';
import { readCircleci } from './circleci.ts';
import type { Context, Finds, Reader } from './found.ts';
import { readGithub } from './github.ts';
import { readGitlab } from './gitlab.ts';
import { readJenkins } from './jenkins.ts';
import { namedRows, newJsonRows, type Wanted } from './jsonRows.ts';
import { readKubernetes } from './kubernetes.ts';
import { newPages, refused } from './pages.ts';
import { newPrometheus } from './prometheus.ts';
import { isObj, type Obj, textIn } from './seen.ts';

/** The systems, those whose marks are plainest first. */
const READERS: readonly Reader[] = [
  readKubernetes,
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
  'values',
  'build',
  'check_runs',
]);

/** Deeper than any answer keeps its rows. */
const MOST_DEPTH = 24;

/** Finds jobs in one document after the other. */
export interface Walk {
  /** @returns whether anything in the document is known. */
  readonly walk: (value: unknown) => boolean;
  /** Takes a document in which nothing is known, once those after it are known: a row that leaves out what it does not have. */
  readonly takePart: (value: unknown) => boolean;
  /** Once, after the last document: finds what only all of them tell. */
  readonly end: () => void;
}

/**
 * Finds the jobs in documents of whatever system, by what their objects hold.
 *
 * @param wanted paths of fields that a person gave (`status.startTime`); then no system's form tells what a job is.
 */
export function newWalk(finds: Finds, seenIn: (system: string) => void, wanted: Wanted = {}): Walk {
  const rows = newJsonRows(finds);
  const named = Object.keys(wanted).length > 0 ? namedRows(finds, wanted) : undefined;
  const [pages, prometheus] = [newPages(finds), newPrometheus(finds)];
  const readers = [...READERS, prometheus.read];
  let last: Reader = readGithub;

  /** @returns whether anything in the value is known. */
  function walk(value: unknown, context: Context, depth: number): boolean {
    if (depth > MOST_DEPTH) return false;
    if (Array.isArray(value)) return list(value, context, depth, true);
    return isObj(value) && object(value, context, depth);
  }

  function object(record: Obj, context: Context, depth: number): boolean {
    if (named === undefined) {
      if (refused(record, finds)) return true;
      const system = systemOf(record, context);
      if (system !== undefined) {
        seenIn(system);
        return true;
      }
    } else if (named(record)) {
      seenIn('JSON');
      return true;
    }
    // What tells of a job by itself may name other things (its repository, its labels) that have times of their own.
    const isRow = named === undefined && rows.isRow(record);
    let isKnown = false;
    for (const [key, inner] of Object.entries(record)) {
      const of: Context = { workflow: textIn(record['workflowName']) ?? context.workflow };
      if (Array.isArray(inner)) {
        if (!isRow || LISTS.has(key)) isKnown = list(inner, of, depth + 1, LISTS.has(key)) || isKnown;
      } else if (isObj(inner) && !isRow) isKnown = object(inner, of, depth + 1) || isKnown;
    }
    pages.take(record);
    if (isKnown || !isRow) return isKnown;
    rows.take(record);
    seenIn('JSON');
    return true;
  }

  function systemOf(record: Obj, context: Context): string | undefined {
    const known = last(record, finds, context);
    if (known !== undefined) return known;
    for (const reader of readers) {
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
      for (const one of strangers)
        if (!takePart(one)) finds.noJob(isObj(one) ? one : {}, 'has no times that can be recognised');
    return isKnown;
  }

  const takePart = (value: unknown): boolean => isObj(value) && named === undefined && rows.takePart(value);

  return {
    takePart,
    walk: (value) => walk(value, {}, 0),
    end: () => {
      prometheus.end();
      pages.end();
    },
  };
}
