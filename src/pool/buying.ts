import { type Instant, isoOf, NEVER } from '../domain/time.ts';
import { FEW_JOINS, isBroken, type Joins } from './joins.ts';
import type { PoolMemory } from './memory.ts';
import { culpritsOf, firstRestOver, type Rest, type Rests, restsUntil } from './rests.ts';

/** Why a pool buys nothing although it may want to, in one word and a sentence for people. */
export interface Pause {
  readonly reason: 'NeverJoins' | 'SpendingCap' | 'AllRefused';
  readonly note: string;
  /** The same for as long as it is the same pause: `note` says until when. */
  readonly key: string;
  readonly until: Instant;
  /** Whether people are to hear of it: an instance that was taken back rests its market for minutes, and asks nobody to act. */
  readonly isNews: boolean;
}

/** What keeps a pool from buying anything now; undefined where something may be bought, or nothing was ever quoted. */
export function pauseOf({ offers, cooling, joins, capped }: PoolMemory, now: Instant): Pause | undefined {
  if (isBroken(joins) && now < joins.until) return neverJoins(joins);
  if (capped !== null && now < capped.until)
    return { ...capped, reason: 'SpendingCap', key: `SpendingCap ${capped.until}`, isNews: true };
  if (offers.length === 0 || cooling.size === 0) return undefined;
  let until = NEVER;
  for (const offer of offers) until = Math.min(until, restsUntil(cooling, offer));
  if (until <= now) return undefined;
  const culprits = culpritsOf(cooling, offers, now);
  return {
    reason: 'AllRefused',
    note: `nothing that the pool may buy can be bought before ${isoOf(until)}: ${listed(culprits)}`,
    key: listed(culprits),
    until,
    isNews: [...culprits.values()].some(({ why }) => why !== 'interrupted'),
  };
}

/** What rests though the pool goes on with other offers, where people have to act; undefined where nothing does. */
export function restingNote({ offers, cooling }: PoolMemory, now: Instant): string | undefined {
  if (firstRestOver(cooling, now) === NEVER) return undefined;
  const culprits = [...culpritsOf(cooling, offers, now)].filter(([, { why }]) => FOR_PEOPLE.has(why));
  return culprits.length === 0 ? undefined : `not bought for now: ${listed(new Map(culprits))}`;
}

const FOR_PEOPLE: ReadonlySet<Rest['why']> = new Set(['quota', 'bad-template', 'forbidden', 'unsupported-term']);

const neverJoins = ({ failed, template, until, restMs }: Joins): Pause => ({
  reason: 'NeverJoins',
  note:
    `${failed} instances in a row of ${template === null ? 'this version of the template' : `template ${template}`} ` +
    `never joined the cluster; one block is tried at ${isoOf(until)}, more when the template changes or the keeper is restarted`,
  // Told again with each longer rest, and not with each instance.
  key: `${template ?? ''} ${restMs} ${Math.min(failed, FEW_JOINS)}`,
  until,
  isNews: true,
});

const listed = (culprits: Rests): string => [...culprits].map(([key, { why }]) => `${key} (${WORDS[why]})`).join(', ');

/** A refusal in words, for a sentence. */
const WORDS: Readonly<Record<Rest['why'], string>> = {
  'no-capacity': 'no capacity',
  'subnet-full': 'no free address in its subnets',
  quota: 'above a quota',
  throttled: 'EC2 throttles',
  'bad-template': 'the template does not fit',
  forbidden: 'not allowed',
  'unsupported-term': 'not sold on this term',
  cancelled: 'cancelled',
  interrupted: 'taken back lately',
  'short-lived': 'its instances end before they serve',
};
