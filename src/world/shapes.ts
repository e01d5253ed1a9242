import { z } from 'zod';
import { ALWAYS, CALENDAR_MS, NEVER } from '../domain/time.ts';

/** An instant that calendars can name, or one of the two ends of time. */
export const instant = z.custom<number>(
  (value) => typeof value === 'number' && (Math.abs(value) <= CALENDAR_MS || value === NEVER || value === ALWAYS),
  { error: 'expected an instant in milliseconds since 1970' },
);
export const count = z.int().nonnegative();
export const text = z.string();

/** Checks a value by the shape of its type. @throws TypeError that names what is wrong with it, and where */
export function held(value: unknown, shapes: Readonly<Record<string, z.ZodType>>, what: string): void {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  const shape = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (shape === undefined)
    throw new TypeError(`${JSON.stringify(type)} is no ${what} that this release knows; use the release that wrote it`);
  const checked = shape.safeParse(value);
  if (checked.success) return;
  const [issue] = checked.error.issues;
  throw new TypeError(
    `${String(type)}: ${issue?.path.join('.') ?? ''}: ${wordsOf(issue?.message ?? 'cannot be read')}`,
  );
}

const wordsOf = (message: string): string =>
  message
    .replace(/^Invalid input: /, '')
    .replace(/received undefined$/, 'found nothing')
    .replace(', received ', ', found ');
