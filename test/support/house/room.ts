/** A part of the sources with walls: who lives in it, and whom it may import. */
export interface Room {
  /** A folder or a file, from the root of the project. */
  readonly path: string;
  /** What it is, in a few words of Markdown. */
  readonly about: string;
  /** Rooms (`a/b`), rooms with all within them (`a/b/**`), and doors of rooms (`a/b/c.ts`). */
  readonly mayImport: readonly string[];
  /** Packages and modules of Node by name; `@scope` is every package of a scope. */
  readonly packages: readonly string[];
}

/** A room as one line of a table: both lists are words with blanks between them. */
export const room = (path: string, about: string, mayImport = '', packages = ''): Room => ({
  path,
  about,
  mayImport: words(mayImport),
  packages: words(packages),
});

const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');
