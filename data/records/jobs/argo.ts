import { gunzipSync } from 'node:zlib';
import type { Finds } from './found.ts';
import { createdOf, labelsOf, uidOf } from './objects.ts';
import { isObj, type Obj, textIn, valueOf, within } from './seen.ts';

/** Each pod of a workflow is a job; the other nodes only hold them together. */
export function workflow(record: Obj, finds: Finds): string {
  const name =
    textIn(labelsOf(record)['workflows.argoproj.io/workflow-template']) ??
    textIn(labelsOf(record)['workflows.argoproj.io/cron-workflow']) ??
    textIn(within(record, 'spec', 'workflowTemplateRef', 'name')) ??
    textIn(within(record, 'metadata', 'generateName'))?.replace(/-$/, '');
  const nodes = nodesOf(record, finds);
  const pods = nodes.filter((node) => node['type'] === 'Pod');
  for (const node of pods)
    finds.job(node, {
      id: textIn(node['id']),
      name: textIn(node['templateName']) ?? textIn(within(node, 'templateRef', 'template')) ?? node['displayName'],
      workflow: name,
      status: [node['phase']],
      started: valueOf(node, 'startedAt') ?? { found: null, key: 'startedAt' },
      finished: valueOf(node, 'finishedAt') ?? { found: null, key: 'finishedAt' },
    });
  if (pods.length > 0) return 'Argo Workflows';
  finds.job(record, {
    grain: 'run',
    ...uidOf(record),
    workflow: name,
    status: [within(record, 'status', 'phase')],
    queued: createdOf(record),
    started: { found: within(record, 'status', 'startedAt') ?? null, key: 'status' },
    finished: { found: within(record, 'status', 'finishedAt') ?? null, key: 'status' },
  });
  return 'Argo Workflows';
}

/** More than any workflow's nodes take; what claims to be larger is not unpacked. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The nodes of a workflow, which are packed where they are many. */
function nodesOf(record: Obj, finds: Finds): readonly Obj[] {
  const [nodes, packed] = [within(record, 'status', 'nodes'), textIn(within(record, 'status', 'compressedNodes'))];
  if (isObj(nodes)) return Object.values(nodes).filter(isObj);
  if (textIn(within(record, 'status', 'offloadNodeStatusVersion')) !== undefined)
    finds.missing(
      'a workflow keeps its nodes in a database (offloadNodeStatusVersion): argo get WORKFLOW -o json has them',
    );
  if (packed === undefined) return [];
  const unpacked = unpackedNodes(packed);
  if (unpacked === undefined)
    finds.mistake(record, 'expected compressedNodes to be nodes, packed by gzip, found something else: fetch it again');
  return unpacked ?? [];
}

function unpackedNodes(packed: string): readonly Obj[] | undefined {
  try {
    const text = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: MOST_BYTES }).toString('utf8');
    const nodes: unknown = JSON.parse(text);
    return isObj(nodes) ? Object.values(nodes).filter(isObj) : undefined;
  } catch {
    return undefined;
  }
}
