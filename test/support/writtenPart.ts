import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/**
 * Holds a part of a page of the docs to what the code says; `vitest -u` (`npm run golden`) writes it there. The part lies between the
 * lines `<!-- NAME: … -->` and `<!-- end of NAME -->`.
 */
export async function expectWrittenPart(file: string, name: string, lines: readonly string[]): Promise<void> {
  const page = readFileSync(file, 'utf8');
  const [, before, after] =
    new RegExp(`^([^]*<!-- ${name}: [^\\n]*-->\\n)[^]*(<!-- end of ${name} -->[^]*)$`).exec(page) ?? [];
  if (before === undefined || after === undefined) throw new Error(`${file} has no place for ${name}`);
  await expect(`${before}\n${lines.join('\n')}\n\n${after}`).toMatchFileSnapshot(file);
}
