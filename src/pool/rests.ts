import { type RefusalScope, type ScopedRefusal, scopeKeyOf, scopeOf } from '../domain/refusalScope.ts';
import { ALWAYS, after, earliest, hours, type Instant, latest, type Millis, minutes, NEVER } from '../domain/time.ts';
import { marketOf, type Offer, type Refusal } from '../domain/words.ts';

/** Why something is not asked for: EC2 refused it, took an instance back, or its instances ended before they served. */
export type RestReason = Refusal | 'interrupted' | 'short-lived';

/** How long something is left alone, and why. */
export interface Rest {
  readonly until: Instant;
  readonly why: RestReason;
  /** When it last gave reason to. */
  readonly at: Instant;
  /** How often in a row it did. */
  readonly times: number;
}

/**
 * What a pool leaves alone, by the name of its scope (`scopeKeyOf`; `<type>/<zone>/*` for short-lived instances). A rest that
 * is over stays until a grant contradicts it: by it an offer that was never refused is known from one that was.
 */
export type Rests = ReadonlyMap<string, Rest>;

/** How long a refusal rests what it is about; undefined: as long as the pool's `cooling` says. */
const REST_MS: Readonly<Record<Refusal, Millis | undefined>> = {
  'no-capacity': undefined,
  'subnet-full': undefined,
  cancelled: 0,
  // Terminated instances still count against a quota for minutes (EC2 user guide; karpenter-provider-aws#4384).
  quota: minutes(5),
  throttled: minutes(1),
  // People have to act before these can change; asking now and then shows when they did.
  'bad-template': minutes(10),
  forbidden: minutes(10),
  'unsupported-term': minutes(30),
};

/** Where EC2 does not say how much a refusal is about: each scope, and the next wider one. */
const WIDER: Readonly<Partial<Record<Refusal, readonly RefusalScope[]>>> = {
  quota: ['type', 'family', 'account'],
  'bad-template': ['type', 'template'],
  forbidden: ['type', 'account'],
};

/** Scopes that hold more than one type: the first try after such a rest is for one offer alone. */
const WIDE = ['family', 'term', 'template', 'account'] as const satisfies readonly RefusalScope[];

/** A market whose instances do not live to serve rests at most so long. */
const LONGEST_REST_MS = hours(4);

/** The rests after a refusal. `offers` is all that the pool may buy; only what was said of all of it widens a scope. */
export function afterRefused(
  rests: Rests,
  refused: ScopedRefusal & { readonly at: Instant; readonly retryAt?: Instant },
  offers: readonly Offer[],
  coolingMs: Millis,
): Rests {
  const { at, offer, refusal, retryAt } = refused;
  const restMs = REST_MS[refusal] ?? coolingMs;
  if (restMs === 0) return rests;
  const next = new Map(rests);
  const until = latest(after(at, restMs), retryAt ?? at);
  const rest = (scope: RefusalScope): void => {
    const key = scopeKeyOf(scope, offer);
    const before = next.get(key);
    const times = before?.why === refusal ? before.times + 1 : 1;
    next.set(key, { until: latest(until, before?.until ?? ALWAYS), why: refusal, at, times });
  };
  rest(scopeOf(refused));
  noteTried();
  for (const scope of WIDE) {
    const rested = next.get(scopeKeyOf(scope, offer));
    if (rested === undefined || rested.until > at) continue;
    // It was asked again after its rest: refused for the same reason it rests on, for another the reason no longer holds.
    if (rested.why === refusal) rest(scope);
    else next.delete(scopeKeyOf(scope, offer));
  }
  if (refused.scope === undefined) widen();
  return next;

  /** Of an offer that was refused with others too it is known that it was tried: the others come first next time. */
  function noteTried(): void {
    const key = scopeKeyOf('offer', offer);
    const before = next.get(key);
    next.set(
      key,
      before !== undefined && before.until > at ? { ...before, at } : { until: at, why: refusal, at, times: 1 },
    );
  }

  /** Rests a wider scope where all types that the pool may buy in it were refused for the same reason, in two parts of it at least. */
  function widen(): void {
    const [narrow, ...wider] = WIDER[refusal] ?? [];
    let part = narrow;
    for (const scope of wider) {
      if (narrow === undefined || part === undefined) return;
      const inside = offers.filter((one) => scopeKeyOf(scope, one) === scopeKeyOf(scope, offer));
      if (!inside.every((one) => isRunning(next.get(scopeKeyOf(narrow, one)), refusal, at))) return;
      const within = part;
      if (new Set(inside.map((one) => scopeKeyOf(within, one))).size > 1) rest(scope);
      part = scope;
    }
  }
}

/** The rests after a grant: what rested and is asked for again with success is no longer known by its refusal. */
export function afterGranted(rests: Rests, offer: Offer, at: Instant): Rests {
  if (rests.size === 0) return rests;
  const over = keysOf(offer).filter((key) => {
    const rest = rests.get(key);
    // One that still runs may be younger than this grant's request.
    return rest !== undefined && rest.until <= at && rest.why !== 'short-lived';
  });
  return over.length === 0 ? rests : without(rests, new Set(over));
}

/** AWS took an instance back: it takes others of the same offer in the same minutes. */
export function afterInterrupted(rests: Rests, offer: Offer, at: Instant, coolingMs: Millis): Rests {
  const key = scopeKeyOf('offer', offer);
  const until = latest(after(at, coolingMs), rests.get(key)?.until ?? ALWAYS);
  return new Map(rests).set(key, { until, why: 'interrupted', at, times: 1 });
}

/** An instance ended before it served: its market rests, twice as long each time until one serves. */
export function afterShortLived(rests: Rests, offer: Offer, at: Instant, coolingMs: Millis): Rests {
  const key = marketKeyOf(offer);
  const before = rests.get(key);
  // Those that end together are one event.
  if (before !== undefined && before.until > at) return rests;
  const times = (before?.times ?? 0) + 1;
  const restMs = Math.max(coolingMs, Math.min(coolingMs * 2 ** (times - 1), LONGEST_REST_MS));
  return new Map(rests).set(key, { until: after(at, restMs), why: 'short-lived', at, times });
}

/** An instance serves: its market keeps what it gives. */
export function afterServed(rests: Rests, offer: Offer): Rests {
  const key = marketKeyOf(offer);
  return rests.has(key) ? without(rests, new Set([key])) : rests;
}

/** The template changed: what was said of the former one is said of nothing any more. */
export function afterTemplate(rests: Rests): Rests {
  const over = [...rests].filter(([, { why }]) => OF_TEMPLATE.has(why)).map(([key]) => key);
  return over.length === 0 ? rests : without(rests, new Set(over));
}

const OF_TEMPLATE: ReadonlySet<RestReason> = new Set(['bad-template', 'forbidden', 'unsupported-term']);

/** Where rests are short and offers many, the first may be over before the last begins: all of them were refused the same. */
const OF_LATE_MS = minutes(10);

/** Whether an offer rests, or was refused a short while ago and not granted since. */
export function refusedOfLate(rests: Rests, offer: Offer, at: Instant): boolean {
  if (restsUntil(rests, offer) > at) return true;
  const tried = rests.get(scopeKeyOf('offer', offer));
  return tried !== undefined && after(tried.at, OF_LATE_MS) > at;
}

/** Until when an offer is left alone; an instant that has passed if it is not. */
export function restsUntil(rests: Rests, offer: Offer): Instant {
  let until = ALWAYS;
  if (rests.size === 0) return until;
  for (const key of keysOf(offer)) until = Math.max(until, rests.get(key)?.until ?? ALWAYS);
  return until;
}

/** The offers that may be asked for now. */
export const usableOffers = (rests: Rests, offers: readonly Offer[], now: Instant): readonly Offer[] =>
  rests.size === 0 ? offers : offers.filter((offer) => restsUntil(rests, offer) <= now);

/** The ranked offers, those that were never refused first and then those whose refusal is the longest ago. */
export function untriedFirst(rests: Rests, ranked: readonly Offer[]): readonly Offer[] {
  if (rests.size === 0) return ranked;
  const refusedAt = new Map(ranked.map((offer) => [offer, rests.get(scopeKeyOf('offer', offer))?.at ?? ALWAYS]));
  const at = (offer: Offer): Instant => refusedAt.get(offer) ?? ALWAYS;
  return ranked.toSorted((one, other) => (at(one) === at(other) ? 0 : at(one) - at(other)));
}

/** Whether asking for an offer asks whether a wide refusal still holds, so that nothing else need be asked for by the same block. */
export const asksForMany = (rests: Rests, offer: Offer): boolean =>
  rests.size > 0 && WIDE.some((scope) => rests.has(scopeKeyOf(scope, offer)));

/** When the first of the rests is over, after `now`; NEVER if none is running. */
export function firstRestOver(rests: Rests, now: Instant): Instant {
  let first = NEVER;
  for (const { until } of rests.values()) if (until > now) first = earliest(first, until);
  return first;
}

/** What keeps these offers from being bought: the widest rests that run over them, by name. */
export function culpritsOf(rests: Rests, offers: readonly Offer[], now: Instant): ReadonlyMap<string, Rest> {
  const culprits = new Map<string, Rest>();
  for (const offer of offers)
    for (const key of keysOf(offer)) {
      const rest = rests.get(key);
      if (rest === undefined || rest.until <= now) continue;
      culprits.set(key, rest);
      break;
    }
  return culprits;
}

/** Everything by which an offer may rest, widest first. */
const keysOf = (offer: Offer): readonly string[] => [
  ...KEYED.map((scope) => scopeKeyOf(scope, offer)),
  marketKeyOf(offer),
  scopeKeyOf('offer', offer),
];

const KEYED = ['account', 'template', 'term', 'family', 'subnet', 'type'] as const satisfies readonly RefusalScope[];

const marketKeyOf = (offer: Offer): string => `${marketOf(offer)}/*`;

const isRunning = (rest: Rest | undefined, why: RestReason, at: Instant): boolean =>
  rest !== undefined && rest.why === why && rest.until > at;

function without(rests: Rests, keys: ReadonlySet<string>): Rests {
  return new Map([...rests].filter(([key]) => !keys.has(key)));
}
