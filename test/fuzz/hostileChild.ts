// Tries the hostile texts one after the other, and says before each which it is.
import { writeSync } from 'node:fs';
import { HOSTILE } from './hostile.ts';
import type { Found, Said } from './inputs.ts';
import { READERS, troubleOf } from './readers.ts';

const [, from = 0, until = 0] = process.argv.slice(2).map(Number);

const say = (said: Said): void => {
  writeSync(1, `${JSON.stringify(said)}\n`);
};

for (const [index, { reader: name, text }] of HOSTILE.entries()) {
  if (index < from || index >= until) continue;
  say({ index });
  const reader = READERS.find((one) => one.name === name);
  const trouble = reader === undefined ? `there is no reader ${name}` : await troubleOf(reader, text);
  if (trouble !== undefined) say({ found: { index, reader: name, trouble, text: text.slice(0, 80) } satisfies Found });
}
say({ index: until });
