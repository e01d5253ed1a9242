import { minutes } from '../../domain/time.ts';
import { placeOf } from '../../domain/words.ts';
import type { Look } from '../look.ts';
import { counted, lengthText, whenText } from '../words.ts';
import { allowBy, checking, type Finding, isForbidden, refused } from './finding.ts';

/** What a keeper starts from: its ledger, who leads, the instances of its fleet, and what its policies answer. */
export const keeperFindings = (seen: Look): readonly Finding[] => [
  ...ledgerFindings(seen),
  leaseFinding(seen),
  ...instanceFindings(seen),
  ...policyFindings(seen),
];

function ledgerFindings({ ledger, at }: Look): readonly Finding[] {
  const check = checking('ledger');
  if (ledger.kind === 'unknown')
    return [
      ledger.why.startsWith('malformed')
        ? check.fail(ledger.why, 'restore the ConfigMap from a backup, or delete it while no keeper runs')
        : isForbidden(ledger.why)
          ? refused(check, ledger.why, 'apply `spot-keeper manifests POOLS --only rbac`')
          : check.unknown(ledger.why),
    ];
  if (ledger.value === undefined) return [check.ok('no keeper has written any yet')];
  const { launches, terminations, generations } = ledger.value;
  const old = Object.values(launches).filter((one) => 'at' in one && Number(one.at) < at - LONG_MS).length;
  return [
    old > 0
      ? check.warn(
          `${counted(old, 'launch', 'launches')} written down more than ${lengthText(LONG_MS)} ago, and what came of it is not`,
          'a keeper that leads looks for them by their tags; if none does, start one',
        )
      : check.ok(
          `${counted(Object.keys(generations).length, 'slot')}, ${counted(Object.keys(launches).length, 'launch', 'launches')} and ${counted(Object.keys(terminations).length, 'end')} under way`,
        ),
  ];
}

/** No launch takes longer to be settled while a keeper leads. */
const LONG_MS = minutes(30);

function leaseFinding({ lease }: Look): Finding {
  const check = checking('lease');
  if (lease.kind === 'unknown')
    return isForbidden(lease.why)
      ? refused(check, lease.why, 'apply `spot-keeper manifests POOLS --only rbac`')
      : check.unknown(lease.why);
  if (lease.value === undefined) return check.ok('no keeper has led yet');
  return lease.value.holder === ''
    ? check.warn(
        'nobody holds it, and somebody has: no keeper runs now',
        'start one, or leave it if it was stopped on purpose',
      )
    : check.ok(`held by ${lease.value.holder}, its tenure number ${lease.value.tenure}`);
}

function instanceFindings({ inventory, alive, pools, file, at }: Look): readonly Finding[] {
  const check = checking('instances');
  if (inventory.kind === 'unknown')
    return [isForbidden(inventory.why) ? refused(check, inventory.why, allowBy('Read')) : check.unknown(inventory.why)];
  const findings: Finding[] = [];
  if (inventory.unread.length > 0)
    findings.push(
      check.warn(
        `${inventory.unread.join(', ')} cannot be read: their tags do not agree`,
        'nothing is done to them; end them by hand, or mend their tags',
      ),
    );
  const kept = new Set(pools.map(({ spec }) => spec.name));
  const orphans = alive.filter(({ blockId }) => !kept.has(placeOf(blockId)?.pool ?? ''));
  if (orphans.length > 0)
    findings.push(
      check.warn(
        `${orphans.map(({ instanceId, blockId }) => `${instanceId} of ${blockId}`).join(', ')}: the fleet ${file.fleet} has no such pool`,
        'a keeper that runs lets them drain when their leases end; put the pool back if it is still wanted',
      ),
    );
  const twice = alive.filter(({ blockId }, index) => alive.findIndex((one) => one.blockId === blockId) !== index);
  if (twice.length > 0)
    findings.push(
      check.warn(
        `two instances for one block: ${twice.map(({ blockId }) => blockId).join(', ')}`,
        'a keeper that runs ends the one that it did not ask for',
      ),
    );
  const overdue = alive.filter(({ lease }) => lease.expiresAt < at - LONG_MS);
  if (overdue.length > 0)
    findings.push(
      check.warn(
        `${overdue.map(({ instanceId, lease }) => `${instanceId}, due ${whenText(lease.expiresAt)}`).join('; ')}: still there`,
        'see whether a keeper leads, and whether it may end instances',
      ),
    );
  return findings.length > 0
    ? findings
    : [check.ok(`${counted(alive.length, 'instance')} of the fleet, each with a block`)];
}

/** Policies were asked for the picture of now; a fault is told by the keeper's own announcement. */
function policyFindings({ foresight, pools }: Look): readonly Finding[] {
  const faults = foresight.now.effects.filter((one) => one.type === 'announce' && one.reason === 'PolicyFault');
  if (faults.length === 0) return [checking('policies').ok(`those of ${counted(pools.length, 'pool')} answer`)];
  return faults.flatMap((one) =>
    one.type === 'announce'
      ? [checking('policies', one.pool).fail(one.note, 'run `spot-keeper check` on the policy')]
      : [],
  );
}
