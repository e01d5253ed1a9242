import type { z } from 'zod';
import { type Finding, findingsOf, mistakesOf, wording } from './explain.ts';
import { BadInput, type Mistake } from './mistakes.ts';
import { parseSource, type Source } from './source.ts';

/** A document that was read: what it says, or everything that is wrong with it. Exactly one of the two is of use. */
export type Reading<Value> =
  | { readonly source: Source; readonly value: Value; readonly mistakes: readonly [] }
  | { readonly source: Source | undefined; readonly value: undefined; readonly mistakes: readonly Mistake[] };

/** What a schema cannot say because it concerns several places at once; it is given the raw value, whatever its shape. */
export type Check = (value: unknown) => readonly Finding[];

/**
 * Reads YAML text by a schema: every mistake at once, in the order of the document.
 *
 * @throws BadInput
 */
export function readDocument<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
  ...checks: readonly Check[]
): z.output<Schema> {
  return required(tryDocument(text, file, schema, ...checks));
}

/** As `readDocument`, for a caller who has more documents to look at before it gives up. */
export function tryDocument<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
  ...checks: readonly Check[]
): Reading<z.output<Schema>> {
  const { source, mistakes } = tryParse(text, file);
  return source === undefined ? { source, value: undefined, mistakes } : trySource(source, schema, ...checks);
}

/** The document as data, or what is wrong with its syntax. */
export function tryParse(
  text: string,
  file: string,
):
  | { readonly source: Source; readonly mistakes: readonly [] }
  | { readonly source: undefined; readonly mistakes: readonly Mistake[] } {
  try {
    return { source: parseSource(text, file), mistakes: [] };
  } catch (error) {
    if (error instanceof BadInput) return { source: undefined, mistakes: error.mistakes };
    throw error;
  }
}

/** As `tryDocument`, for data that was parsed already. */
export function trySource<Schema extends z.ZodType>(
  source: Source,
  schema: Schema,
  ...checks: readonly Check[]
): Reading<z.output<Schema>> {
  const parsed = schema.safeParse(source.value, wording);
  const findings = [
    ...(parsed.success ? [] : findingsOf(parsed.error.issues)),
    ...checks.flatMap((check) => check(source.value)),
  ];
  if (parsed.success && findings.length === 0) return { source, value: parsed.data, mistakes: [] };
  return { source, value: undefined, mistakes: mistakesOf(findings, source) };
}

/** What was read. @throws BadInput with the mistakes, if there are any. */
export function required<Value>(reading: Reading<Value>): Value {
  if (reading.value === undefined) throw new BadInput(reading.mistakes);
  return reading.value;
}
