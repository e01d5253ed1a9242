import { BadInput } from '../config/mistakes.ts';
import type { Millis } from '../domain/time.ts';
import type {
  Catalogue,
  NamedPolicy,
  PolicyDefinition,
  PolicySlot,
  PolicySlots,
  Waiver,
} from '../policy/definePolicy.ts';
import { type FaultKind, PolicyFault } from '../pool/policyFault.ts';
import { type Ask, asking } from './asking.ts';
import { extended } from './extended.ts';
import { optionsByAsking } from './optionsByAsking.ts';
import type { Loaded, Request, RequestOf, Values } from './protocol.ts';
import { type PolicyThread, policyThread } from './thread.ts';

/** Policies in files of their users, for one run. Their code runs in a thread of its own and nowhere else. */
export interface UserPolicies {
  /** The policy in a file, under the name that the pools have for it; or what is wrong with the file. */
  load(name: string, file: string): LoadedPolicy;
  /** The catalogue with all that was loaded. */
  extend(catalogue: Catalogue): Catalogue;
  /** What went wrong so far: one entry for each policy and kind of fault. */
  faults(): readonly FaultCount[];
  /** Ends the thread; whoever is asked after that does not answer. */
  close(): void;
}

export type LoadedPolicy =
  | { readonly definition: PolicyDefinition; readonly slot: PolicySlot }
  | Exclude<Loaded, { readonly slot: unknown }>;

/** How often a fallback decided in place of a policy. */
export interface FaultCount {
  readonly slot: PolicySlot;
  readonly name: string;
  readonly kind: FaultKind;
  /** What was wrong the first time. */
  readonly what: string;
  readonly times: number;
}

export interface UserPolicyOptions {
  /** The module that exports `catalogue`, as a URL: what user policies may be composed of. */
  readonly catalogue: string;
  /** How long one question may take: time of a processor, and some times as much where it is not computing. */
  readonly questionMs?: Millis;
  /** How long loading a file, reading options or making a policy may take, measured alike. */
  readonly loadingMs?: Millis;
  /** What the heap of the thread may grow to. */
  readonly memoryMb?: number;
}

type LoadedWell = Extract<Loaded, { readonly slot: unknown }>;

type Options = Readonly<Record<string, unknown>>;

/** A policy that was made: what it takes to make it again in another thread. */
interface Made {
  readonly id: number;
  readonly slot: PolicySlot;
  readonly choice: NamedPolicy;
  /** What it did when it went silent; from then on it is not asked. */
  silence: string | undefined;
}

/**
 * User policies, none yet. A policy that does not answer in time takes the thread with it: it is not asked again in this
 * run, and the others get a new thread. So there are never more threads than policies.
 */
export function userPolicies({
  catalogue,
  questionMs = 100,
  loadingMs = 5_000,
  memoryMb = 64,
}: UserPolicyOptions): UserPolicies {
  const files = new Map<string, string>();
  const loaded = new Map<string, LoadedPolicy>();
  const definitions = new Map<string, PolicyDefinition>();
  const counts = new Map<string, { -readonly [Field in keyof FaultCount]: FaultCount[Field] }>();
  let thread: PolicyThread | undefined;
  let closed = false;
  /** What the thread of now has loaded and made. */
  let present: { readonly names: Set<string>; readonly ids: Set<number> } = { names: new Set(), ids: new Set() };
  let nextId = 1;

  return {
    load,
    extend: (all) => extended(all, definitions),
    faults: () => [...counts.values()],
    close: () => {
      closed = true;
      drop();
    },
  };

  function load(name: string, file: string): LoadedPolicy {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const found = loadNow(name, file);
    loaded.set(name, found);
    if ('definition' in found) definitions.set(name, found.definition);
    return found;
  }

  function loadNow(name: string, file: string): LoadedPolicy {
    let value: Loaded;
    try {
      value = exchange<'load'>({ type: 'load', name, file }, loadingMs);
    } catch (error) {
      if (error instanceof PolicyFault) return { message: `${error.message} while it was loaded` };
      throw error;
    }
    if (!('slot' in value)) return value;
    files.set(name, file);
    present.names.add(name);
    return { slot: value.slot, definition: definitionOf(name, value) };
  }

  function definitionOf(name: string, { slot, about, waives }: LoadedWell): PolicyDefinition {
    // A policy that cannot say where its options hold others shows why when they are checked.
    const placesIn = (options: unknown) =>
      attempt(
        () => exchange<'places'>({ type: 'places', name, options }, loadingMs),
        () => [],
      );
    const issuesIn = (options: unknown) =>
      attempt(
        () => exchange<'issues'>({ type: 'issues', name, options }, loadingMs),
        ({ message }) => [{ path: [], message: `the policy ${name} ${message}` }],
      );
    const options = optionsByAsking(placesIn, issuesIn);
    // Known: this schema lets nothing but a mapping through, and leaves it as it is.
    const create: PolicyDefinition['create'] = (given, shelf) => {
      const [policy, parts] = make(name, slot, given as Options);
      shelf.waive?.(parts);
      return policy;
    };
    return { slot, name, about, options, waives, create };
  }

  /** The policy, to be asked, and all that is waived with it. @throws BadInput with what it did when it was made. */
  function make(name: string, slot: PolicySlot, options: Options): [PolicySlots[PolicySlot], readonly Waiver[]] {
    const one: Made = { id: nextId, slot, choice: { ...options, policy: name }, silence: undefined };
    nextId += 1;
    const waives = attempt(
      () => ensureMade(one),
      ({ message }): never => {
        throw new BadInput([{ file: name, message: `the policy ${name} ${message}` }]);
      },
    );
    const ask: Ask = (request) => answerOf(one, request(one.id));
    return [asking[slot](ask), waives];
  }

  /** The work's result, once all is loaded that a thread before this one had loaded; or what is to be said instead. */
  function attempt<Answer>(work: () => Answer, instead: (fault: PolicyFault) => Answer): Answer {
    try {
      loadAgain();
      return work();
    } catch (error) {
      if (error instanceof PolicyFault) return instead(error);
      throw error;
    }
  }

  function loadAgain(): void {
    for (const [name, file] of files) {
      if (present.names.has(name)) continue;
      exchange<'load'>({ type: 'load', name, file }, loadingMs);
      present.names.add(name);
    }
  }

  function ensureMade({ id, slot, choice }: Made): readonly Waiver[] {
    if (present.ids.has(id)) return [];
    const waives = exchange<'make'>({ type: 'make', id, slot, choice }, loadingMs);
    present.ids.add(id);
    return waives;
  }

  function answerOf<Type extends Request['type']>(one: Made, request: RequestOf<Type>): Values[Type] {
    if (one.silence !== undefined) throw toldOf(one, new PolicyFault('silent', one.silence));
    return attempt(
      () => {
        ensureMade(one);
        return exchange<Type>(request, questionMs);
      },
      (fault) => {
        if (fault.kind === 'silent') one.silence = fault.message;
        throw toldOf(one, fault);
      },
    );
  }

  /** The fault with the policy's name, counted once a fallback decides. */
  function toldOf({ slot, choice: { policy } }: Made, fault: PolicyFault): PolicyFault {
    return new PolicyFault(fault.kind, `${policy} ${fault.message}`, () => {
      count(slot, policy, fault);
    });
  }

  /** @throws PolicyFault for a reply that is none. */
  function exchange<Type extends Request['type']>(request: RequestOf<Type>, withinMs: Millis): Values[Type] {
    if (closed) throw new PolicyFault('silent', 'was asked after its run had ended');
    thread ??= policyThread({ catalogue, memoryMb });
    const reply = thread.ask(request, withinMs);
    if (reply === 'late' || reply === 'ended') {
      drop();
      const what =
        reply === 'late'
          ? `did not come back within ${withinMs} ms (an endless loop, or more than ${memoryMb} MB of memory)`
          : 'ended its thread';
      throw new PolicyFault('silent', what);
    }
    if ('kind' in reply) throw new PolicyFault(reply.kind, reply.what);
    // Known: the value in a reply is that of its request.
    return reply.value as Values[Type];
  }

  function drop(): void {
    thread?.close();
    thread = undefined;
    present = { names: new Set(), ids: new Set() };
  }

  function count(slot: PolicySlot, name: string, { kind, message }: PolicyFault): void {
    const key = `${slot} ${name} ${kind}`;
    const one = counts.get(key) ?? { slot, name, kind, what: message, times: 0 };
    one.times += 1;
    counts.set(key, one);
  }
}
