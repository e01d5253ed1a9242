import type { MessagePort } from 'node:worker_threads';
import type { Elsewhere } from '../config/explain.ts';
import type { OptionPlace } from '../config/optionPlaces.ts';
import type { Path } from '../config/source.ts';
import type { Instant } from '../domain/time.ts';
import type { NamedPolicy, PolicySlot, Waiver } from '../policy/definePolicy.ts';
import type { Allowance } from '../policy/operatingHours.ts';
import type { PurchaseQuestion } from '../policy/purchase.ts';
import type { RenewalQuestion, RenewalTimes } from '../policy/renewal.ts';
import type { ScalingQuestion, Wanted } from '../policy/scaling.ts';
import type { RankedPlaces } from '../pool/ask.ts';
import type { FaultKind } from '../pool/policyFault.ts';

/** What the keeper asks the thread in which user policies run. One at a time; each gets one reply. */
export type Request =
  /** Loads the policy in a file, under the name that pools know it by. */
  | { readonly type: 'load'; readonly name: string; readonly file: string }
  | { readonly type: 'places'; readonly name: string; readonly options: unknown }
  | { readonly type: 'issues'; readonly name: string; readonly options: unknown }
  /** Makes a policy, to be asked under its id from then on. */
  | { readonly type: 'make'; readonly id: number; readonly slot: PolicySlot; readonly choice: NamedPolicy }
  | { readonly type: 'allowedAt'; readonly id: number; readonly now: Instant }
  | { readonly type: 'wantedNow'; readonly id: number; readonly question: ScalingQuestion }
  | { readonly type: 'timesFor'; readonly id: number; readonly question: RenewalQuestion }
  | { readonly type: 'rank'; readonly id: number; readonly question: PurchaseQuestion };

/** The request of a type. */
export type RequestOf<Type extends Request['type']> = Extract<Request, { readonly type: Type }>;

/** What a reply to each request holds. */
export interface Values {
  readonly load: Loaded;
  readonly places: readonly OptionPlace[];
  readonly issues: readonly OptionIssue[];
  /** What neither the policy nor any of its parts promises. */
  readonly make: readonly Waiver[];
  readonly allowedAt: Allowance;
  readonly wantedNow: WithReads<Wanted>;
  readonly timesFor: WithReads<RenewalTimes>;
  readonly rank: WithReads<RankedPlaces>;
}

/** An answer, and what the policy read of its question; undefined where that is not known, and all of it counts. */
export interface WithReads<Answer> {
  readonly answer: Answer;
  /** `Reads` as JSON: a text passes from thread to thread in a fraction of the time that its many small objects take. */
  readonly reads: string | undefined;
}

/** Every reply is plain data that this project's code put together; nothing that a policy made is passed on as it is. */
export type Reply =
  | { readonly value: Values[Request['type']] }
  | { readonly kind: Exclude<FaultKind, 'silent'>; readonly what: string };

/** What a file turned out to be. */
export type Loaded =
  | { readonly slot: PolicySlot; readonly about: string; readonly waives: readonly Waiver[] }
  | { readonly message: string; readonly place?: Pick<Elsewhere, 'line' | 'column'> };

/** Something that a policy's own schema has against its options. */
export interface OptionIssue {
  readonly path: Path;
  readonly message: string;
  readonly part?: 'key' | 'value';
}

/** Where the two sides wait for each other. */
export const SIGNAL = { requests: 0, replies: 1, ended: 2 } as const;

/** What the thread is started with. */
export interface ThreadData {
  readonly port: MessagePort;
  /** Counts requests and replies, and is not 0 at `SIGNAL.ended` once the thread has ended by itself. */
  readonly signal: Int32Array;
  /** The module that exports `catalogue`: the policies that a user policy may be composed of. */
  readonly catalogue: string;
}
