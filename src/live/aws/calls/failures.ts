import type { Millis } from '../../../domain/time.ts';
import type { Refusal } from '../../../domain/words.ts';
import type { Failure, FailureClass } from './answer.ts';

/**
 * What an error of the SDK means. `mutating` says whether the call changes something: without an answer its outcome is
 * unknown. Never throws, whatever was thrown.
 */
export function failureOf(error: unknown, mutating: boolean): Failure {
  const { code, message, status } = partsOf(error);
  return { kind: 'failed', class: classOf(code, message, status, mutating), code, message };
}

/** What a launch that failed means to a block: EC2's reason in the words of the domain. */
export const refusalOf = (failure: Failure): Refusal => REFUSALS[failure.class];

const REFUSALS: Readonly<Record<FailureClass, Refusal>> = {
  capacity: 'no-capacity',
  subnet: 'subnet-full',
  quota: 'quota',
  throttle: 'throttled',
  // Whoever asks has found out by the token that nothing came of it; what is left is to ask again later.
  'unknown-outcome': 'throttled',
  unavailable: 'throttled',
  clock: 'throttled',
  // A new attempt has a new token.
  idempotency: 'throttled',
  config: 'bad-template',
  'not-found': 'bad-template',
  auth: 'forbidden',
  'unsupported-term': 'unsupported-term',
  // A rehearsal buys nothing and is refused by nobody.
  'dry-run-allowed': 'cancelled',
};

/** How long the service asks to wait by its Retry-After header, in seconds or until a date; undefined where it does not. */
export function retryAfterOf(error: unknown): Millis | undefined {
  const headers = fieldsOf(fieldsOf(fieldsOf(error)['$response'])['headers']);
  const { 'retry-after': value, date } = headers;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  // Both dates are the server's, so its clock may show anything.
  const ms = /^\d+$/.test(value.trim())
    ? Number(value) * 1_000
    : Date.parse(value) - Date.parse(typeof date === 'string' ? date : '');
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** What EC2 has answered to a spot block since AWS withdrew them. */
const BLOCKS_WITHDRAWN = 'BlockDurationMinutes is not a valid parameter.';

/** What makes a signature one of another time: `Signature expired: … is now earlier than …`. Without it the secret key is another. */
const OTHER_TIME = /\bSignature (?:expired|not yet current)\b/i;

/** Error codes by what to do about them ("Error codes", EC2 API reference); the answer is EC2's own, whatever its status. */
const CODES: readonly (readonly [FailureClass, readonly (string | RegExp)[]])[] = [
  ['dry-run-allowed', ['DryRunOperation']],
  [
    'capacity',
    // Of instances, volumes, addresses and hosts: with status 500, and still a no.
    [/^Insufficient\w*Capacity$/, 'UnfulfillableCapacity', 'InsufficientCapacityOnHost', 'ReservationCapacityExceeded'],
  ],
  ['capacity', ['Unsupported', 'SpotMaxPriceTooLow', 'capacity-not-available']],
  [
    'subnet',
    ['InsufficientFreeAddressesInSubnet', 'InsufficientFreeAddresses', 'InvalidSubnetID.NotFound', 'InvalidSubnet'],
  ],
  [
    'quota',
    [
      'MaxSpotInstanceCountExceeded',
      'InstanceLimitExceeded',
      'VcpuLimitExceeded',
      'VolumeLimitExceeded',
      /^Max.*Exceeded$/,
    ],
  ],
  [
    'throttle',
    ['RequestLimitExceeded', 'EC2ThrottledException', 'BandwidthLimitExceeded', 'TooManyRequestsException', 'SlowDown'],
  ],
  ['throttle', [/^Throttl/, /Throttled$/, /Throttling/, 'RequestThrottledException', 'RequestThrottled']],
  ['idempotency', ['IdempotentParameterMismatch', 'IdempotentInstanceTerminated', 'InvalidClientToken']],
  [
    'auth',
    [
      'UnauthorizedOperation',
      /^AuthFailure/,
      'InvalidClientTokenId',
      'OptInRequired',
      'Blocked',
      'PendingVerification',
    ],
  ],
  ['auth', ['TagPolicyViolation', 'AccessDenied', 'AccessDeniedException', 'UnrecognizedClientException']],
  ['auth', ['ExpiredToken', 'ExpiredTokenException', 'MissingAuthenticationToken', 'CredentialsProviderError']],
  ['auth', ['SignatureDoesNotMatch', 'InvalidSignatureException']],
  ['clock', ['RequestExpired', 'RequestTimeTooSkewed']],
  ['not-found', ['InvalidInstanceID.NotFound', 'InvalidSpotInstanceRequestID.NotFound']],
  ['not-found', ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue']],
];

function classOf(code: string, message: string, status: number | undefined, mutating: boolean): FailureClass {
  if (code === 'InvalidParameterValue' && message === BLOCKS_WITHDRAWN) return 'unsupported-term';
  if (OTHER_TIME.test(message)) return 'clock';
  const known = CODES.find(([, codes]) =>
    codes.some((one) => (typeof one === 'string' ? one === code : one.test(code))),
  );
  if (known !== undefined) return known[0];
  const unanswered = mutating ? 'unknown-outcome' : 'unavailable';
  // No status: a time-out, a reset, or an answer that is no XML. A 2xx: an answer that could not be read.
  if (status === undefined || status < 300 || status >= 500) {
    // EC2 says 503 with these also while a call is carried out, so that after a change only a look tells.
    return !mutating && UNAVAILABLE.has(code) ? 'throttle' : unanswered;
  }
  if (status === 429) return 'throttle';
  // A body without a code is no answer of the service: something between here and there spoke.
  if (code === 'Unknown' || code === 'UnknownError') return unanswered;
  if (status === 401 || status === 403) return 'auth';
  return 'config';
}

const UNAVAILABLE: ReadonlySet<string> = new Set(['Unavailable', 'ServiceUnavailable', 'ServiceUnavailableException']);

/** The code, message and HTTP status of an error, as far as it has them. */
function partsOf(error: unknown): { code: string; message: string; status: number | undefined } {
  const { name, message, code, $metadata, $response } = fieldsOf(error);
  const status = fieldsOf($metadata)['httpStatusCode'] ?? fieldsOf($response)['statusCode'];
  const named = typeof name === 'string' && name !== '' && name !== 'Error' ? name : undefined;
  return {
    // An error of the network has its code beside a name that says nothing.
    code: named ?? (typeof code === 'string' && code !== '' ? code : 'Error'),
    message: typeof message === 'string' ? message : typeof error === 'string' ? error : 'no message',
    status: typeof status === 'number' ? status : undefined,
  };
}

const NO_FIELDS: Readonly<Record<string, unknown>> = {};

/** The fields of anything; none where it is no object. */
const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  // Every object may be read by any name: what it lacks is undefined.
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : NO_FIELDS;
