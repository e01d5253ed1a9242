import { createHash } from 'node:crypto';

/** The id of the nth thing of its kind: a prefix and 17 hexadecimal digits, as EC2's look. */
export const idOf = (prefix: string, count: number): string =>
  `${prefix}-0${createHash('sha256').update(`${prefix}/${count}`).digest('hex').slice(0, 16)}`;

/** Another id that goes with one: the volume of an instance. */
export const partIdOf = (prefix: string, id: string): string =>
  `${prefix}-0${createHash('sha256').update(`${prefix}/${id}`).digest('hex').slice(0, 16)}`;
