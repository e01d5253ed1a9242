import type { Context, Finds, Reader } from './found.ts';
import { isObj, lengthIn, type Obj, objsIn, textIn, valueOf, within, word } from './seen.ts';

/**
 * Jenkins: `…/api/json` with builds (`builds`, `allBuilds`, `jobs[…builds]`, one build), the runs of Blue Ocean, and those of
 * the pipeline's stage view (`wfapi/runs`). Times are milliseconds since 1970, lengths milliseconds.
 *
 * Source: Jenkins, Remote access API (`hudson.model.Run`); the Metrics plugin (`TimeInQueueAction`); Blue Ocean REST API.
 */
export const readJenkins: Reader = (record, finds, context) => {
  if (isBuild(record)) return build(record, finds, context);
  if ('enQueueTime' in record || ('durationInMillis' in record && 'startTime' in record))
    return blueOcean(record, finds);
  if ('startTimeMillis' in record && 'durationMillis' in record) return stageView(record, finds, context);
  if (['builds', 'allBuilds'].some((key) => Array.isArray(record[key])) || isFolder(record))
    return project(record, finds);
  return undefined;
};

/** What is in a list of builds is a build, however little was asked of it. */
const isTimed = (record: Obj): boolean => typeof record['timestamp'] === 'number' && 'duration' in record;

const isBuild = (record: Obj): boolean =>
  isTimed(record) &&
  ['number', 'result', 'building', 'fullDisplayName', '_class', 'id', 'queueId'].some((key) => key in record);

/** A list of projects; the jobs of other systems are called so too. */
const isFolder = (record: Obj): boolean =>
  objsIn(record['jobs']).some(
    (one) =>
      ['builds', 'allBuilds'].some((key) => Array.isArray(one[key])) ||
      isFolder(one) ||
      isBuild((one['lastBuild'] ?? {}) as Obj),
  );

function project(record: Obj, finds: Finds, parent?: string): string {
  const name =
    textIn(record['fullName']) ?? [parent, textIn(record['name'])].filter((part) => part !== undefined).join('/');
  const workflow = name === '' ? undefined : name;
  const builds = objsIn(record['allBuilds'] ?? record['builds']);
  for (const one of builds)
    if (isTimed(one)) build(one, finds, { workflow });
    else finds.noJob(one, 'has no times that can be recognised');
  const { lastBuild } = record;
  if (builds.length === 0 && isObj(lastBuild) && isBuild(lastBuild)) build(lastBuild, finds, { workflow });
  for (const one of objsIn(record['jobs'])) project(one, finds, workflow);
  return 'Jenkins builds';
}

/** How long a build waited for an executor, where the Metrics plugin is there to say so. */
function waitedIn(record: Obj) {
  for (const action of objsIn(record['actions'])) {
    const waited =
      lengthIn(action, 'queuingDurationMillis', 1) ??
      lengthIn(action, 'buildableDurationMillis', 1) ??
      lengthIn(action, 'queuingTimeMillis', 1) ??
      lengthIn(action, 'secondsInQueue', 1_000);
    if (waited !== undefined) return waited;
  }
  return lengthIn(record, 'queueDurationMillis', 1);
}

function build(record: Obj, finds: Finds, { workflow }: Context): string {
  // `folder » project #17`, and of a matrix `project » jdk=17 #17`.
  const own = textIn(record['fullDisplayName'])
    ?.replace(/ #\d.*$/, '')
    .replaceAll(' » ', '/');
  const id = textIn(record['url']) ?? (own === undefined ? undefined : `${own} ${word(record['number'])}`);
  finds.job(record, {
    ...(id === undefined ? {} : { id }),
    workflow: workflow ?? own,
    status: [record['building'] === true ? 'running' : record['result']],
    started: valueOf(record, 'startTimeInMillis', 'timestamp'),
    length: lengthIn(record, 'duration', 1),
    waited: waitedIn(record),
  });
  return 'Jenkins builds';
}

function blueOcean(record: Obj, finds: Finds): string {
  const workflow = textIn(record['pipeline']) ?? textIn(record['displayName']);
  // Every run numbers its stages anew.
  const isStage = ['STAGE', 'PARALLEL', 'STEP'].includes(word(record['type']));
  if (isStage)
    finds.assumed(
      'a stage of Blue Ocean is one job here, though it may take no machine, or that of the stage it is in',
    );
  const id = textIn(within(record, '_links', 'self', 'href')) ?? (isStage ? undefined : textIn(record['id']));
  finds.job(record, {
    ...(id === undefined || workflow === undefined ? {} : { id: `${workflow} ${id}` }),
    workflow,
    status: [record['state'] === 'FINISHED' ? undefined : record['state'], record['result']],
    queued: valueOf(record, 'enQueueTime'),
    started: valueOf(record, 'startTime'),
    finished: valueOf(record, 'endTime'),
    length: lengthIn(record, 'durationInMillis', 1),
  });
  return 'Jenkins builds of Blue Ocean';
}

function stageView(record: Obj, finds: Finds, { workflow }: Context): string {
  finds.job(record, {
    id: textIn(within(record, '_links', 'self', 'href')),
    workflow: workflow ?? textIn(record['pipeline']),
    status: [record['status']],
    started: valueOf(record, 'startTimeMillis'),
    // `durationMillis` leaves the time out in which a person was waited for, and the machine was held all the same.
    finished: valueOf(record, 'endTimeMillis'),
    length: lengthIn(record, 'durationMillis', 1),
    waited: waitedIn(record),
  });
  return 'Jenkins runs of the stage view';
}
