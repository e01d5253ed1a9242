import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { tooDeepAt } from './depth.ts';
import { BadInput, inOrder, type Mistake } from './mistakes.ts';

/** Where something stands in a document: keys and list indices from the top. */
export type Path = readonly (string | number)[];

/** Line and column, both 1-based, in the document or in the file that is named. */
export interface Place {
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

/** A document that was parsed and not yet checked. */
export interface Source {
  readonly file: string;
  /** Plain data; keys are own properties, whatever they are called. */
  readonly value: unknown;
  /** Where the value at a path stands, or the nearest of its parents that is there; undefined where places are unknown. */
  placeOf(path: Path, part?: 'key' | 'value'): Place | undefined;
}

/** Configuration is written by hand: more than this is a mistake or an attack (`yaml` reads about 1 MB a second). */
const MOST_BYTES = 256 * 1024;
const MOST_LEVELS = 32;

/**
 * Parses YAML 1.2 text: `08:00` and `no` stay text. Anchors, aliases, tags, repeated keys and a second document are refused,
 * because a reader would not expect what they do.
 *
 * @throws BadInput with every mistake in its syntax.
 */
export function parseSource(text: string, file: string): Source {
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES)
    throw new BadInput([
      { file, message: `expected at most ${MOST_BYTES / 1024} KiB, found ${Math.ceil(bytes / 1024)} KiB` },
    ]);

  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const deepAt = tooDeepAt(text, MOST_LEVELS);
  if (deepAt !== undefined) {
    for (const { index } of text.matchAll(/^/gm)) lines.addNewLine(index);
    throw new BadInput([{ file, ...placeAt(deepAt), message: `expected at most ${MOST_LEVELS} levels, found more` }]);
  }

  const document = parseDocument(text, { lineCounter: lines, version: '1.2', prettyErrors: false, merge: false });
  const mistakes: Mistake[] = [];
  const say = (offset: number, message: string): void => {
    mistakes.push({ file, ...placeAt(offset), message });
  };
  for (const problem of [...document.errors, ...document.warnings]) say(problem.pos[0], syntaxMessage(problem, text));
  if (document.directives.yaml.explicit === true && document.directives.yaml.version !== '1.2')
    say(0, `expected YAML 1.2, found %YAML ${document.directives.yaml.version}`);
  visit(document, {
    Alias: (_, { range }) => {
      say(range?.[0] ?? 0, 'expected the value itself, found an alias (*name): write it out');
    },
    Node: (_, node) => {
      if (!isAlias(node) && node.anchor !== undefined)
        say(node.range?.[0] ?? 0, `expected a plain value, found an anchor (&${node.anchor}): leave it out`);
    },
    Pair: (_, { key }) => {
      if (!isScalar(key)) say(0, 'expected a plain key, found a list or a mapping as a key');
      else if (key.value === '__proto__') say(key.range?.[0] ?? 0, 'unknown key "__proto__"');
    },
  });
  if (mistakes.length > 0) throw new BadInput(inOrder(mistakes));

  return sourceIn(document, { file, lines, maxAliasCount: 0 });
}

/** A parsed document with its places; `lines` is what counted its lines, `maxAliasCount` as `yaml` has it. */
export const sourceIn = (
  document: Document,
  { file, lines, maxAliasCount }: { file: string; lines: LineCounter; maxAliasCount: number },
): Source => ({
  file,
  value: document.toJS({ maxAliasCount }),
  placeOf: (path, part = 'value') => {
    const { line, col } = lines.linePos(nodeAt(document.contents, path, part)?.range?.[0] ?? 0);
    return { line, column: col };
  },
});

/** Data that did not come from a text of ours, such as the head of a recording: mistakes in it have a path and no line. */
export const sourceOf = (value: unknown, file: string): Source => ({ file, value, placeOf: () => undefined });

function nodeAt(contents: Document['contents'], path: Path, part: 'key' | 'value'): Node | null {
  let node: Node | null = contents;
  for (const [index, step] of path.entries()) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      const keyWanted = part === 'key' && index === path.length - 1;
      // An empty value (`zone:`) has no place of its own worth naming; its key has.
      next = keyWanted || (isScalar(pair?.value) && pair.value.value === null) ? pair?.key : pair?.value;
    } else if (isSeq(node)) {
      next = node.items[Number(step)];
    }
    if (!isNode(next)) break;
    node = next;
  }
  return node;
}

const isNode = (value: unknown): value is Node => isMap(value) || isSeq(value) || isScalar(value);

/** What is wrong with the syntax; the parser's own words where they serve, lower case and on one line. */
export function syntaxMessage({ code, message, pos: [from, until] }: YAMLError, text: string): string {
  if (code === 'DUPLICATE_KEY')
    return `the key ${/^[^:\s]+/.exec(text.slice(from))?.[0] ?? ''} stands here a second time`;
  if (code === 'MULTIPLE_DOCS') return 'expected one document, found a second one (---)';
  if (code === 'TAG_RESOLVE_FAILED')
    return `expected a plain value, found a tag (${text.slice(from, until)}): leave it out`;
  const line = message.replaceAll(/\s+/g, ' ').trim();
  return line.charAt(0).toLowerCase() + line.slice(1);
}
