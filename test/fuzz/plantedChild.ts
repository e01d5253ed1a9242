// Readers with faults put in on purpose: the first input hangs, the second takes all memory, the third throws.
import { writeSync } from 'node:fs';

const [, from = 0, until = 0] = process.argv.slice(2).map(Number);
for (let index = from; index < until; index += 1) {
  writeSync(1, `${JSON.stringify({ index })}\n`);
  while (index === 0);
  for (const taken: number[][] = []; index === 1; ) taken.push(new Array<number>(1_000_000).fill(1.5));
  if (index === 2)
    writeSync(1, `${JSON.stringify({ found: { index, reader: 'planted', trouble: 'threw', text: 'a' } })}\n`);
}
writeSync(1, `${JSON.stringify({ index: until })}\n`);
