import { valueAt } from './json.ts';
import type { KubeObject } from './objects.ts';
import { badRequest } from './refusal.ts';

/** The fields that may be selected by, beside name and namespace. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  pods: [
    ...['spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName'],
    ...['status.phase', 'status.podIP', 'status.nominatedNodeName'],
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  events: [
    ...['involvedObject.kind', 'involvedObject.namespace', 'involvedObject.name', 'involvedObject.uid'],
    ...['involvedObject.apiVersion', 'involvedObject.resourceVersion', 'involvedObject.fieldPath'],
    ...['reason', 'reportingComponent', 'source', 'type'],
  ],
};

/** Fields that are false where they are not there; all others are empty. */
const FALSE_BY_DEFAULT: readonly string[] = ['spec.unschedulable'];

/**
 * What a `fieldSelector` asks for: `spec.nodeName=a,status.phase!=Failed`. An empty one asks for nothing.
 * @throws Refusal BadRequest for one that cannot be read, or a field that this resource cannot be selected by
 */
export function fieldSelector(resource: string, text: string): (object: KubeObject) => boolean {
  const known = ['metadata.name', 'metadata.namespace', ...(FIELDS[resource] ?? [])];
  const terms = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [, written = '', operator, wanted = ''] = /^([^=!]+)(==|=|!=)(.*)$/.exec(part) ?? [];
      if (operator === undefined) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
      const field = inCoreWords(resource, written);
      if (!known.includes(field)) throw badRequest(`field label not supported: ${written}`);
      return { field, wanted, equal: operator !== '!=' };
    });
  return (object) => terms.every(({ field, wanted, equal }) => (fieldOf(object, field) === wanted) === equal);
}

/** The newer group of events has other names for two fields. */
const inCoreWords = (resource: string, field: string): string =>
  resource === 'events'
    ? field.replace(/^regarding\./, 'involvedObject.').replace(/^reportingController$/, 'reportingComponent')
    : field;

function fieldOf(object: KubeObject, field: string): string {
  const path = field === 'source' ? ['source', 'component'] : field.split('.');
  const value = valueAt(object, ...path);
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return String(value);
  return FALSE_BY_DEFAULT.includes(field) ? 'false' : '';
}
