import { type Json, type JsonObject, listAt, numberAt, objectAt, textAt, textsAt } from './json.ts';
import type { NewObject } from './objects.ts';
import { badRequest, type Fault422, invalid } from './refusal.ts';
import type { Resource } from './resources.ts';

/** RFC 1123: what most names of objects are made of. */
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/;

const MOST_SUBDOMAIN = 253;
const MOST_LABEL = 63;
const MOST_ANNOTATION_BYTES = 256 * 1024;
/** What fits into a ConfigMap, and with some room to spare into etcd. */
const MOST_CONFIG_BYTES = 1024 * 1024;
const MOST_NOTE = 1024;
const MOST_REASON = 128;

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/**
 * Holds an object that a client writes to the rules of its kind, as far as a keeper of nodes can break them. Events are
 * given in the words of the core group.
 * @throws Refusal Invalid (422) with every broken rule; BadRequest (400) for a time that cannot be read
 */
export function validate(resource: Resource, object: NewObject): void {
  for (const time of MICRO_TIMES[resource.name] ?? []) readMicroTime(resource, textAt(object, ...time));
  const faults = [...metadataFaults(object), ...(RULES[resource.name]?.(object) ?? [])];
  if (faults.length > 0) throw invalid(resource, object.metadata.name, faults);
}

/** Times that Kubernetes reads with exactly six digits after the point (`MicroTime`): the milliseconds of JavaScript fail. */
const MICRO_TIMES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  leases: [
    ['spec', 'acquireTime'],
    ['spec', 'renewTime'],
  ],
  events: [['eventTime'], ['series', 'lastObservedTime']],
};

function readMicroTime({ kind, version }: Resource, text: string | undefined): void {
  if (text === undefined || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[-+]\d\d:\d\d)$/.test(text)) return;
  throw badRequest(
    `${kind} in version "${version}" cannot be handled as a ${kind}: parsing time "${text}" as "2006-01-02T15:04:05.000000Z07:00": cannot parse`,
  );
}

function metadataFaults({ metadata }: NewObject): readonly Fault422[] {
  const faults: Fault422[] = [];
  const { name } = metadata;
  if (!SUBDOMAIN.test(name) || name.length > MOST_SUBDOMAIN)
    faults.push(wrong('metadata.name', name, 'a lowercase RFC 1123 subdomain is needed'));
  for (const [key, value] of Object.entries(objectAt(metadata, 'labels'))) {
    if (!isQualified(key)) faults.push(wrong('metadata.labels', key, 'a qualified name is needed'));
    if (typeof value !== 'string' || !isLabelValue(value))
      faults.push(wrong('metadata.labels', value, 'a valid label value is needed'));
  }
  const annotations = textsAt(metadata, 'annotations');
  for (const key of Object.keys(annotations))
    if (!isQualified(key.toLowerCase())) faults.push(wrong('metadata.annotations', key, 'a qualified name is needed'));
  if (bytesOf(annotations) > MOST_ANNOTATION_BYTES)
    faults.push({
      field: 'metadata.annotations',
      message: `Too long: may not be more than ${MOST_ANNOTATION_BYTES} bytes`,
    });
  return faults;
}

const RULES: Readonly<Record<string, (object: JsonObject) => readonly Fault422[]>> = {
  nodes: (node) => {
    const taints = listAt(node, 'spec', 'taints');
    const names = taints.map((taint) => `${textAt(taint, 'key') ?? ''}:${textAt(taint, 'effect') ?? ''}`);
    return taints.flatMap((taint, index) => {
      const field = `spec.taints[${index}]`;
      const [key, value, effect] = ['key', 'value', 'effect'].map((name) => textAt(taint, name) ?? '');
      return [
        ...faultIf(!isQualified(key!), wrong(`${field}.key`, key, 'a qualified name is needed')),
        ...faultIf(!isLabelValue(value!), wrong(`${field}.value`, value, 'a valid label value is needed')),
        ...faultIf(!EFFECTS.includes(effect!), {
          field: `${field}.effect`,
          message: `Unsupported value: ${JSON.stringify(effect)}: supported values: ${EFFECTS.map((one) => JSON.stringify(one)).join(', ')}`,
        }),
        ...faultIf(names.indexOf(names[index]!) < index, {
          field,
          message: `Duplicate value: ${JSON.stringify(taint)}: taints must be unique by key and effect pair`,
        }),
      ];
    });
  },
  leases: (lease) => [
    ...faultIf((numberAt(lease, 'spec', 'leaseDurationSeconds') ?? 1) <= 0, {
      field: 'spec.leaseDurationSeconds',
      message: 'Invalid value: must be greater than 0',
    }),
    ...faultIf((numberAt(lease, 'spec', 'leaseTransitions') ?? 0) < 0, {
      field: 'spec.leaseTransitions',
      message: 'Invalid value: must be greater than or equal to 0',
    }),
  ],
  configmaps: (map) => {
    const data = { ...objectAt(map, 'data'), ...objectAt(map, 'binaryData') };
    return [
      ...Object.keys(data)
        .filter((key) => !CONFIG_KEY.test(key))
        .map((key) => wrong(`data[${key}]`, key, 'a valid config key is needed')),
      ...faultIf(bytesOf(data) > MOST_CONFIG_BYTES, {
        field: '',
        message: `Too long: may not be more than ${MOST_CONFIG_BYTES} bytes`,
      }),
    ];
  },
  events: eventFaults,
  jobs: jobFaults,
  persistentvolumeclaims: (claim) =>
    faultIf(listAt(claim, 'spec', 'accessModes').length === 0, {
      field: 'spec.accessModes',
      message: 'Required value: at least 1 access mode is required',
    }),
};

/** What the fields of an Indexed Job need of each other, and that a pod mounts volumes that it has. */
function jobFaults(job: JsonObject): readonly Fault422[] {
  const isIndexed = textAt(job, 'spec', 'completionMode') === 'Indexed';
  const pod = ['spec', 'template', 'spec'] as const;
  const restarts = textAt(job, ...pod, 'restartPolicy') ?? 'Always';
  const isPerIndex = numberAt(job, 'spec', 'backoffLimitPerIndex') !== undefined;
  const volumes = listAt(job, ...pod, 'volumes').map((volume) => textAt(volume, 'name'));
  const [container] = listAt(job, ...pod, 'containers');
  const mounts = container === undefined ? [] : listAt(container, 'volumeMounts');
  return [
    ...faultIf(!['Never', 'OnFailure'].includes(restarts), {
      field: 'spec.template.spec.restartPolicy',
      message: `Required value: valid values: "OnFailure", "Never"`,
    }),
    ...faultIf(isIndexed && numberAt(job, 'spec', 'completions') === undefined, {
      field: 'spec.completions',
      message: 'Required value: when completion mode is Indexed',
    }),
    ...faultIf(isPerIndex && !isIndexed, {
      field: 'spec.backoffLimitPerIndex',
      message: 'Invalid value: requires indexed completion mode',
    }),
    ...faultIf(
      restarts !== 'Never' && (isPerIndex || Object.keys(objectAt(job, 'spec', 'podFailurePolicy')).length > 0),
      {
        field: 'spec.template.spec.restartPolicy',
        message: 'Invalid value: only "Never" is supported with backoffLimitPerIndex and podFailurePolicy',
      },
    ),
    ...mounts.flatMap((mount, index) =>
      faultIf(!volumes.includes(textAt(mount, 'name')), {
        field: `spec.template.spec.containers[0].volumeMounts[${index}].name`,
        message: `Not found: ${JSON.stringify(textAt(mount, 'name'))}`,
      }),
    ),
  ];
}

/** Events with an `eventTime` are held to more than those of old. Those about cluster-wide objects live in `default`. */
function eventFaults(event: JsonObject): readonly Fault422[] {
  const isNew = textAt(event, 'eventTime') !== undefined;
  const regarded = textAt(event, 'involvedObject', 'namespace') ?? '';
  const namespace = textAt(event, 'metadata', 'namespace') ?? '';
  const homes = regarded !== '' && !isNew ? [regarded] : regarded !== '' ? [regarded] : ['default', 'kube-system'];
  const faults = faultIf(!homes.includes(namespace), {
    field: 'involvedObject.namespace',
    message: `Invalid value: ${JSON.stringify(regarded)}: does not match event.namespace`,
  });
  if (!isNew) return faults;
  const note = textAt(event, 'message') ?? '';
  return [
    ...faults,
    ...faultIf(textAt(event, 'reportingComponent') === undefined, {
      field: 'reportingController',
      message: 'Required value',
    }),
    ...['reportingInstance', 'action', 'reason'].flatMap((field) => {
      const value = textAt(event, field) ?? '';
      if (value === '') return [{ field, message: 'Required value' }];
      return faultIf(value.length > MOST_REASON, {
        field,
        message: `Invalid value: "": can have at most ${MOST_REASON} characters`,
      });
    }),
    ...faultIf(note.length > MOST_NOTE, {
      field: 'message',
      message: `Invalid value: "": can have at most ${MOST_NOTE} characters`,
    }),
    ...faultIf(!['Normal', 'Warning'].includes(textAt(event, 'type') ?? ''), {
      field: 'type',
      message: `Invalid value: ${JSON.stringify(textAt(event, 'type') ?? '')}: has invalid value`,
    }),
  ];
}

const faultIf = (broken: boolean, fault: Fault422): readonly Fault422[] => (broken ? [fault] : []);

const wrong = (field: string, value: Json | undefined, rule: string): Fault422 => ({
  field,
  message: `Invalid value: ${JSON.stringify(value ?? null)}: ${rule}`,
});

/** `name` or `domain/name`. */
function isQualified(key: string): boolean {
  const [name = '', domain, ...more] = key.split('/').toReversed();
  if (more.length > 0 || !LABEL_NAME.test(name) || name.length > MOST_LABEL) return false;
  return domain === undefined || (SUBDOMAIN.test(domain) && domain.length <= MOST_SUBDOMAIN);
}

const isLabelValue = (value: string): boolean => value === '' || (LABEL_NAME.test(value) && value.length <= MOST_LABEL);

const bytesOf = (texts: JsonObject): number =>
  Object.entries(texts).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(typeof value === 'string' ? value : ''),
    0,
  );
