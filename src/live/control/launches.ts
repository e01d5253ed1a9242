import type { Effect } from '../../domain/effects.ts';
import type { Hindrance } from '../../domain/facts.ts';
import type { RefusalScope } from '../../domain/refusalScope.ts';
import type { Instant } from '../../domain/time.ts';
import type { Refusal } from '../../domain/words.ts';
import { placeOf } from '../../domain/words.ts';
import { type Intent, launchParameters } from '../aws/launch/intent.ts';
import type { LaunchAnswer, LaunchPort, Refused } from '../aws/launch/launchAnswer.ts';
import { settleLaunch } from '../aws/launch/settleLaunch.ts';
import type { Template } from '../aws/template/template.ts';
import type { Ledger } from '../kubernetes/ledger/ledger.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { FullSubnets } from './fullSubnets.ts';
import type { Inbox } from './inbox.ts';
import type { Roster } from './roster.ts';
import type { Templates } from './templates.ts';
import { untried } from './untried.ts';

type Request = Extract<Effect, { readonly type: 'requestCapacity' }>;
type Cancel = Extract<Effect, { readonly type: 'cancelRequest' }>;

export interface Launches {
  request(effect: Request): void;
  /** Nobody wants it any longer. The request stays open until it is known what came of it. */
  cancel(effect: Cancel): void;
  /** Carries on what an earlier life had written down and not seen the end of. Resolves when all of it is settled. */
  resume(): Promise<void>;
}

export interface LaunchesPorts {
  readonly port: LaunchPort;
  readonly fleet: string;
  readonly ledger: Ledger;
  readonly inbox: Inbox;
  readonly roster: Roster;
  readonly templates: Templates;
  readonly telemetry: Telemetry;
  readonly mayMutate: () => boolean;
  /** Another keeper writes the ledger: this one must stop. */
  readonly fenced: () => void;
  readonly signal: AbortSignal;
}

/** Buys capacity: the intent is written down first, then carried out until it is known what came of it. */
export function openLaunches(ports: LaunchesPorts): Launches {
  const { port, fleet, ledger, inbox, roster, templates, telemetry, signal } = ports;
  const cancels = new Map<string, AbortController>();
  const fullSubnets = new FullSubnets();

  return {
    request(effect) {
      void buy(effect);
    },
    cancel({ type, blockId, token }) {
      const underWay = cancels.get(token);
      if (underWay !== undefined) underWay.abort();
      // Its answer is on its way, or was heard: then this one is old news to the block.
      else inbox.say({ type: 'effect.failed', blockId, effect: type, token, reason: 'no such request is under way' });
    },
    async resume() {
      // The ledger keeps an intent as it was given; another version's is carried on by its tags alone.
      const left = Object.values(ledger.state.launches) as readonly Intent[];
      await Promise.all(left.map((intent) => carryOn(intent)));
    },
  };

  async function buy(effect: Request): Promise<void> {
    const { blockId, token } = effect;
    const cancelled = new AbortController();
    cancels.set(token, cancelled);
    try {
      const resolution = await templates.fresh(placeOf(blockId)?.pool ?? '');
      if (resolution.kind === 'unsupported') {
        refuse(effect, { refusal: 'bad-template', scope: 'template', why: resolution.problems.join('; ') });
        return;
      }
      if (resolution.kind === 'unknown') {
        hindered(effect, 'template-unread', resolution.why);
        return;
      }
      await buyInSomeSubnet(effect, resolution.template, cancelled.signal);
    } finally {
      cancels.delete(token);
    }
  }

  /** A full subnet says nothing of the zone's others: the same offer is asked for in each before it is refused. */
  async function buyInSomeSubnet(effect: Request, template: Template, cancelled: AbortSignal): Promise<void> {
    const { blockId, token, offer } = effect;
    const order = { fleet, blockId, token, offer, template, fullUntil: fullSubnets.until };
    for (;;) {
      const intent = launchParameters({ ...order, at: port.clock.now() });
      if ('problem' in intent) {
        refuse(effect, { ...intent, why: intent.problem });
        return;
      }
      if (cancelled.aborted) {
        refuse(effect, { refusal: 'cancelled', why: 'nobody wants the block any longer' });
        return;
      }
      if (signal.aborted) return;
      if (!ports.mayMutate()) {
        hindered(effect, 'no-leadership');
        return;
      }
      const written = await ledger.intend([{ kind: 'launch', token, at: intent.at, intent }]);
      if (written !== 'written') {
        if ('fenced' in written) ports.fenced();
        else hindered(effect, 'ledger-closed', written.message);
        return;
      }
      if (!ports.mayMutate()) {
        // Nothing was sent: the next try writes its own intent, under the same token.
        ledger.settle([token]);
        hindered(effect, 'no-leadership');
        return;
      }
      const answer = await settleLaunch(port, intent, template, {
        cancelled,
        stopped: signal,
        doubted: (why) => {
          telemetry.noted('warn', 'launch in doubt', { blockId, token, why });
        },
      });
      if (!isFull(answer)) {
        settle(intent, answer);
        return;
      }
      const now = port.clock.now();
      fullSubnets.note(intent.subnetId, now);
      const isLeft = template.subnets.some(
        ({ subnetId, zone }) => zone === offer.zone && fullSubnets.until(subnetId) <= now,
      );
      // Where a call was in doubt, the next one has a token of its own.
      if (!isLeft || answer.wasInDoubt === true) {
        settle(intent, isLeft ? answer : { ...answer, scope: 'subnet' });
        return;
      }
      telemetry.noted('info', 'subnet full', { blockId, subnet: intent.subnetId, zone: offer.zone });
      ledger.settle([token]);
    }
  }

  async function carryOn(intent: Intent): Promise<void> {
    const resolution = await templates.fresh(placeOf(intent.blockId)?.pool ?? '');
    telemetry.noted('info', 'carrying on a launch of an earlier life', { token: intent.token });
    // Without its template nothing more is known of it than the inventory shows; it stays in the ledger.
    if (resolution.kind !== 'resolved') return;
    // Nobody has asked for it in this life: it is only looked for, and what is found the keeper decides about.
    const answer = await settleLaunch(port, intent, resolution.template, {
      cancelled: AbortSignal.abort(),
      stopped: signal,
      isResumed: true,
    });
    if (answer.kind === 'granted') roster.granted(intent.blockId, intent.token, answer.lease);
    if (answer.kind !== 'unknown') ledger.settle([intent.token]);
  }

  function settle(intent: Intent, answer: LaunchAnswer): void {
    const { blockId, token, offer } = intent;
    switch (answer.kind) {
      case 'granted':
        roster.granted(blockId, token, answer.lease);
        break;
      case 'refused':
        refuse(
          { type: 'requestCapacity', blockId, token, offer },
          { ...answer, why: `${answer.code}: ${answer.message}` },
        );
        break;
      // The process is stopping: the ledger keeps it for the next.
      case 'unknown':
        return;
    }
    ledger.settle([token]);
  }

  function hindered(effect: Request, hindrance: Hindrance, detail?: string): void {
    const news = untried(effect, hindrance, detail);
    telemetry.noted('info', 'launch not tried', { blockId: effect.blockId, why: news.reason });
    inbox.say(news);
  }

  function refuse({ blockId, token, offer }: Request, { refusal, why, scope, retryAt }: Why): void {
    telemetry.noted('info', 'launch refused', { blockId, refusal, why, ...(scope === undefined ? {} : { scope }) });
    inbox.say({
      type: 'capacity.refused',
      blockId,
      token,
      offer,
      refusal,
      ...(scope === undefined ? {} : { scope }),
      ...(retryAt === undefined ? {} : { retryAt }),
    });
  }
}

/** Why a launch was refused, in the domain's words and for people. */
interface Why {
  readonly refusal: Refusal;
  readonly scope?: RefusalScope;
  readonly retryAt?: Instant;
  readonly why: string;
}

const isFull = (answer: LaunchAnswer): answer is Refused =>
  answer.kind === 'refused' && answer.refusal === 'subnet-full' && !answer.hasDied;
