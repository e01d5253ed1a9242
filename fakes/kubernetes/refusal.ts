import type { JsonObject } from './json.ts';
import type { Resource } from './resources.ts';

/** What a Status says beyond its message. */
export interface StatusDetails extends JsonObject {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  readonly retryAfterSeconds?: number;
}

/** A `Status` object, the body of every answer that is no object of a resource. */
export interface Status extends JsonObject {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

/** A request that the API refuses; the body of the answer is `status`. */
export class Refusal extends Error {
  readonly status: Status;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.name = 'Refusal';
    this.status = failure(code, reason, message, details);
  }
}

/** A Status that says no. An empty reason is left out. */
export const failure = (code: number, reason: string, message: string, details?: StatusDetails): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  ...(reason === '' ? {} : { reason }),
  ...(details === undefined ? {} : { details }),
  code,
});

/** A Status that says yes. */
export const success = (code: number, details?: StatusDetails): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  ...(details === undefined ? {} : { details }),
  code,
});

/** What a refusal is about, in the words of a Status: the kind is the plural. */
export const about = (resource: Resource, name: string): StatusDetails => ({
  name,
  ...(resource.group === '' ? {} : { group: resource.group }),
  kind: resource.name,
});

/** `leases.coordination.k8s.io`, as messages name a resource. */
const qualified = ({ name, group }: Resource): string => (group === '' ? name : `${name}.${group}`);

export const notFound = (resource: Resource, name: string): Refusal =>
  new Refusal(404, 'NotFound', `${qualified(resource)} "${name}" not found`, about(resource, name));

/** Nothing is served under this path. */
export const noSuchResource = (): Refusal =>
  new Refusal(404, 'NotFound', 'the server could not find the requested resource', {});

export const alreadyExists = (resource: Resource, name: string): Refusal =>
  new Refusal(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, about(resource, name));

export const conflict = (resource: Resource, name: string, why: string): Refusal =>
  new Refusal(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    about(resource, name),
  );

/** The resourceVersion that came with a write is not the object's any longer. */
export const modified = (resource: Resource, name: string): Refusal =>
  conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

export const forbidden = (resource: Resource, name: string, why: string, details?: StatusDetails): Refusal =>
  new Refusal(403, 'Forbidden', `${qualified(resource)} "${name}" is forbidden: ${why}`, {
    ...about(resource, name),
    ...details,
  });

export const badRequest = (message: string): Refusal => new Refusal(400, 'BadRequest', message);

/** A field whose value is not allowed. */
export interface Fault422 {
  readonly field: string;
  readonly message: string;
}

/** The object breaks the rules of its kind. */
export function invalid(resource: Resource, name: string, faults: readonly Fault422[]): Refusal {
  const list = faults.map(({ field, message }) => `${field}: ${message}`);
  return new Refusal(
    422,
    'Invalid',
    `${resource.kind}${resource.group === '' ? '' : `.${resource.group}`} "${name}" is invalid: ${list.length === 1 ? list.join('') : `[${list.join(', ')}]`}`,
    {
      ...about(resource, name),
      kind: resource.kind,
      causes: faults.map(({ field, message }) => ({ reason: 'FieldValueInvalid', message, field })),
    },
  );
}

/** The history that a watch or a list asks for is not kept any longer. */
export const expired = (message: string): Refusal => new Refusal(410, 'Expired', message);

/** A version from the future: the client has seen a server that knew more. */
export const tooLargeVersion = (asked: number, current: number): Refusal =>
  new Refusal(504, 'Timeout', `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
