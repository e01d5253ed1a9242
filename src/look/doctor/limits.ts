import { hours } from '../../domain/time.ts';
import { termsOf } from '../../domain/words.ts';
import type { Look } from '../look.ts';
import { counted, whenText } from '../words.ts';
import { checking, type Finding } from './finding.ts';

/** What an account allows that no call can be asked for: quotas, and the role that spot requests need. */
export function limitFindings({ running, alive, file, at }: Look): readonly Finding[] {
  return [quotaFinding(running, at), ...roleFinding(file, alive)];
}

/** EC2 tells of a quota only when it is reached, and then the keeper hears of it. */
function quotaFinding(running: Look['running'], at: number): Finding {
  const check = checking('quota');
  if (running === undefined)
    return check.unknown(
      'EC2 tells of it only when it is reached',
      'ask the keeper that leads what it was refused: --keeper URL',
    );
  if (running.kind === 'unknown') return check.unknown(running.why);
  if (running.value.leads !== true) return check.unknown('the keeper that was asked does not lead');
  const reached = running.value.refusals.filter(
    ({ refusal, at: when }) => refusal === 'quota' && when > at - hours(24),
  );
  const last = reached.at(-1);
  return last === undefined
    ? check.ok('no launch was refused for it, as far as the keeper remembers')
    : check.warn(
        `${counted(reached.length, 'launch', 'launches')} refused for it in a day, the last at ${whenText(last.at)} (${last.market})`,
        'ask AWS for more vCPUs of that kind, or lower maxBlocks',
      );
}

function roleFinding(file: Look['file'], alive: Look['alive']): readonly Finding[] {
  if (file.pools.every(({ lease }) => termsOf(lease.term).every((term) => term === 'on-demand'))) return [];
  const check = checking('spot role');
  // It takes the right to read roles, which a keeper has no use for.
  return [
    alive.some(({ lease }) => lease.offer.term !== 'on-demand')
      ? check.ok('spot instances of the fleet run, so AWSServiceRoleForEC2Spot exists')
      : check.unknown(
          'whether AWSServiceRoleForEC2Spot exists is not known before the first launch',
          'run `aws iam get-role --role-name AWSServiceRoleForEC2Spot`; once: `aws iam create-service-linked-role --aws-service-name spot.amazonaws.com`',
        ),
  ];
}
