import type { Outcome, SomeRivals, Verdict } from '../../sim/outcome.ts';
import { ENDINGS } from '../../src/domain/words.ts';
import { billRows } from '../bill.ts';
import { countText, usdText } from '../figures.ts';
import { verdictCells } from '../verdictText.ts';
import { type Content, html, type Markup } from './markup.ts';
import { htmlTable } from './page.ts';

/** The bill, then what was bought where. */
export const ledgerTables = (outcome: Outcome, rivals: SomeRivals): Content => [
  htmlTable(
    ['', 'USD', ''],
    billRows(outcome, rivals).map((cells) => ({ cells, className: cells[0] === 'together' ? 'total' : '' })),
  ),
  marketTable(outcome),
];

function marketTable({ timeline }: Outcome): Content {
  const markets = new Map<string, { name: string; leases: number; usd: number; interrupted: number }>();
  for (const { market, term, usd, ending } of timeline.blocks) {
    if (market === undefined) continue;
    const name = `${market}, ${term ?? ''}`;
    const sum = markets.get(name) ?? { name, leases: 0, usd: 0, interrupted: 0 };
    markets.set(name, {
      name,
      leases: sum.leases + 1,
      usd: sum.usd + usd,
      interrupted: sum.interrupted + (ending === 'interrupted' ? 1 : 0),
    });
  }
  if (markets.size === 0) return undefined;
  return htmlTable(
    ['market', 'leases', 'interrupted', 'USD'],
    [...markets.values()]
      .sort((a, b) => b.usd - a.usd || (a.name < b.name ? -1 : 1))
      .map(({ name, leases, usd, interrupted }) => ({
        cells: [name, countText(leases), countText(interrupted), usdText(usd)],
      })),
  );
}

/** How blocks ended: those endings that occurred. */
export const endingsText = ({ blocks }: Outcome): string => {
  const counts = ENDINGS.filter((ending) => blocks.ended[ending] > 0).map(
    (ending) => `${countText(blocks.ended[ending])} ${ending}`,
  );
  return counts.length === 0 ? 'no block ended' : counts.join(', ');
};

/** Every expectation with its limit, what was found, and whether it holds. */
export const expectationsTable = (verdicts: readonly Verdict[]): Markup =>
  verdicts.length === 0
    ? html`<p class="note">The scenario names no expectations.</p>`
    : htmlTable(
        ['expectation', 'limit', 'found', ''],
        verdicts.map((verdict) => ({ cells: verdictCells(verdict), className: verdict.holds ? 'holds' : 'missed' })),
      );
