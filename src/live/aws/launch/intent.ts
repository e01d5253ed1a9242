import type { RefusalScope } from '../../../domain/refusalScope.ts';
import { ALWAYS, type Instant, latest, minutes } from '../../../domain/time.ts';
import type { Offer, Refusal, Term } from '../../../domain/words.ts';
import { clientTokenOf } from '../../ports/tags.ts';
import { madeFrom, type Subnet, type Template } from '../template/template.ts';
import { spotBlockProblems } from '../template/termConditions.ts';

/**
 * One try to buy one instance, decided to the last parameter before the call leaves. Plain data, kept in the ledger: a
 * repeat after a crash is then the same call, and EC2 answers it with the same instance.
 */
export interface Intent {
  readonly fleet: string;
  readonly blockId: string;
  /** `<block>.<attempt>`. */
  readonly token: string;
  /** What EC2 knows this try by. */
  readonly clientToken: string;
  readonly subnetId: string;
  readonly instanceType: string;
  readonly term: Term;
  readonly offer: Offer;
  readonly templateHash: string;
  /** Where the instance is made from a launch template: which version, by number. */
  readonly launchTemplate?: { readonly id: string; readonly version: number };
  /** When it was decided. */
  readonly at: Instant;
}

/** Why nothing can be launched for an offer, whoever asks how often. */
export interface Impossible {
  readonly refusal: Refusal;
  /** What it is about; left out where that is not known. */
  readonly scope?: RefusalScope;
  /** In a sentence, with its remedy. */
  readonly problem: string;
}

export interface LaunchOrder {
  readonly fleet: string;
  readonly blockId: string;
  readonly token: string;
  readonly offer: Offer;
  readonly template: Template;
  readonly at: Instant;
  /** Until when a subnet is left alone because it was full; none is if left out. */
  readonly fullUntil?: (subnetId: string) => Instant;
}

/** The lengths that spot blocks came in, in whole hours (EC2 API reference, BlockDurationMinutes). */
const BLOCK_LENGTHS_MS = [60, 120, 180, 240, 300, 360].map(minutes);

/** Decides how an offer is bought. */
export function launchParameters(order: LaunchOrder): Intent | Impossible {
  const { fleet, blockId, token, offer, template, at, fullUntil = () => ALWAYS } = order;
  const { source, imageId } = madeFrom(template, offer.instanceType);
  const impossible = whyImpossible(order);
  if (impossible !== undefined) return impossible;
  const subnet = roomiest(
    template.subnets.filter(({ zone }) => zone === offer.zone),
    (subnetId) => latest(at, fullUntil(subnetId)),
  );
  if (subnet === undefined)
    return {
      refusal: 'bad-template',
      scope: 'subnet',
      problem: `group ${template.group} has no subnet in ${offer.zone}; give it one, or take the zone out of the pool`,
    };
  if (offer.term === 'spot-block') {
    const [problem] = spotBlockProblems(source, imageId);
    if (problem !== undefined) return { refusal: 'bad-template', problem };
  }
  const { instanceType } = offer;
  const { subnetId } = subnet;
  return {
    fleet,
    blockId,
    token,
    clientToken: clientTokenOf({ fleet, token, subnetId, instanceType, templateHash: template.hash }),
    subnetId,
    instanceType,
    term: offer.term,
    offer,
    templateHash: template.hash,
    ...(source.kind === 'launch-template' ? { launchTemplate: { id: source.id, version: source.version } } : {}),
    at,
  };
}

function whyImpossible({ offer, template }: LaunchOrder): Impossible | undefined {
  const { zone } = madeFrom(template, offer.instanceType).source.blueprint;
  if (zone !== undefined && zone !== offer.zone)
    return {
      refusal: 'bad-template',
      scope: 'subnet',
      problem: `the template insists on ${zone}; take the zone out of it, or ${offer.zone} out of the pool`,
    };
  if (offer.term === 'spot-block' && !BLOCK_LENGTHS_MS.includes(offer.durationMs))
    return {
      refusal: 'unsupported-term',
      problem: `spot blocks last one to six whole hours and not ${offer.durationMs / minutes(1)} minutes; choose another lease`,
    };
  return undefined;
}

/**
 * The subnet with the most free addresses, the first by its id among equals. One of which nobody knows how many are
 * free is taken only where nobody knows it of any; one that was full a moment ago only where all were, the first to be first.
 */
function roomiest(subnets: readonly Subnet[], fullUntil: (subnetId: string) => Instant): Subnet | undefined {
  const free = ({ freeAddresses = -1 }: Subnet): number => freeAddresses;
  return subnets.toSorted(
    (one, other) =>
      fullUntil(one.subnetId) - fullUntil(other.subnetId) ||
      free(other) - free(one) ||
      (one.subnetId < other.subnetId ? -1 : 1),
  )[0];
}
