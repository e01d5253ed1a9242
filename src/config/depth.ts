import { Lexer } from 'yaml';

/** The first place, as an offset into the text, at which a document is nested deeper than `most`; undefined if none is. */
export function tooDeepAt(text: string, most: number): number | undefined {
  // The lexer is asked and not the parser: a parser recurses, so the very input that is to be refused would exhaust its
  // stack. The lexer also knows what is quoted, so that a bracket in a text is no bracket.
  let offset = 0;
  let lineStart = 0;
  let flow = 0;
  let opening = true; // whether a block collection may still open at this place of the line
  let columns: readonly number[] = [];
  for (const token of new Lexer().lex(text)) {
    if (MARKS.has(token)) continue;
    const at = offset;
    offset += token.length;
    const first = token.charAt(0);
    if (first === '\n' || first === '\r') {
      opening = true;
    } else if (first === '[' || first === '{') {
      flow += 1;
      opening = false;
    } else if (first === ']' || first === '}') {
      flow -= 1;
    } else if (opening && flow === 0 && !LEADING.has(first)) {
      const column = at - lineStart;
      columns = [...columns.filter((other) => other < column), column];
      opening = ENTRIES.has(token);
    }
    if (columns.length + flow > most) return at;
    const newline = token.lastIndexOf('\n');
    if (newline >= 0) lineStart = at + newline + 1;
  }
  return undefined;
}

/** What opens an entry, after which another collection may open on the same line: `- - a`. */
const ENTRIES: ReadonlySet<string> = new Set(['-', '?', ':']);

/** Blanks, comments, anchors and tags: what may stand before a collection without being one. */
const LEADING: ReadonlySet<string> = new Set([' ', '\t', '#', '&', '!', '\u{FEFF}']);

/** The lexer's own marks (document, end of a broken flow, scalar); they are not in the text. */
const MARKS: ReadonlySet<string> = new Set(['\u{02}', '\u{18}', '\u{1F}']);
