// A process that counts the rows of one input after the other, and says before each which it is: the watchdog ends it where
// one never returns, and knows which.
import { writeSync } from 'node:fs';
import { countedInput, lossIn } from './counted.ts';
import type { Said } from './inputs.ts';
import { shrunk } from './mutate.ts';

const [seed = 1, from = 0, until = 0] = process.argv.slice(2).map(Number);

/** Written at once: what a channel has not sent yet is lost with a process that hangs. */
const say = (said: Said): void => {
  writeSync(1, `${JSON.stringify(said)}\n`);
};

for (let index = from; index < until; index += 1) {
  say({ index });
  const input = countedInput(seed, index);
  const trouble = await lossIn(input);
  if (trouble === undefined) continue;
  // A text with fewer rows has lost none: only one of any number of rows can be made smaller.
  const text =
    input.rows === undefined
      ? await shrunk(input.text, async (less) => (await lossIn({ ...input, text: less })) !== undefined)
      : input.text;
  say({ found: { index, reader: input.shape.name, trouble, text } });
}
say({ index: until });
