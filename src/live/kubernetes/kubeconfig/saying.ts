import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Finding, mistakesOf } from '../../../config/explain.ts';
import type { Mistake } from '../../../config/mistakes.ts';
import type { Path } from '../../../config/source.ts';
import type { Entry } from './kubeconfigFile.ts';

/** Says what is wrong with a field of an entry; the path begins at the entry's fields. */
export type Say = (field: Path, message: string) => void;

/** Says what is wrong with an entry into a list of mistakes, with file, line and column. */
export const sayingInto =
  (mistakes: Mistake[], { source, path: base }: Entry<unknown>): Say =>
  (field, message) => {
    const finding: Finding = { path: [...base, ...field], message };
    mistakes.push(...mistakesOf([finding], source));
  };

/** A path that an entry names, made absolute: a relative one begins at the folder of the file that holds the entry. */
export const placeOfFile = ({ source }: Entry<unknown>, named: string): string | undefined =>
  named === '' ? undefined : path.resolve(path.dirname(source.file), named);

export function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
