import { type Json, type JsonObject, textAt } from './json.ts';

/** The media type in which Go's typed clients write. */
export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/**
 * A body in Kubernetes' protobuf as JSON text, for the messages that Helm writes so: the Secrets of its releases, and how one
 * is to be deleted. Undefined for anything else. The numbers of fields are those of the API's `generated.proto`.
 */
export function jsonOfProtobuf(body: Buffer): string | undefined {
  if (body.subarray(0, MAGIC.length).compare(MAGIC) !== 0) return undefined;
  try {
    const { typeMeta, raw } = decode(body.subarray(MAGIC.length), UNKNOWN) as Readonly<Record<string, Json>>;
    const meta = decode(bytesOf(typeMeta), TYPE_META);
    const message = MESSAGES[textAt(meta, 'kind') ?? ''];
    return message === undefined ? undefined : JSON.stringify({ ...meta, ...decode(bytesOf(raw), message) });
  } catch (error) {
    // A message that ends too early.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `k8s` and a zero go before every message. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0]);

type Kind = 'text' | 'bytes' | 'number' | 'flag' | 'texts' | 'textMap' | 'bytesMap' | Message;

/** The name and the kind of each field of a message, by its number. */
interface Message {
  readonly [field: number]: readonly [name: string, kind: Kind];
}

const UNKNOWN: Message = { 1: ['typeMeta', 'bytes'], 2: ['raw', 'bytes'] };
const TYPE_META: Message = { 1: ['apiVersion', 'text'], 2: ['kind', 'text'] };
const OBJECT_META: Message = {
  ...{ 1: ['name', 'text'], 2: ['generateName', 'text'], 3: ['namespace', 'text'], 5: ['uid', 'text'] },
  ...{ 6: ['resourceVersion', 'text'], 11: ['labels', 'textMap'], 12: ['annotations', 'textMap'] },
};
const MESSAGES: Readonly<Record<string, Message>> = {
  Secret: {
    ...{ 1: ['metadata', OBJECT_META], 2: ['data', 'bytesMap'], 3: ['type', 'text'] },
    ...{ 4: ['stringData', 'textMap'], 5: ['immutable', 'flag'] },
  },
  DeleteOptions: {
    ...{ 1: ['gracePeriodSeconds', 'number'], 3: ['orphanDependents', 'flag'], 4: ['propagationPolicy', 'text'] },
    ...{ 2: ['preconditions', { 1: ['uid', 'text'], 2: ['resourceVersion', 'text'] }], 5: ['dryRun', 'texts'] },
  },
};

const bytesOf = (value: Json | undefined): Buffer => Buffer.from(typeof value === 'string' ? value : '', 'base64');

function decode(bytes: Buffer, message: Message): JsonObject {
  const decoded: Record<string, Json> = {};
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes.readUInt8(at++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const [name, kind] = message[tag >>> 3] ?? [];
    if ((tag & 7) === 0) {
      const value = varint();
      if (name !== undefined) decoded[name] = kind === 'flag' ? value !== 0 : value;
      continue;
    }
    // Every other field of these messages has its length before it.
    if ((tag & 7) !== 2) throw new RangeError(`a field of wire type ${tag & 7}`);
    const end = varint() + at;
    if (end > bytes.length) throw new RangeError('a field that ends too early');
    // Go writes texts that are not set as empty ones.
    if (name !== undefined && kind !== undefined && !(kind === 'text' && end === at))
      decoded[name] = valueOf(bytes.subarray(at, end), kind, decoded[name]);
    at = end;
  }
  return decoded;
}

/** One value of a field; those of lists and maps come one by one, and join what is there. */
function valueOf(part: Buffer, kind: Kind, before: Json | undefined): Json {
  if (kind === 'text') return part.toString();
  if (kind === 'texts') return [...(Array.isArray(before) ? (before as readonly Json[]) : []), part.toString()];
  if (kind === 'textMap' || kind === 'bytesMap') {
    const entry = decode(part, {
      1: ['key', 'text'],
      2: ['value', kind === 'textMap' ? 'text' : 'bytes'],
    });
    // Known: what is there of a map is a map.
    return { ...(before as JsonObject | undefined), [textAt(entry, 'key') ?? '']: entry['value'] ?? '' };
  }
  return typeof kind === 'object' ? decode(part, kind) : part.toString('base64');
}
