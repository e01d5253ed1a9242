import { WAIVABLE, type WaivablePromise, type Waiver } from './definePolicy.ts';
import { shortly } from './saidBy.ts';

/** The promise that a waiver is about. */
export const promiseOf = (waiver: Waiver): WaivablePromise | 'ends' =>
  typeof waiver === 'string' ? waiver : waiver.promise;

/** Why blocks may be ended before their jobs have had the pool's overrun; undefined where they may not. */
export function whyEarly(waivers: readonly Waiver[]): string | undefined {
  for (const waiver of waivers) if (typeof waiver !== 'string') return waiver.because;
  return undefined;
}

/** Waivers as a user's code has them, read into plain data; or, as text, what is wrong with them. */
export function waiversIn(value: unknown): readonly Waiver[] | string {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return `expected waives to be a list of promises, found ${shortly(value)}`;
  const waivers: Waiver[] = [];
  for (const one of value as readonly unknown[]) {
    const waiver = waiverIn(one);
    if (waiver === undefined) return `expected waives to hold ${KNOWN}, found ${saidOf(one)}`;
    waivers.push(waiver);
  }
  return waivers;
}

const KNOWN = `${WAIVABLE.join(', ')} or { promise: 'ends', because: '…' }`;

function waiverIn(value: unknown): Waiver | undefined {
  if (typeof value !== 'object' || value === null) return WAIVABLE.find((promise) => promise === value);
  const { promise, because } = value as Readonly<Record<string, unknown>>;
  if (promise !== 'ends' || typeof because !== 'string' || because.trim() === '') return undefined;
  return { promise, because };
}

/** The commonest mistakes by what they lack. */
function saidOf(value: unknown): string {
  if (value === 'ends') return '"ends" without its reason';
  if (typeof value !== 'object' || value === null) return shortly(value);
  const { promise } = value as Readonly<Record<string, unknown>>;
  return promise === 'ends' ? 'ends without its reason' : `an object about ${shortly(promise)}`;
}
