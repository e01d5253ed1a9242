import type { Refusal } from '../../../domain/words.ts';
import { type Refused, refused } from './launchAnswer.ts';

/** EC2's reason for the state of an instance. */
export interface StateReason {
  readonly code: string;
  readonly message: string;
}

/** What an instance that died before it was of any use means for the next try. */
export interface Death {
  readonly refusal: Refusal;
  /** What a person can do about it. */
  readonly remedy: string;
}

/** Reads the reason for which an instance died at its launch (EC2 user guide, "Instance terminates immediately"). */
export function deathOf({ code }: StateReason): Death {
  const known = DEATHS[code];
  if (known !== undefined) return known;
  // What the account's side did would happen again; what EC2's side did is a matter of place and time.
  return code.startsWith('Client.')
    ? { refusal: 'bad-template', remedy: `read what EC2 says of ${code}, and mend the template` }
    : { refusal: 'no-capacity', remedy: 'none needed: another market is tried next' };
}

/** The refusal of a launch whose instance is over already. */
export function diedAtOnce(instanceId: string, reason: StateReason): Refused {
  const { refusal, remedy } = deathOf(reason);
  const said = [reason.code, reason.message].filter((part) => part !== '').join(': ');
  return {
    ...refused(refusal, reason.code, `${instanceId} died at its launch (${said}); ${remedy}`),
    hasDied: true,
  };
}

const ELSEWHERE = 'none needed: another market is tried next';

const DEATHS: Readonly<Record<string, Death>> = {
  'Server.InsufficientInstanceCapacity': { refusal: 'no-capacity', remedy: ELSEWHERE },
  'Server.SpotInstanceTermination': { refusal: 'no-capacity', remedy: ELSEWHERE },
  'Server.SpotInstanceShutdown': { refusal: 'no-capacity', remedy: ELSEWHERE },
  'Server.InternalError': { refusal: 'no-capacity', remedy: ELSEWHERE },
  'Client.InternalError': {
    refusal: 'bad-template',
    remedy:
      'most often a volume is encrypted with a KMS key that the launching role, or the service role of EC2 Spot, may not use: grant it kms:CreateGrant and kms:Decrypt in the key policy',
  },
  'Client.VolumeLimitExceeded': {
    refusal: 'quota',
    remedy: 'ask for a higher limit of EBS volumes or storage, or delete volumes that nobody uses',
  },
  'Client.InvalidSnapshot.NotFound': {
    refusal: 'bad-template',
    remedy: 'a snapshot of the image is gone or not shared: name another image in the template',
  },
  'Client.InvalidParameterValue': { refusal: 'bad-template', remedy: 'mend the template' },
  'Client.InstanceInitiatedShutdown': {
    refusal: 'bad-template',
    remedy: 'the instance shut itself down: read its console output, most often the user data fails',
  },
  'Client.UserInitiatedShutdown': {
    refusal: 'cancelled',
    remedy: 'somebody terminated it: CloudTrail names who called TerminateInstances',
  },
};
