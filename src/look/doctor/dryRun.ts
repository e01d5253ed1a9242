import type { Answer } from '../../live/aws/calls/answer.ts';
import type { Caller } from '../../live/aws/calls/call.ts';
import { allowBy, type Checking, type Finding } from './finding.ts';

/** What became of a rehearsed call. `ignored`: it was carried out, for the endpoint takes no notice of `DryRun`. */
export type DryRan = 'allowed' | 'refused' | 'ignored' | 'unknown';

export interface Rehearsed {
  readonly ran: DryRan;
  readonly finding: Finding;
}

/**
 * Sends a call with `DryRun` and says what its answer means. EC2 always refuses such a call; the refusal's code tells
 * whether it would have been allowed.
 */
export async function dryRun(
  check: Checking,
  {
    caller,
    action,
    statements,
    send,
  }: {
    readonly caller: Caller;
    readonly action: string;
    /** The statements of the printed policy that grant it. */
    readonly statements: readonly string[];
    readonly send: (abortSignal: AbortSignal) => Promise<unknown>;
  },
): Promise<Rehearsed> {
  // Sent once, as the real call would be: an endpoint that takes no notice of DryRun must not do it twice.
  return meaningOf(check, action, statements, await caller.call('ec2', action, send, { mutating: true }));
}

function meaningOf(check: Checking, action: string, statements: readonly string[], answer: Answer<unknown>): Rehearsed {
  if (answer.kind === 'ok')
    return {
      ran: 'ignored',
      finding: check.fail(
        `the endpoint carried ${action} out although it was a dry run`,
        'see what it did and undo it; this endpoint is no EC2, and rights cannot be tried there',
      ),
    };
  const { code, message } = answer;
  const said = `${code}: ${message}`;
  if (code === SPOT_ROLE)
    return {
      ran: 'refused',
      finding: check.fail(said, 'run `aws iam create-service-linked-role --aws-service-name spot.amazonaws.com` once'),
    };
  switch (answer.class) {
    case 'dry-run-allowed':
      return { ran: 'allowed', finding: check.ok('allowed') };
    case 'auth':
      return {
        ran: 'refused',
        finding: check.fail(
          said.slice(0, LONGEST),
          `${allowBy(...statements)}; \`aws sts decode-authorization-message\` reads what EC2 said`,
        ),
      };
    case 'unsupported-term':
      return { ran: 'refused', finding: check.fail(said, 'AWS sells no spot blocks any more; use lease.term spot') };
    case 'quota':
      return { ran: 'refused', finding: check.warn(said, 'ask AWS for more, or lower maxBlocks') };
    case 'capacity':
    case 'subnet':
      return { ran: 'refused', finding: check.warn(said, 'others are tried; add instance types or zones if it lasts') };
    case 'config':
    case 'not-found':
    case 'idempotency':
      return { ran: 'refused', finding: check.fail(said, 'mend the template: EC2 would refuse every launch from it') };
    case 'throttle':
    case 'unknown-outcome':
    case 'unavailable':
    case 'clock':
      return { ran: 'unknown', finding: check.unknown(said) };
  }
}

/** What EC2 answers where the role of spot requests is missing and the caller may not make it. */
const SPOT_ROLE = 'AuthFailure.ServiceLinkedRoleCreationNotPermitted';

/** The encoded message of a refusal is kilobytes long, and nobody reads it as it is. */
const LONGEST = 160;
