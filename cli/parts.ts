/** A part of a flag's value, and how many characters stand before it. */
export interface Part {
  readonly text: string;
  readonly column: number;
}

/** The parts of a text between its commas; those within brackets, braces and quotes part nothing. */
export function parts(text: string): readonly Part[] {
  const found: Part[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  const end = (at: number): void => {
    const part = text.slice(start, at);
    found.push({ text: part.trim(), column: start + part.length - part.trimStart().length });
    start = at + 1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\' && quote === '"') at += 1;
      else if (character === quote) quote = '';
    } else if ((character === '"' || character === "'") && depth > 0) quote = character;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    else if (character === ',' && depth <= 0) end(at);
  }
  end(text.length);
  return found;
}
