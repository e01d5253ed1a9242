import type { BlockBar, Outcome } from '../../sim/outcome.ts';
import { type Instant, isoOf } from '../../src/domain/time.ts';
import { BLOCK_STATES, type BlockState } from '../../src/domain/words.ts';
import { instantText, lengthText, usdText } from '../figures.ts';
import { bands, chart, type Frame, frameOf, tenth, timeAxisSvg } from './frame.ts';
import { type Content, html, type Markup } from './markup.ts';
import { legend } from './page.ts';

/** Jobs killed on the group's own nodes have no block's row. */
const ELSEWHERE = 'on-demand';

/** With more blocks than this the picture is for looking at, not for pointing at one of them, and titles only make it large. */
const MOST_TITLES = 1_500;

const STATES = BLOCK_STATES.filter((state) => state !== 'gone');

/** Every block of the run, a row for each slot, coloured by state; interruptions and killed jobs are marked. */
export function blocksChart({ timeline, from, until }: Outcome): Content {
  const rows = rowsOf(timeline.blocks);
  const slots = new Map(timeline.blocks.map((bar) => [bar.blockId, slotOf(bar)]));
  if (timeline.killed.some(({ blockId }) => !slots.has(blockId))) rows.set(ELSEWHERE, rows.size);
  if (rows.size === 0) return html`<p class="note">No block was opened in this run.</p>`;
  const names = [...rows.keys()];
  const pitch = Math.max(7, Math.min(19, 900 / rows.size));
  const longest = Math.max(...names.map(({ length }) => length));
  const frame = frameOf({
    from,
    until,
    height: rows.size * pitch,
    marginLeft: Math.max(64, Math.min(240, longest * 8 + 14)),
  });
  const middleOf = (row: string): number => frame.top + ((rows.get(row) ?? rows.size - 1) + 0.5) * pitch;
  // Rows too low for their names show every second, third, … of them.
  const every = Math.ceil(13 / pitch);
  const bars = timeline.blocks.map((bar) => ({
    bar,
    pieces: piecesOf(frame, bar, middleOf(slotOf(bar)), pitch * 0.72),
  }));
  return [
    legend([
      ...STATES.map((state) => [state, state] as const),
      [html`<path class="notice" d="M7 0v10"/>`, 'interrupted'],
      [html`<path class="kill" d="M7 .5l4.5 4.5l-4.5 4.5l-4.5 -4.5z"/>`, 'job killed'],
    ]),
    chart(frame, 'Blocks by slot and state over time', [
      bands(frame, timeline.wanted),
      names.map((name, n) =>
        n % every === 0
          ? html`<text class="end" x="${frame.left - 8}" y="${tenth(middleOf(name) + 4)}">${name}</text>`
          : undefined,
      ),
      bars.length <= MOST_TITLES
        ? bars.map(({ bar, pieces }) => titledBar(bar, pieces))
        : untitledBars(bars.flatMap(({ pieces }) => pieces)),
      timeline.blocks
        .filter(({ ending }) => ending === 'interrupted')
        .map((bar) => noticeSvg(frame, bar, middleOf(slotOf(bar)))),
      timeline.killed.map(({ at, blockId }) => killSvg(frame, at, blockId, middleOf(slots.get(blockId) ?? ELSEWHERE))),
      timeAxisSvg(frame),
    ]),
  ];
}

const slotOf = ({ pool, slot }: BlockBar): string => `${pool}-${slot}`;

/** Rows by name: pools in order of their first block, slots by number. */
function rowsOf(blocks: readonly BlockBar[]): Map<string, number> {
  const pools = [...new Set(blocks.map(({ pool }) => pool))];
  const sorted = [...blocks].sort((a, b) => pools.indexOf(a.pool) - pools.indexOf(b.pool) || a.slot - b.slot);
  return new Map([...new Set(sorted.map(slotOf))].map((name, index) => [name, index]));
}

type Piece = readonly [state: BlockState, d: string];

/** A bar as rectangles by state; what is too short to be seen is left out, and what it parted is one. */
function piecesOf({ x, from, until, right }: Frame, { segments }: BlockBar, middle: number, height: number): Piece[] {
  // A hair's breadth between two tenants of one slot.
  const edge = Math.min(right, x(Math.min(segments.at(-1)?.until ?? from, until))) - 0.8;
  const seen: { state: BlockState; left: number; right: number }[] = [];
  for (const { state, from: start, until: stop } of segments) {
    const left = tenth(Math.max(x(from), x(start)));
    const end = tenth(Math.min(edge, x(stop)));
    const last = seen.at(-1);
    if (state === 'gone' || end <= left) continue;
    if (last?.state === state && left - last.right <= 0.1) last.right = end;
    else seen.push({ state, left, right: end });
  }
  return seen.map(({ state, left, right: end }) => [
    state,
    `M${left} ${tenth(middle - height / 2)}H${end}v${tenth(height)}H${left}z`,
  ]);
}

function titledBar(bar: BlockBar, pieces: readonly Piece[]): Markup {
  const paths = pieces.map(([state, d]) => html`<path class="${state}" d="${{ markup: d }}"/>`);
  return html`<g class="block"><title>${titleOf(bar)}</title>${paths}</g>`;
}

/** Many bars as one path for each state: about a fifth of the bytes. */
const untitledBars = (pieces: readonly Piece[]): Content =>
  STATES.map((state) => {
    const own = pieces.filter(([one]) => one === state).map(([, d]) => d);
    return own.length === 0 ? undefined : html`<path class="${state}" d="${{ markup: own.join('') }}"/>`;
  });

function titleOf({ blockId, segments, market, term, usd, ending }: BlockBar): string {
  const from = segments[0]?.from ?? 0;
  const until = segments.at(-1)?.until ?? from;
  const bought = market === undefined ? 'never got an instance' : `${market}, ${term ?? ''}, ${usdText(usd)} USD`;
  return `${blockId}: ${instantText(from)}, ${lengthText(until - from)}; ${bought}; ${ending ?? 'still living'}`;
}

/** An upright stroke at the notice. */
function noticeSvg({ x }: Frame, bar: BlockBar, middle: number): Markup {
  const at = bar.segments.find(({ state }) => state === 'draining')?.from ?? bar.segments.at(-1)?.until ?? 0;
  return html`<path class="notice" d="M${tenth(x(at))} ${tenth(middle - 7)}v14"><title>${bar.blockId} interrupted, ${isoOf(at)}</title></path>`;
}

/** A diamond where a job lost its node. */
const killSvg = ({ x }: Frame, at: Instant, blockId: string, middle: number): Markup =>
  html`<path class="kill" d="M${tenth(x(at))} ${tenth(middle - 4.6)}l4.6 4.6l-4.6 4.6l-4.6 -4.6z"><title>job killed on ${blockId}, ${isoOf(at)}</title></path>`;
