/** No line of a result is longer, unless it is asked to be shorter still. */
export const WIDTH = 100;

/** Text in lines of at most 100 characters, or of another width, broken between words; a longer word is broken wherever it must be. */
export function wrapped(text: string, first: string, others: string, width = WIDTH): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  const end = (): void => {
    lines.push(line.trimEnd());
    line = others;
    empty = true;
  };
  for (const word of text.split(' ')) {
    let rest = Array.from(word);
    if (!empty && line.length + 1 + rest.length > width) end();
    while (rest.length > width - line.length) {
      const room = width - line.length;
      line += rest.slice(0, room).join('');
      rest = rest.slice(room);
      end();
    }
    line += (empty ? '' : ' ') + rest.join('');
    empty = false;
  }
  if (!empty) lines.push(line.trimEnd());
  return lines;
}
