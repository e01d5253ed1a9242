import { scaleLinear } from 'd3-scale';
import type { Cost } from '../../sim/outcome.ts';
import { usdText } from '../figures.ts';
import { chart, frameOf, tenth } from './frame.ts';
import { type Content, html } from './markup.ts';
import { legend } from './page.ts';

const PITCH = 34;

/** What each run cost, a bar split into leases and overflow. */
export function barsChart(runs: readonly { readonly name: string; readonly cost: Cost }[]): Content {
  const longest = Math.max(...runs.map(({ name }) => name.length));
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
  const most = Math.max(...runs.map(({ cost }) => cost.total));
  const x = scaleLinear([0, most === 0 ? 1 : most], [frame.left, frame.right]);
  return [
    legend([
      ['run', 'leases'],
      ['overflow', 'overflow'],
    ]),
    chart(
      frame,
      'Cost of each run, split into leases and overflow',
      runs.map(({ name, cost }, n) => {
        const top = frame.top + n * PITCH;
        const split = tenth(x(cost.leases));
        const end = tenth(x(cost.total));
        return html`<g><title>${name}: leases ${usdText(cost.leases)}, overflow ${usdText(cost.overflow)} USD</title><text class="end name" x="${frame.left - 10}" y="${top + 16}">${name.length > 44 ? `${name.slice(0, 43)}…` : name}</text><path class="run" d="M${frame.left} ${top}H${split}v22H${frame.left}z"/><path class="overflow" d="M${split} ${top}H${end}v22H${split}z"/><text class="name strong" x="${end + 8}" y="${top + 16}">${usdText(cost.total)}</text></g>`;
      }),
    ),
  ];
}
