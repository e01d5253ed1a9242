// A process that tries the readers, one input after the other, and says before each which it is: its watchdog ends it
// where one never returns, and knows which.
import { writeSync } from 'node:fs';
import { type Found, inputOf, type Said } from './inputs.ts';
import { shrunk } from './mutate.ts';
import { READERS, troubleOf } from './readers.ts';

const [seed = 1, from = 0, until = 0] = process.argv.slice(2).map(Number);

/** Written at once: what a channel has not sent yet is lost with a process that hangs. */
const say = (said: Said): void => {
  writeSync(1, `${JSON.stringify(said)}\n`);
};

/** Where an error was thrown, without what it said: the same fault has the same place, however small its input. */
const placeIn = (trouble: string): string => /\n\s+at [^\n]*/.exec(trouble)?.[0] ?? trouble;

for (let index = from; index < until; index += 1) {
  say({ index });
  const { reader, text } = inputOf(READERS, seed, index);
  const trouble = await troubleOf(reader, text);
  if (trouble === undefined) continue;
  const isSame = async (less: string): Promise<boolean> => {
    const found = await troubleOf(reader, less);
    return found !== undefined && placeIn(found) === placeIn(trouble);
  };
  say({ found: { index, reader: reader.name, trouble, text: await shrunk(text, isSame) } satisfies Found });
}
say({ index: until });
