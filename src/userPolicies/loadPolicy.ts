import { existsSync, readFileSync } from 'node:fs';
import { createJiti } from 'jiti';
import * as zod from 'zod';
import * as api from '../policy/index.ts';
import { POLICY_SLOTS, type PolicyDefinition, type PolicySlot } from '../policy/index.ts';
import { saidBy, shortly } from '../policy/saidBy.ts';
import { waiversIn } from '../policy/waivers.ts';
import type { Loaded } from './protocol.ts';
import { placeIn } from './stack.ts';

/** A definition as a user's file has it, whatever its slot; what it creates is used only where the slot is known. */
export type UserDefinition = PolicyDefinition;

type LoadedHere = { readonly definition: UserDefinition } | Exclude<Loaded, { readonly slot: unknown }>;

/**
 * Loads the policy in a file of TypeScript or JavaScript. The file gets this process's own `spot-keeper/policy` and zod, so
 * that it needs nothing installed beside it, and its schemas are schemas here.
 */
export async function loadPolicy(file: string, loader: Loader = shared): Promise<LoadedHere> {
  let module: unknown;
  try {
    module = await loader.import(file);
  } catch (error) {
    return loadingFault(error, file);
  }
  try {
    // jiti lets a module stand in for a default export that it does not have; only a real one counts.
    if (typeof module !== 'object' || module === null || !('default' in module))
      return { message: 'expected a default export, found none: write export default definePolicy({ … })' };
    const wrong = wrongWith(module.default);
    if (wrong !== undefined) return { message: wrong };
    // Known: what was found wrong with nothing has the fields of a definition.
    const given = module.default as UserDefinition;
    const { slot, name, about, options } = given;
    const waives = waiversIn(given.waives);
    if (typeof waives === 'string') return { message: waives };
    // Read once: what was checked is what is used.
    return { definition: { slot, name, about, options, waives, create: (...parts) => given.create(...parts) } };
  } catch (error) {
    return { message: `expected a policy as its default export, found one that throws: ${saidBy(error)}` };
  }
}

/** What brings in a file of TypeScript or JavaScript. */
export type Loader = Pick<ReturnType<typeof createJiti>, 'import'>;

const SETTINGS = { fsCache: false, virtualModules: { 'spot-keeper/policy': api, zod } };

/** Loads each file once, however many policies import it. */
const shared: Loader = createJiti(import.meta.url, SETTINGS);

/** One that loads files anew: what their modules remember is apart from what others have loaded. */
export const aLoader = (): Loader => createJiti(import.meta.url, { ...SETTINGS, moduleCache: false });

function wrongWith(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null)
    return `expected a policy made with definePolicy as its default export, found ${shortly(value)}`;
  const { slot, create, options } = value as Readonly<Record<string, unknown>>;
  if (!isSlot(slot)) return `expected slot to be one of ${POLICY_SLOTS.join(', ')}, found ${shortly(slot)}`;
  if (typeof create !== 'function') return `expected create to be a function, found ${shortly(create)}`;
  if (!(options instanceof zod.ZodType))
    return `expected options to be a zod schema such as z.strictObject({}), found ${shortly(options)}`;
  return undefined;
}

const isSlot = (value: unknown): value is PolicySlot => POLICY_SLOTS.some((slot) => slot === value);

function loadingFault(error: unknown, file: string): LoadedHere {
  if (!existsSync(file)) return { message: 'expected a file with a policy, found no file of this name' };
  const said = saidBy(error);
  // The parser names the place in its message, with columns that begin at 0.
  const syntax = /^(?:ParseError: |SyntaxError: )*(.*?)\s*(?:\/|[A-Za-z]:\\)\S*:(\d+):(\d+)$/.exec(said);
  if (syntax !== null) {
    const [, what = '', line, column] = syntax;
    const message = `syntax error: ${what.charAt(0).toLowerCase()}${what.slice(1)}`;
    return { message, place: { line: Number(line), column: Number(column) + 1 } };
  }
  const wanted = /^Cannot find (?:module|package) '([^']+)'/.exec(said)?.[1];
  if (wanted !== undefined)
    return { message: `imports ${JSON.stringify(wanted)}, which cannot be found`, ...placeOfText(wanted, file) };
  const place = placeIn(error, new Map([[file, file]]));
  return {
    message: `threw while it was loaded: ${said}`,
    ...(place === undefined ? {} : { place: { line: place.line, column: place.column } }),
  };
}

/** Where a file first names another: imports are moved when it is made ready to run, so that no stack knows their place. */
function placeOfText(
  wanted: string,
  file: string,
): { readonly place?: { readonly line: number; readonly column: number } } {
  const lines = readFileSync(file, 'utf8').split('\n');
  const line = lines.findIndex((text) => text.includes(wanted));
  return line < 0 ? {} : { place: { line: line + 1, column: (lines[line]?.indexOf(wanted) ?? 0) + 1 } };
}
