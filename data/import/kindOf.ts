import type { RecordFile } from '../records/file.ts';
import { strangeIn } from '../records/look.ts';
import type { Kind } from './recordings.ts';

/**
 * What a file of recorded data holds, told by its beginning: the names of its keys or columns, and the look of its cells where it
 * has no names; `on-demand`: a price list of AWS. Undefined where that does not tell; then only reading it does.
 */
export function kindOf({ head }: Pick<RecordFile, 'head'>): Kind | 'on-demand' | undefined {
  const names = namesIn(head);
  const has = (...some: readonly string[]): boolean => some.some((name) => names.has(name));
  if (has('offercode', 'pricelist', 'priceperunit') || ON_DEMAND.test(head)) return 'on-demand';
  const isTimed = has('timestamp', 'time', 'at', 'date');
  if (has('instancetype', 'apiname') && has(...ON_DEMAND_NAMES) && !has(...ZONES) && !isTimed) return 'on-demand';
  if (has('spotprice', 'spotpricehistory', 'usdperhour') || /^SPOTPRICEHISTORY\b/m.test(head)) return 'prices';
  if (has('gapseconds') || (has('metadata') && has('data') && !has('kind'))) return 'availability';
  if (has('price') && has('instancetype', 'type') && has(...ZONES)) return 'prices';
  if (has('instances', 'available', 'capacity') && has(...ZONES)) return 'availability';
  if ([...names].some((name) => JOB_TIME.test(name))) return 'jobs';
  return !/^\s*[[{]/.test(head) && head.split('\n', 40).some(isPriceLine) ? 'prices' : undefined;
}

/** What a file looks like, for people who handed over one that is none of the kinds. */
export function lookOf({ head }: Pick<RecordFile, 'head'>): string {
  const text = head.trimStart();
  const strange = strangeIn({ head });
  if (strange !== undefined) return strange.found;
  const [first = ''] = text.split('\n', 1);
  const names = keysIn(head).slice(0, 8);
  if (/^[[{]/.test(text)) return names.length === 0 ? 'JSON without keys' : `JSON with the keys ${names.join(', ')}`;
  return `text that begins with ${JSON.stringify(first.trim().slice(0, 60))}`;
}

/** The price list as CSV, and products that are text within JSON or a line of text each. */
const ON_DEMAND = /^"?OfferCode"?,|^PRICELIST\t|\\"pricePerUnit\\"/m;
const ON_DEMAND_NAMES = ['usdperhour', 'ondemand', 'ondemandprice', 'linuxondemandcost'];

/** Whether a file is a list without elements, or an answer with such a list and nothing else. */
export function holdsNothing({ head }: Pick<RecordFile, 'head'>): boolean {
  const text = head.trim();
  if (!/\[\s*\]/.test(text) || !/^[[{]/.test(text)) return false;
  try {
    return isEmpty(JSON.parse(text));
  } catch {
    return false;
  }
}

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.every(isEmpty)
    : typeof value !== 'object' ||
      value === null ||
      Object.values(value).every((one) => !Array.isArray(one) || isEmpty(one));

const ZONES = ['zone', 'availabilityzone', 'availabilityzoneid', 'zoneid', 'az', 'azid'];

/** Keys and columns that say when a job asked for a machine, began or ended; of lists of pods and queries those that hold them. */
const JOB_TIME =
  /^(?:started|begun|begin|begints|start(?:ed)?(?:at|time|ts)|finish(?:ed)?(?:at|time)?|completed(?:at)?|completiontime|complete|stopped(?:at)?|end(?:ed)?(?:at|time)?|queued(?:at|time|duration)?|created(?:at)|creationtimestamp|duration\w*|buildcreatedutc|workflowjobs?|workflowruns|taskruns|checkruns|jobs|allbuilds|builds|resulttype)$/;

function namesIn(head: string): ReadonlySet<string> {
  const [header = ''] = head
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^"?sep=/i.test(line) && !/^[+|=-]+$/.test(line));
  const cells = /^[[{]/.test(header) ? [] : header.split(/[,;|\t]/);
  return new Set([...keysIn(head), ...cells].map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')));
}

/** Keys of JSON, of Python's dictionaries and of YAML, each once. */
const keysIn = (head: string): readonly string[] => [
  ...new Set(
    [...head.matchAll(/"([^"\n\\]{1,60})"\s*:|'(\w{1,60})'\s*:|^[ \t]*(?:- )*([A-Za-z]\w{0,60}):(?:\s|$)/gm)].map(
      ([, json, python, yaml]) => json ?? python ?? yaml ?? '',
    ),
  ),
];

/** A type, a zone and a price in one line: what the AWS CLI and the tools before it print without naming columns. */
const isPriceLine = (line: string): boolean =>
  /\b[a-z][a-z0-9-]*\.(?:nano|micro|small|medium|large|\d*xlarge|metal)/.test(line) &&
  /\b(?:[a-z]{2,5}(?:-[a-z]+)+-\d+[a-z]|[a-z]{3,5}\d+-az\d+)/.test(line) &&
  /\b\d+\.\d{2,}\b/.test(line);
