import { after, type Instant, type Millis, seconds } from '../../domain/time.ts';
import { POD_MARK } from './marks.ts';

/** What stands on a pod of how long it is held. */
export interface PodDelay {
  /** The annotation `pod-scale-up-delay`, as it is written. */
  readonly value: string | undefined;
  /** Our mark, as it is written. */
  readonly mark: string | undefined;
}

/** A job's pod that waits for a node. */
export interface WaitingPod {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly createdAt: Instant | undefined;
  readonly delay: PodDelay;
}

/** What is written on a pod: a merge patch of its annotations, in which null takes one away. */
export type DelayChange = Readonly<Record<string, string | null>>;

/** For whom a pod is held. */
export interface Holder {
  readonly fleet: string;
  readonly pool: string;
}

/** An extension by less than this is worth no patch, unless the hold is about to end: a block may join that much earlier or later. */
const WORTH_A_PATCH_MS: Millis = seconds(10);

/**
 * The annotations that hold a pod until `until`, but for no longer than `mostMs` from its creation; undefined where
 * nothing needs to be written: it is held for that long already, by us or by a delay of its user's, another fleet holds it, or it
 * is past all that. A shorter delay that stood there is remembered in the mark.
 */
export function heldUntil(
  { createdAt, delay }: Pick<WaitingPod, 'createdAt' | 'delay'>,
  { fleet, pool }: Holder,
  { until, mostMs, now }: { readonly until: Instant; readonly mostMs: Millis; readonly now: Instant },
): DelayChange | undefined {
  const owner = ownerOf(delay, fleet);
  if (createdAt === undefined || owner.kind === 'another fleet') return undefined;
  // Rounded up, for a hold must not end before its block has come; the cap is a cap.
  const wanted = Math.min(Math.ceil((until - createdAt) / seconds(1)), Math.floor(mostMs / seconds(1)));
  const endsAt = after(createdAt, seconds(wanted));
  const endedAt = after(createdAt, delayMs(delay.value));
  const isAlmost = endedAt > endsAt - WORTH_A_PATCH_MS && endedAt > after(now, WORTH_A_PATCH_MS);
  if (endsAt <= now || endedAt >= endsAt || isAlmost) return undefined;
  const value = `${wanted}s`;
  const before = owner.kind === 'ours' ? owner.before : delay.value;
  return { [POD_MARK.delay]: value, [POD_MARK.held]: markOf({ fleet, pool }, value, before) };
}

/** The annotations that end a hold of this fleet's and put back what stood there before; undefined where there is none. */
export function released({ delay }: Pick<WaitingPod, 'delay'>, fleet: string): DelayChange | undefined {
  const owner = ownerOf(delay, fleet);
  if (owner.kind === 'ours') return { [POD_MARK.delay]: owner.before ?? null, [POD_MARK.held]: null };
  // The delay is another's by now, and stays.
  return owner.kind === 'changed' ? { [POD_MARK.held]: null } : undefined;
}

/** Whether a pod is held by this fleet now. */
export const isHeld = (
  { createdAt, delay }: Pick<WaitingPod, 'createdAt' | 'delay'>,
  fleet: string,
  now: Instant,
): boolean =>
  createdAt !== undefined && ownerOf(delay, fleet).kind === 'ours' && after(createdAt, delayMs(delay.value)) > now;

/** Whether the delay on a pod is of this fleet's writing, be it over or not. */
export const isOurs = ({ delay }: Pick<WaitingPod, 'delay'>, fleet: string): boolean =>
  ownerOf(delay, fleet).kind === 'ours';

/**
 * Cluster Autoscaler buys nothing while the oldest pod without room is younger than this
 * (`unschedulablePodTimeBuffer`, core/static_autoscaler.go in 1.36).
 */
const YOUNGEST_MS: Millis = seconds(2);

/** Until when Cluster Autoscaler buys nothing for a pod as it stands. */
export const autoscalerWaitsUntil = ({ createdAt = 0, delay }: Pick<WaitingPod, 'createdAt' | 'delay'>): Instant =>
  after(createdAt, Math.max(YOUNGEST_MS, delayMs(delay.value)));

/** The pool of this fleet that a pod is held for, or was. */
export function heldFor({ delay }: Pick<WaitingPod, 'delay'>, fleet: string): string | undefined {
  const [, owner, pool] = MARKED.exec(delay.mark ?? '') ?? [];
  return owner === fleet ? pool : undefined;
}

/** Whose delay it is that stands on a pod. */
type Owner =
  | { readonly kind: 'ours'; readonly before: string | undefined }
  /** We held it, and someone has written another delay since. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'another fleet' }
  | { readonly kind: 'user' };

function ownerOf({ value, mark }: PodDelay, fleet: string): Owner {
  if (mark === undefined) return { kind: 'user' };
  const [, owner, , written, before] = MARKED.exec(mark) ?? [];
  if (owner !== fleet) return { kind: 'another fleet' };
  return written === value ? { kind: 'ours', before } : { kind: 'changed' };
}

/** `<fleet>/<pool> <what was written>`, and after another space what stood there before, which may be anything. */
const MARKED = /^([^/ ]+)\/([^ ]+) (\S+)(?: ([^]*))?$/;

const markOf = ({ fleet, pool }: Holder, value: string, before: string | undefined): string =>
  `${fleet}/${pool} ${value}${before === undefined ? '' : ` ${before}`}`;

/** What a Go duration comes to as Cluster Autoscaler reads it (`time.ParseDuration`): 0 where it cannot, or where there is none. */
function delayMs(text: string | undefined): Millis {
  if (text === undefined || !DURATION.test(text)) return 0;
  let sum = 0;
  for (const [, number, unit = ''] of text.matchAll(PART)) sum += Number(number) * (UNIT_MS[unit] ?? 0);
  return sum;
}

/**
 * A negative one counts as none. Digits can be read in one way only: who may create a pod writes this, and a text that could be read in
 * many would be tried in all of them.
 */
const DURATION = /^\+?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

const UNIT_MS: Readonly<Record<string, Millis>> = {
  ...{ ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1 },
  ...{ s: seconds(1), m: seconds(60), h: seconds(3_600) },
};
