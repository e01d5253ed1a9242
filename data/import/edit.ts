import { type Document, parseDocument } from 'yaml';
import type { Path } from '../../src/config/source.ts';

/** A YAML text in the course of being changed. Comments stay, and so does everything that is not touched. */
export interface Editing {
  /** Sets a value; a list is written in one line, as people write short ones. */
  set(path: Path, value: string | number | readonly string[]): void;
  /** Whether a value is written there, and not elsewhere behind an alias. */
  has(path: Path): boolean;
  /** Takes a key and its value out. */
  remove(path: Path): void;
  /** Sets a list of sentences, one a line. */
  sentences(path: Path, value: readonly string[]): void;
  /** The text as it stands now; to the letter what it was if nothing was set. */
  text(): string;
}

/** Opens a text for changes. It was read without mistakes before. */
export function edit(text: string): Editing {
  const document: Document = parseDocument(text, { version: '1.2' });
  let changed = false;
  return {
    set: (path, value) => {
      changed = true;
      document.setIn(path, typeof value === 'object' ? document.createNode(value, { flow: true }) : value);
    },
    has: (path) => document.hasIn(path),
    remove: (path) => {
      changed = true;
      document.deleteIn(path);
    },
    sentences: (path, value) => {
      changed = true;
      document.setIn(path, document.createNode(value, { flow: value.length === 0 }));
    },
    // Long sentences stay in their line: folded, a diff would show lines that nobody changed.
    text: () => (changed ? document.toString({ lineWidth: 0 }) : text),
  };
}
