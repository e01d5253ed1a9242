import { scaleLinear } from 'd3-scale';
import type { Outcome, Timeline } from '../../sim/outcome.ts';
import { isoOf } from '../../src/domain/time.ts';
import { countText } from '../figures.ts';
import { bands, chart, frameOf, tenth, timeAxisSvg, valueAxis } from './frame.ts';
import { type Content, html, type Markup } from './markup.ts';
import { stepLine } from './steps.ts';

type PriceLine = Timeline['prices'][number];
type Purchase = Timeline['purchases'][number];

/** More small pictures than this are wallpaper. */
const MOST_MARKETS = 8;

/** From here on a purchase is a dot among dots, and its title would only make the page larger. */
const MOST_TITLES = 200;

/** The price of each market over time, purchases as dots: those most bought in first, at most eight, the rest counted. */
export function pricesCharts(outcome: Outcome): Content {
  const { prices, purchases, blocks } = outcome.timeline;
  const terms = new Map(blocks.map(({ blockId, term }) => [blockId, term]));
  const markets = prices
    .map((market) => ({
      market,
      bought: purchases.filter(
        (purchase) => purchase.market === market.market && (terms.get(purchase.blockId) ?? market.term) === market.term,
      ),
    }))
    // The sort is stable: markets bought in equally stay in their own order.
    .sort((a, b) => b.bought.length - a.bought.length);
  if (markets.length === 0) return html`<p class="note">No prices are known for this run.</p>`;
  const rest = markets.slice(MOST_MARKETS);
  const boughtInRest = rest.reduce((sum, { bought }) => sum + bought.length, 0);
  return [
    html`<div class="grid">${markets.slice(0, MOST_MARKETS).map(({ market, bought }) => priceFigure(outcome, market, bought))}</div>`,
    rest.length === 0
      ? undefined
      : html`<p class="note">and ${rest.length} more ${rest.length === 1 ? 'market' : 'markets'}, with ${boughtInRest} ${boughtInRest === 1 ? 'purchase' : 'purchases'}</p>`,
  ];
}

function priceFigure(
  { from, until, timeline }: Outcome,
  { market, term, points }: PriceLine,
  bought: readonly Purchase[],
): Markup {
  const frame = frameOf({ from, until, height: 116, width: 480, marginLeft: 52, marginRight: 26 });
  const most = [...points.map(({ value }) => value), ...bought.map(({ usdPerHour }) => usdPerHour)].reduce(
    (high, value) => Math.max(high, value),
    0,
  );
  const y = scaleLinear([0, most === 0 ? 1 : most * 1.1], [frame.bottom, frame.top]);
  const places = [...new Set(bought.map(({ at, usdPerHour }) => `M${tenth(frame.x(at))} ${tenth(y(usdPerHour))}h0`))];
  return html`<figure><figcaption>${market} <span>${term}, ${countText(bought.length)} ${bought.length === 1 ? 'purchase' : 'purchases'}, USD/h</span></figcaption>${chart(
    frame,
    `Price of ${market} over time`,
    [
      bands(frame, timeline.wanted),
      valueAxis(
        frame,
        y.ticks(3).map((value) => ({ y: y(value), text: y.tickFormat(3)(value) })),
      ),
      html`<path class="thin l-run" d="${stepLine(frame, y, points)}"/>`,
      html`<path class="dots bought l-overflow" d="${{ markup: places.join('') }}"/>`,
      bought.length > MOST_TITLES
        ? undefined
        : bought.map(
            ({ at, blockId, usdPerHour }) =>
              html`<circle class="hit" cx="${tenth(frame.x(at))}" cy="${tenth(y(usdPerHour))}" r="5"><title>${blockId}, ${isoOf(at)}, ${usdPerHour} USD/h</title></circle>`,
          ),
      timeAxisSvg(frame),
    ],
  )}</figure>`;
}
