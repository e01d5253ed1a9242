import type { Import } from './imports.ts';
import type { Room } from './room.ts';

/** A file and what it imports; the path is from the root of the project. */
export interface Importing {
  readonly path: string;
  readonly imports: readonly Import[];
}

/** What a table of rooms says of files. Rooms are given lowest first. */
export interface Walls {
  /** The smallest room that a file lives in. */
  roomOf(path: string): Room | undefined;
  /** Imports through a wall, a sentence each: file, line, and what it may not import. */
  trespasses(files: readonly Importing[]): readonly string[];
  /** What the table allows and no file makes use of. */
  idle(files: readonly Importing[]): readonly string[];
}

/** @throws Error for a room that names what is no room above it, or is named twice */
export function wallsOf(rooms: readonly Room[]): Walls {
  const heights = new Map(rooms.map(({ path }, height) => [path, height]));
  if (heights.size < rooms.length) throw new Error('A room stands in the table twice.');
  const roomOf = (path: string): Room | undefined => {
    for (let place = path; place !== '.' && place !== ''; place = place.slice(0, Math.max(0, place.lastIndexOf('/')))) {
      const height = heights.get(place);
      if (height !== undefined) return rooms[height];
    }
    return undefined;
  };
  const isAbove = (one: Room, other: Room): boolean => (heights.get(one.path) ?? 0) < (heights.get(other.path) ?? 0);

  for (const from of rooms)
    for (const allowance of from.mayImport) {
      const named = allowance.replace(/\/\*\*$/, '');
      const isKnown = allowance.endsWith('/**')
        ? rooms.some((one) => isWithin(one.path, named) && isAbove(one, from))
        : isAboveOrDoor(named, from);
      if (!isKnown) throw new Error(`${from.path} may import ${allowance}, which is no room above it.`);
    }
  function isAboveOrDoor(path: string, from: Room): boolean {
    const to = roomOf(path);
    return to !== undefined && isAbove(to, from) && (to.path === path || path.endsWith('.ts'));
  }

  /** The line of the table by which a file may import another; undefined: it may not. */
  const allowanceOf = (from: Room, target: string): string | undefined => {
    const to = roomOf(target);
    if (to === undefined)
      return from.packages.find((name) => target === name || (isPackage(target) && target.startsWith(`${name}/`)));
    if (!isAbove(to, from)) return undefined;
    return from.mayImport.find((allowance) =>
      allowance.endsWith('/**')
        ? isWithin(to.path, allowance.slice(0, -3))
        : allowance === to.path || allowance === target,
    );
  };

  return {
    roomOf,
    trespasses: (files) =>
      files.flatMap(({ path, imports }) => {
        const from = roomOf(path);
        if (from === undefined) return [`${path} lives in no room`];
        return imports.flatMap(({ target, line }) => {
          if (target === undefined) return [`${path}:${line} imports what only a run can tell`];
          if (roomOf(target) === from || allowanceOf(from, target) !== undefined) return [];
          return [`${path}:${line} (${from.path}) imports ${target}`];
        });
      }),
    idle(files) {
      const used = new Map<Room, Set<string>>();
      for (const { path, imports } of files) {
        const from = roomOf(path);
        for (const { target } of imports) {
          if (from === undefined || target === undefined || roomOf(target) === from) continue;
          const allowance = allowanceOf(from, target);
          if (allowance !== undefined) used.set(from, (used.get(from) ?? new Set()).add(allowance));
        }
      }
      return rooms.flatMap((from) =>
        [...from.mayImport, ...from.packages]
          .filter((allowance) => !used.get(from)?.has(allowance))
          .map((allowance) => `${from.path} may import ${allowance} and does not`),
      );
    },
  };
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** `node:fs/promises` is a module of its own, and not a part of `node:fs`. */
const isPackage = (target: string): boolean => !target.startsWith('node:');
