import type { RefusalScope } from '../../../domain/refusalScope.ts';
import type { Failure } from '../calls/answer.ts';

/**
 * What a refused launch is about, as far as EC2's code or message says so ("Error codes", EC2 API reference); undefined where
 * it may be one type or much more. A wrong guess that is too narrow costs a call for each type, one that is too wide costs
 * the blocks, so nothing is guessed: the pool finds out with its other offers.
 */
export function scopeIn({ code, message }: Pick<Failure, 'code' | 'message'>): RefusalScope | undefined {
  const known = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  if (known !== undefined) return known;
  if (CONFIG.has(code) && OF_TYPE.some((words) => words.test(message))) return 'type';
  return undefined;
}

const CODES: Readonly<Record<string, RefusalScope>> = {
  // Whoever calls is unknown, or may buy nothing at all.
  AuthFailure: 'account',
  Blocked: 'account',
  CredentialsProviderError: 'account',
  ExpiredToken: 'account',
  ExpiredTokenException: 'account',
  InvalidClientTokenId: 'account',
  MissingAuthenticationToken: 'account',
  OptInRequired: 'account',
  PendingVerification: 'account',
  SignatureDoesNotMatch: 'account',
  UnrecognizedClientException: 'account',
  // Counted for the account, whatever is launched.
  MaxFleetCountExceeded: 'account',
  VolumeLimitExceeded: 'account',
  'Client.VolumeLimitExceeded': 'account',
  // The role that spot instances need; on-demand instances do without.
  'AuthFailure.ServiceLinkedRoleCreationNotPermitted': 'term',
};

/** Codes of which the message alone tells one type from all. */
const CONFIG: ReadonlySet<string> = new Set([
  'InvalidParameterValue',
  'InvalidParameterCombination',
  'UnsupportedOperation',
]);

const OF_TYPE: readonly RegExp[] = [
  // The architecture 'arm64' of the specified instance type does not match the architecture 'x86_64' of the specified AMI.
  /architecture .*does not match/i,
  // The instance type 'm7g.2xlarge' does not support CreditSpecification.
  /instance type '?[a-z0-9-]+\.[a-z0-9-]+'? (?:does not|is not|cannot)/i,
  /specified instance type (?:does not|is not|cannot)/i,
];
