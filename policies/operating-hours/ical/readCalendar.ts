import { MOST_DAYS_LOOKED_AT } from './repeats.ts';
import { type Around, type Series, seriesOf } from './series.ts';
import { wallClocks } from './wallClock.ts';

/** What is wrong with a calendar, and on which line; 1-based. */
export interface CalendarMistake {
  readonly line: number;
  readonly message: string;
}

/**
 * The events of an iCalendar text, or what is wrong with it: each event that cannot be read is named. Each is read by itself,
 * so that one mistake does not hide another.
 */
export function readCalendar(
  text: string,
  zone: string | undefined,
): { readonly series: readonly Series[]; readonly mistakes: readonly CalendarMistake[] } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const first = lines.findIndex((line) => line.trim() !== '');
  const series: Series[] = [];
  const mistakes: CalendarMistake[] = [];
  if (!/^BEGIN:VCALENDAR\s*$/i.test(lines[first] ?? '')) {
    const message = 'expected an iCalendar file, which begins with BEGIN:VCALENDAR';
    return { series, mistakes: [{ line: Math.max(first, 0) + 1, message }] };
  }
  const around: Around = { zone, clockOf: wallClocks(), budget: { days: MOST_DAYS_LOOKED_AT } };
  const edges = [...lines.keys()].filter((at) => BEGIN.test(lines[at] ?? '') || END.test(lines[at] ?? ''));
  for (const [place, index] of edges.entries()) {
    if (!BEGIN.test(lines[index] ?? '')) continue;
    const next = edges[place + 1];
    const isWhole = next !== undefined && END.test(lines[next] ?? '');
    const event = lines.slice(index, isWhole ? next + 1 : next);
    try {
      if (!isWhole) throw new Error('expected END:VEVENT, found none');
      series.push(seriesOf(event, around));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      mistakes.push({ line: index + 1, message: `event ${nameOf(event)}: ${why}` });
    }
    if (around.budget.days <= 0) break; // said once, at the event for which nothing is left
  }
  if (series.length + mistakes.length === 0)
    mistakes.push({ line: first + 1, message: 'expected at least one event, found none' });
  return { series, mistakes };
}

const BEGIN = /^BEGIN:VEVENT\s*$/i;
const END = /^END:VEVENT\s*$/i;

/** By what people call it, else by what programs do. Read off the text, which may be no event that can be parsed. */
function nameOf(event: readonly string[]): string {
  for (const property of ['SUMMARY', 'UID']) {
    const line = event.find((text) => new RegExp(`^${property}[;:]`, 'i').test(text));
    const name = line
      ?.slice(line.indexOf(':') + 1)
      .replaceAll(/\\([,;\\])/g, '$1')
      .trim();
    if (name !== undefined && name !== '') return JSON.stringify(name);
  }
  return 'without a name';
}
