import type { Judgement } from './verdict.ts';
import { WIDTH, wrapped } from './wrapped.ts';

/** A judgement as lines of text: the sentence on whether to install it, what to change, how far it is from the best. */
export const verdictLines = ({ headline, details, levers, distance }: Judgement, width = WIDTH): string =>
  [
    ...wrapped([headline, ...details].join(' '), '', '', width),
    ...(levers.length === 0 ? [] : [CHANGE]),
    ...levers.flatMap((lever) => wrapped(lever, '- ', '  ', width)),
    ...(distance === undefined ? [] : wrapped(distance, '', '', width)),
  ].join('\n');

/** What stands above the levers. */
export const CHANGE = 'What to change, by what is at stake:';
