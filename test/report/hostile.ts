import type { Outcome } from '../../sim/outcome.ts';
import { anOutcome } from './anOutcome.ts';

/** A name that tries every way out of text and attributes; if it gets out, it sets `window.stolen`. */
export const HOSTILE = `"'></title></style></svg></pre><img src=x onerror="window.stolen=1"><script>window.stolen=1</script>&amp;`;

/** An outcome in which every foreign text is hostile. */
export function hostile(): Outcome {
  const outcome = anOutcome();
  const { timeline } = outcome;
  return {
    ...outcome,
    scenario: HOSTILE,
    about: HOSTILE,
    label: HOSTILE,
    composed: [HOSTILE],
    billing: HOSTILE,
    digest: HOSTILE,
    timeline: {
      ...timeline,
      blocks: timeline.blocks.map((bar) => ({ ...bar, blockId: HOSTILE, pool: HOSTILE, market: HOSTILE })),
      prices: timeline.prices.map((price) => ({ ...price, market: HOSTILE })),
      purchases: timeline.purchases.map((purchase) => ({ ...purchase, blockId: HOSTILE, market: HOSTILE })),
      killed: timeline.killed.map((kill) => ({ ...kill, blockId: HOSTILE })),
    },
  };
}
