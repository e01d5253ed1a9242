import { contest, type Span } from '../contest.ts';
import { against, type Figure } from '../figure.ts';
import type { FrozenWorld } from '../world.ts';
import { transitionEvents } from './transitionContenders.ts';

const NAMES = ['literal', 'compiled', 'scope', 'official'] as const;

/** What one event of a block costs, beside a reducer that is written by hand and copies by a literal. */
export async function transitionFigures(world: FrozenWorld, span: Span): Promise<readonly Figure[]> {
  const events = transitionEvents(world);
  const ms = await contest('transition', NAMES, span);
  const nsOf = (name: (typeof NAMES)[number]): number => (ms[name] * 1e6) / (events[name] ?? Number.NaN);
  const floor = nsOf('literal');
  return [
    against('transition/compiled-vs-literal', 'ns an event', nsOf('compiled'), floor),
    against('transition/xstate-reused-scope-vs-literal', 'ns an event', nsOf('scope'), floor),
    against('transition/xstate-official-vs-literal', 'ns an event', nsOf('official'), floor),
  ];
}
