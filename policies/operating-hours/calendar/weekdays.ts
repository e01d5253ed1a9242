const NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const DAY = `(?:${NAMES.join('|')})`;

/** What days of the week may look like: `daily`, `mon-fri`, `mon,wed`, `fri-mon`, `mon-wed,sat`. */
export const WEEKDAYS = new RegExp(`^(?:daily|${DAY}(?:-${DAY})?(?:,${DAY}(?:-${DAY})?)*)$`);

/**
 * The days that a text matching `WEEKDAYS` names, counted as ISO 8601 does: Monday is 1, Sunday is 7.
 * A range may run over the weekend: `fri-mon` is four days.
 */
export function weekdaysOf(text: string): ReadonlySet<number> {
  if (text === 'daily') return weekdaysOf('mon-sun');
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const [first = '', last = first] = part.split('-');
    const from = NAMES.indexOf(first);
    const length = (NAMES.indexOf(last) - from + NAMES.length) % NAMES.length;
    for (let step = 0; step <= length; step += 1) days.add(((from + step) % NAMES.length) + 1);
  }
  return days;
}
