import type { Failure } from '../../live/aws/calls/answer.ts';

/** How bad a finding is. `unknown`: it could not be found out, which is neither good nor bad. */
export type Level = 'ok' | 'warn' | 'fail' | 'unknown';

/** What one check came to. */
export interface Finding {
  /** What was checked: one of a few fixed words. */
  readonly check: string;
  /** Of what: a pool, an instance type, an action. */
  readonly subject: string | undefined;
  readonly level: Level;
  readonly found: string;
  /** What to do about it; nothing where all is well. */
  readonly remedy: string | undefined;
}

/** Findings of one check. */
export interface Checking {
  ok(found: string): Finding;
  warn(found: string, remedy: string): Finding;
  fail(found: string, remedy: string): Finding;
  unknown(found: string, remedy?: string): Finding;
}

export function checking(check: string, subject?: string): Checking {
  const finding = (level: Level, found: string, remedy?: string): Finding => ({ check, subject, level, found, remedy });
  return {
    ok: (found) => finding('ok', found),
    warn: (found, remedy) => finding('warn', found, remedy),
    fail: (found, remedy) => finding('fail', found, remedy),
    unknown: (found, remedy) => finding('unknown', found, remedy),
  };
}

/**
 * What has to be known of the cluster and of EC2 before a keeper may be started. The rest may be unknown on a good day: an
 * end is rehearsed only where there is an instance, and a quota is told of only when it is reached.
 */
const NEEDED: ReadonlySet<string> = new Set([
  ...['ledger', 'lease', 'cluster', 'instances', 'template', 'zones', 'types'],
]);

/** Whether nothing fails, and all that a keeper cannot do without is known. */
export const isHealthy = (findings: readonly Finding[]): boolean =>
  findings.every(({ level, check }) => level !== 'fail' && !(level === 'unknown' && NEEDED.has(check)));

/** A call that only reads and failed: a right that is missing is a failure, all else is not known. */
export const unread = (check: Checking, failure: Failure, statement: string): Finding =>
  failure.class === 'auth'
    ? refused(check, `${failure.code}: ${failure.message}`, allowBy(statement))
    : check.unknown(`${failure.code}: ${failure.message}`);

/** Why something is unknown may begin with the class of the failure, which tells a missing right from an answer that did not come. */
export const isForbidden = (why: string): boolean =>
  /(?:^|[ (:])(?:auth|forbidden|UnauthorizedOperation|AccessDenied\w*)[:,) ]/.test(why);

/** A call that was refused: for want of a right, or because the other side does not know who calls, whom no right helps. */
export const refused = (check: Checking, why: string, right: string): Finding =>
  check.fail(why, UNKNOWN_CALLER.test(why) ? 'renew the credentials: the other side does not know who calls' : right);

/** How an API server, and AWS ("Common errors"), turn away a token or a key that is wrong, was taken back or has run out. */
const UNKNOWN_CALLER =
  /\bHTTP 401\b|\bUnauthorized$|\b(?:InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|ExpiredToken|ExpiredTokenException|MissingAuthenticationToken|CredentialsProviderError|AuthFailure):/;

/** The remedy for a right in AWS that is missing: the statement of the printed policy that grants it. */
export const allowBy = (...statements: readonly string[]): string =>
  `compare the role with ${statements.length === 1 ? 'the statement' : 'the statements'} ${statements.join(', ')} of \`spot-keeper manifests POOLS --only iam\``;
