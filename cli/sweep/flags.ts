import type { Mistake } from '../../src/config/mistakes.ts';
import type { Shard } from './plan.ts';

/** The whole where nothing is said. What is wrong is put to the mistakes. */
export function shardIn(text: string | undefined, mistakes: Mistake[]): Shard {
  const whole = { index: 0, of: 1 };
  if (text === undefined) return whole;
  const [, first = '', second = ''] = /^(\d{1,7})\/(\d{1,7})$/.exec(text) ?? [];
  const [index, of] = [Number(first), Number(second)];
  if (first !== '' && index < of) return { index, of };
  const range = of > 0 ? `: of ${of} there are 0/${of} to ${of - 1}/${of}` : ' such as 0/4';
  mistakes.push({
    file: '--shard',
    message: `expected a shard i/n with i below n${range}, found ${JSON.stringify(text)}`,
  });
  return whole;
}

/** Nobody has more processors. */
const MOST_THREADS = 1024;

/** How many threads; undefined where nothing is said. What is wrong is put to the mistakes. */
export function threadsIn(text: string | undefined, mistakes: Mistake[]): number | undefined {
  if (text === undefined) return undefined;
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST_THREADS) return count;
  mistakes.push({
    file: '--workers',
    message: `expected a whole number from 1 to ${MOST_THREADS}, found ${JSON.stringify(text)}`,
  });
  return undefined;
}
