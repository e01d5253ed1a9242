/** A line of the log's JSON as a line for people: `08:00:01 info  ci-0.3 joining → serving  why=node.seen zone=…`. */
export function prettyLine(json: string): string {
  // The log writes the lines itself: objects of texts and numbers.
  const { level, time, msg, ...fields } = JSON.parse(json) as Readonly<Record<string, string | number>>;
  const { block, from, to, ...others } = fields;
  const isTransition = msg === 'transition' && block !== undefined && to !== undefined;
  const what = isTransition ? `${block} ${from ?? 'new'} → ${to}` : String(msg);
  const rest = Object.entries(isTransition ? others : fields).map(([name, value]) => ` ${name}=${quoted(value)}`);
  return `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${what}${rest.length > 0 ? ' ' : ''}${rest.join('')}\n`;
}

/** A value with spaces or quotes in it is quoted, so that no text can pass for another field. */
const quoted = (value: string | number): string => {
  const text = String(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
};
