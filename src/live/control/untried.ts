import type { BlockEffect } from '../../domain/effects.ts';
import type { Fact, Hindrance } from '../../domain/facts.ts';

type Untried = Omit<Extract<Fact, { readonly type: 'effect.untried' }>, 'at'>;

export const REASONS: Readonly<Record<Hindrance, string>> = {
  'no-leadership': 'a renewal of the leadership is late',
  'ledger-closed': 'the intent could not be written',
  'template-unread': 'the template could not be read',
};

/** Says of an effect that nothing of it has left this process, and why; the block asks for it again. */
export const untried = (effect: BlockEffect, hindrance: Hindrance, detail?: string): Untried => ({
  type: 'effect.untried',
  blockId: effect.blockId,
  effect: effect.type,
  ...('token' in effect ? { token: effect.token } : {}),
  hindrance,
  reason: detail === undefined ? REASONS[hindrance] : `${REASONS[hindrance]}: ${detail}`,
});
