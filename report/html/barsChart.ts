import { scaleLinear } from 'd3-scale';
import type { Cost } from '../../sim/outcome.ts';
import { usdText } from '../figures.ts';
import { chart, frameOf, tenth } from './frame.ts';
import { type Content, html, type Markup } from './markup.ts';
import { legend } from './page.ts';

const PITCH = 34;

/** What each run cost, a bar split into leases, overflow and service; the best has a star. */
export function barsChart(
  runs: readonly { readonly name: string; readonly isBest: boolean; readonly cost: Cost }[],
): Content {
  const longest = Math.max(...runs.map(({ name }) => name.length)) + 2;
  const frame = {
    ...frameOf({
      from: 0,
      until: 1,
      height: runs.length * PITCH,
      marginRight: 110,
      marginLeft: Math.max(130, Math.min(330, longest * 7 + 16)),
    }),
    height: runs.length * PITCH + 10,
  };
  const most = Math.max(...runs.map(({ cost }) => cost.together));
  const x = scaleLinear([0, most === 0 ? 1 : most], [frame.left, frame.right]);
  return [
    legend([
      ['run', 'leases'],
      ['overflow', 'overflow'],
      ['service', 'service'],
    ]),
    chart(
      frame,
      'Cost of each run, split into leases, overflow and service',
      runs.map(({ name, isBest, cost }, n) => {
        const top = frame.top + n * PITCH;
        const [leases, money, end] = [cost.leases, cost.total, cost.together].map((usd) => tenth(x(usd)));
        const bar = (colour: string, from = frame.left, until = frame.left): Markup =>
          html`<path class="${colour}" d="M${from} ${top}H${until}v22H${from}z"/>`;
        const title = `${name}: leases ${usdText(cost.leases)}, overflow ${usdText(cost.overflow)}, service ${usdText(cost.service)} USD`;
        const label = `${isBest ? '★ ' : ''}${name.length > 42 ? `${name.slice(0, 41)}…` : name}`;
        return html`<g><title>${title}</title><text class="end name" x="${frame.left - 10}" y="${top + 16}">${label}</text>${bar('run', frame.left, leases)}${bar('overflow', leases, money)}${bar('service', money, end)}<text class="name strong" x="${(end ?? frame.left) + 8}" y="${top + 16}">${usdText(cost.together)}</text></g>`;
      }),
    ),
  ];
}
