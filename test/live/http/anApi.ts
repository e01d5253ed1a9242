import type { Sources } from '../../../src/live/http/sources.ts';
import { type History, history } from '../../../src/live/observers/history.ts';
import { metrics } from '../../../src/live/observers/metrics.ts';
import { observers } from '../../../src/live/observers/observers.ts';
import type { Present } from '../../../src/live/observers/present.ts';
import { anOffer } from '../../support/aBlock.ts';
import { aKeeper } from '../../support/aKeeper.ts';
import { aPool } from '../../support/aPool.ts';
import { aPoolConfig } from '../../support/aScenario.ts';
import { aStage, turnsOf } from '../observers/aWatch.ts';

/** Sources over a keeper that is driven by hand, with an empty account and a quote to begin with. */
export function anApi(blocks = 2) {
  const keeper = aKeeper(aPool(blocks));
  const stage = aStage(keeper.keeper);
  const told: History = history({ startedAt: 0, capacity: 100 });
  const counted = metrics({ pools: { pools: [aPoolConfig()] }, present: stage.present, release: '1.2.3' });
  const hears = turnsOf(keeper, observers([stage, counted, told]).turn);
  const sources: Sources = {
    ...stage.present,
    startedAt: () => 0,
    release: '1.2.3',
    fleet: 'test',
    metrics: counted,
    history: told,
  };
  hears(
    { type: 'inventory.taken', at: 0, sightings: [], generations: {}, complete: true },
    { type: 'offers.quoted', at: 1, pool: 'ci', offers: [anOffer(), anOffer({ zone: 'b' })] },
  );
  let at = 10;
  return {
    sources,
    hears,
    set: (over: Partial<Present>): void => {
      stage.set(over);
    },
    /** Lets something happen that the history tells: the announcement of a note. */
    announces: (note: string): void => {
      at += 1;
      const effects = [{ type: 'announce', pool: 'ci', reason: 'Told', note }] as const;
      told.turn?.({ fact: { type: 'clock.reached', at }, effects, state: keeper.keeper });
    },
  };
}
