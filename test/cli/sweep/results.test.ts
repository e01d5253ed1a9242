import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../../cli/sweep/results.ts';
import { aFolder } from '../../support/command.ts';

const readAll = async (path: string): Promise<readonly string[]> => {
  const lines: string[] = [];
  for await (const { text, isWhole } of linesOf(path)) lines.push(isWhole ? text : `${text}…`);
  return lines;
};

describe('a file of results', () => {
  it('is read line by line; the last may be cut off, and no file has no lines', async () => {
    const path = join(aFolder(), 'results.jsonl');
    writeFileSync(path, '{"run":0}\n\n{"run":1');
    expect(await readAll(path)).toEqual(['{"run":0}', '', '{"run":1…']);
    expect(await readAll(`${path}.none`)).toEqual([]);
  });

  it('that is something else, one line without an end, is not read to its end', async () => {
    const path = join(aFolder(), 'results.jsonl');
    writeFileSync(path, `{"run":0}\n${'x'.repeat(17 * 1024 * 1024)}`);
    await expect(readAll(path)).rejects.toThrow(/results\.jsonl:2: .*found more: these are no results/);
  });
});
