import { findingsOf, wording } from '../config/explain.ts';
import { placesIn as optionPlacesIn } from '../config/optionPlaces.ts';
import { strict } from '../config/policyChoices.ts';
import type { Catalogue, PolicyDefinition, PolicySlot, PolicySlots, Waiver } from '../policy/definePolicy.ts';
import { saidBy } from '../policy/saidBy.ts';
import { madeOf } from '../policy/shelf.ts';
import { type Said, showPurchase, showRenewal, showScaling, wroteTo } from '../policy/shown/ask.ts';
import type { Wrote } from '../policy/shown/tracked.ts';
import { allowanceIn, type Read, timesIn, wantedIn } from '../pool/answers.ts';
import { placesIn } from '../pool/ask.ts';
import { extended } from './extended.ts';
import { loadPolicy } from './loadPolicy.ts';
import type { Reply, Request, Values, WithReads } from './protocol.ts';
import { placeIn } from './stack.ts';
import { allowanceInSeconds, placesInSeconds, timesInSeconds, wantedInSeconds } from './wholeSeconds.ts';

/**
 * Answers requests about the policies that it has loaded and made. This is the side on which user code runs: whatever that
 * does, short of never coming back, a reply is made of it.
 */
export function policyServer(catalogue: Catalogue): (request: Request) => Promise<Reply> | Reply {
  const definitions = new Map<string, PolicyDefinition>();
  const names = new Map<string, string>();
  const made = new Map<number, { readonly slot: PolicySlot; readonly policy: unknown }>();

  return (request) => {
    if (request.type === 'load') return load(request.name, request.file);
    try {
      const answer = answerTo(request);
      if (typeof answer === 'string') return { kind: 'answer', what: answer };
      if ('value' in answer) return { value: answer.value };
      return { kind: 'wrote', what: `${wroteTo(answer.wrote)}${whereOf(answer.wrote.error)}` };
    } catch (error) {
      return { kind: 'threw', what: `threw ${saidBy(error)}${whereOf(error)}` };
    }
  };

  /** The place in a policy's file where something was thrown, as far as its stack names one. */
  function whereOf(error: unknown): string {
    const place = placeIn(error, names);
    return place === undefined ? '' : ` (${place.name}:${place.line}:${place.column})`;
  }

  async function load(name: string, file: string): Promise<Reply> {
    const loaded = await loadPolicy(file);
    if (!('definition' in loaded)) return { value: loaded };
    const { slot, about, waives = [] } = loaded.definition;
    definitions.set(name, loaded.definition);
    names.set(file, name);
    return { value: { slot, about: typeof about === 'string' ? about : name, waives } };
  }

  function answerTo(request: Exclude<Request, { type: 'load' }>): Read<Value | { readonly wrote: Wrote }> {
    switch (request.type) {
      case 'places':
        return { value: optionPlacesIn(optionsOf(request.name), request.options) };
      case 'issues': {
        const parsed = strict(optionsOf(request.name)).safeParse(request.options, wording);
        return { value: parsed.success ? [] : findingsOf(parsed.error.issues) };
      }
      case 'make': {
        const { id, slot, choice } = request;
        const { policy, waives }: { policy: unknown; waives: readonly Waiver[] } = madeOf(
          extended(catalogue, definitions),
          slot,
          choice,
        );
        if (typeof policy !== 'object' || policy === null) return `made no policy`;
        made.set(id, { slot, policy });
        return { value: waives };
      }
      case 'allowedAt': {
        const allowance = allowanceIn(policyOf(request.id, 'operatingHours').allowedAt(request.now), request.now);
        return typeof allowance === 'string' ? allowance : { value: allowanceInSeconds(allowance) };
      }
      case 'wantedNow': {
        const { question, id } = request;
        const policy = policyOf(id, 'scaling');
        return valueOf(
          showScaling(question, (shown) => wantedIn(policy.wantedNow(shown), question.now)),
          wantedInSeconds,
        );
      }
      case 'timesFor': {
        const { question, id } = request;
        const { lease, now } = question;
        const policy = policyOf(id, 'renewal');
        return valueOf(
          showRenewal(question, (shown) => timesIn(policy.timesFor(shown), lease, now)),
          (times) => timesInSeconds(times, lease.hardEndAt),
        );
      }
      case 'rank': {
        const { id, question } = request;
        const policy = policyOf(id, 'purchase');
        return valueOf(
          showPurchase(question, ({ offers, need }) => placesIn(policy.rank(offers, need), offers, question.need.now)),
          placesInSeconds,
        );
      }
    }
  }

  function optionsOf(name: string): PolicyDefinition['options'] {
    const definition = definitions.get(name);
    if (definition === undefined) throw new Error(`${name} is not loaded`);
    return definition.options;
  }

  function policyOf<Slot extends PolicySlot>(id: number, slot: Slot): PolicySlots[Slot] {
    const found = made.get(id);
    if (found?.slot !== slot) throw new Error(`no ${slot} policy was made as ${id}`);
    // Known: it was made for this slot; whether it has the slot's method shows when it is called.
    return found.policy as PolicySlots[Slot];
  }
}

interface Value {
  readonly value: Values[Request['type']];
}

/** What came of a question that was shown, with what was read of it. */
function valueOf<Answer extends object, Rounded extends Answer>(
  said: Said<Read<Answer>>,
  inSeconds: (answer: Answer) => Rounded,
): Read<{ readonly value: WithReads<Rounded> } | { readonly wrote: Wrote }> {
  if ('wrote' in said) return said;
  const { answer, reads } = said;
  if (typeof answer === 'string') return answer;
  return { value: { answer: inSeconds(answer), reads: reads === undefined ? undefined : JSON.stringify(reads) } };
}
