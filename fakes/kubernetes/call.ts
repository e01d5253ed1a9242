import type { IncomingMessage } from 'node:http';
import { jsonOfProtobuf, PROTOBUF } from './protobuf.ts';
import { badRequest, noSuchResource, Refusal } from './refusal.ts';
import { type Target, targetName, targetOf, type Verb } from './target.ts';

/** The largest body that the API server reads. */
const MOST_BODY_BYTES = 3 * 1024 * 1024;

/** A body as it came. */
export interface Body {
  readonly text: string;
  /** The media type, without its parameters. */
  readonly type: string;
}

/** A request as it came, and what it is about. */
export interface Call {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly verb: Verb;
  /** `nodes`, `pods/eviction`; the path where that is no resource. */
  readonly subject: string;
  /** Undefined for a path that is no resource. */
  readonly target: Target | undefined;
  readonly body: Body;
  /** Why the request cannot be read. */
  readonly refusal: Refusal | undefined;
}

/** Reads a request to its end. Rejects if the client goes away before that. */
export async function callOf(incoming: IncomingMessage): Promise<Call> {
  const method = incoming.method ?? 'GET';
  const body = await bodyOf(incoming);
  const [path = '/', query] = (incoming.url ?? '/').split('?', 2);
  const target = targetOf(method, path, new URLSearchParams(query));
  const read = { path, query: new URLSearchParams(query), body: readable(body, typeOf(incoming)) };
  const refusal = body === undefined ? tooLarge() : refusalOf(target, method);
  if (typeof target === 'string')
    return { ...read, verb: OTHER_VERBS[method] ?? 'get', subject: path, target: undefined, refusal };
  return { ...read, verb: target.verb, subject: targetName(target), target, refusal };
}

/** The verbs of requests for paths that are no resources. */
const OTHER_VERBS: Readonly<Record<string, Verb>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

const tooLarge = (): Refusal =>
  new Refusal(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MOST_BODY_BYTES}`);

function refusalOf(target: ReturnType<typeof targetOf>, method: string): Refusal | undefined {
  if (target === 'notAllowed')
    return new Refusal(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
  if (target === 'unreadable') return badRequest('the path cannot be read');
  return target === 'unknown' && !['GET', 'POST'].includes(method) ? noSuchResource() : undefined;
}

const typeOf = (incoming: IncomingMessage): string =>
  (incoming.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** A body as text: one in protobuf as the JSON that says the same, if it is of a kind that is understood. */
function readable(body: Buffer | undefined, type: string): Body {
  const json = type === PROTOBUF && body !== undefined && body.length > 0 ? jsonOfProtobuf(body) : undefined;
  return json === undefined ? { text: body?.toString() ?? '', type } : { text: json, type: 'application/json' };
}

/** The body; undefined for one that is too large, of which the rest is thrown away. */
async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    // Without an encoding set, a request comes in buffers.
    const piece = chunk as Buffer;
    bytes += piece.length;
    if (bytes <= MOST_BODY_BYTES) chunks.push(piece);
  }
  return bytes <= MOST_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}
