/** A line of a text that comes in parts, without its end. */
export interface TextLine {
  readonly text: string;
  /** Whether a line feed ended it; without, the text broke off or had no last line feed. */
  readonly isWhole: boolean;
}

/** A line that is longer than its reader takes. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
  /** 1-based. */
  readonly line: number;

  constructor(line: number, mostCharacters: number) {
    super(`expected at most ${mostCharacters} characters in a line, found more`);
    this.line = line;
  }
}

/**
 * The lines of a text that comes in parts. Only line feeds part them: JSON may hold the other separators that Unicode knows.
 * Each character is looked at once, however long its line is: what is left of a part is kept as it came, and joined at the
 * line's end.
 *
 * @throws LineTooLong as soon as a line has more than `mostCharacters`
 */
export async function* textLines(parts: AsyncIterable<string>, mostCharacters: number): AsyncGenerator<TextLine, void> {
  let line = 1;
  let pieces: string[] = [];
  let length = 0;
  const take = (piece: string): void => {
    length += piece.length;
    if (length > mostCharacters) throw new LineTooLong(line, mostCharacters);
    if (piece !== '') pieces.push(piece);
  };
  for await (const part of parts) {
    let from = 0;
    for (let end = part.indexOf('\n'); end >= 0; end = part.indexOf('\n', from)) {
      take(part.slice(from, end));
      from = end + 1;
      yield { text: pieces.join(''), isWhole: true };
      [pieces, length, line] = [[], 0, line + 1];
    }
    take(part.slice(from));
  }
  if (pieces.length > 0) yield { text: pieces.join(''), isWhole: false };
}
