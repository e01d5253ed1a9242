const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]';

/** An opening edge: `08:00`. */
export const FROM_TIME = new RegExp(`^${TIME}$`);

/** A closing edge: `18:00`, `24:00` for the end of the day, or `06:00+1` for a time on the next day. */
export const TO_TIME = new RegExp(`^(?:${TIME}(?:\\+1)?|24:00)$`);

const DAY_MINUTES = 1_440;

/** Minutes by the wall clock from the midnight that begins the date: `08:00` is 480, `06:00+1` is 1800. */
export function minutesOf(text: string): number {
  const [hours = '', rest = ''] = text.split(':');
  const nextDay = rest.endsWith('+1') ? DAY_MINUTES : 0;
  return Number(hours) * 60 + Number(rest.slice(0, 2)) + nextDay;
}

/** What is wrong with a text that is no opening edge, with the remedy. */
export function fromMistake(text: unknown): string {
  const found = `expected a time of day such as "08:00", found ${JSON.stringify(text)}`;
  if (text === '24:00') return `${found}: a window that opens at midnight opens at "00:00" of the next day`;
  return `${found}${paddingRemedy(text)}`;
}

/** What is wrong with a text that is no closing edge, with the remedy. */
export function toMistake(text: unknown): string {
  return `expected a time of day such as "18:00", "24:00" or "06:00+1" (the next day), found ${JSON.stringify(text)}${paddingRemedy(text)}`;
}

/** What is wrong with a window whose edges are in the wrong order, with the remedy; undefined if they are in order. */
export function orderMistake(from: string, to: string): string | undefined {
  if (minutesOf(to) > minutesOf(from)) return undefined;
  const remedy = to === '00:00' ? 'write "24:00" for the end of the day' : `write "${to}+1" if it ends the next day`;
  return `expected a time after ${from}, found ${JSON.stringify(to)}: ${remedy}`;
}

function paddingRemedy(text: unknown): string {
  if (typeof text !== 'string') return '';
  const padded = `0${text}`;
  return TO_TIME.test(padded) ? `: write "${padded}"` : '';
}
