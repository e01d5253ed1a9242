import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HOSTILE } from './hostile.ts';
import { watched } from './watched.ts';

describe('every reader', () => {
  it('reads what can be read in many ways in one of them', async () => {
    const { found, ended } = await watched(1, 0, HOSTILE.length, join(import.meta.dirname, 'hostileChild.ts'));
    expect(found).toEqual([]);
    expect(ended.map(({ index, why }) => `${HOSTILE[index]?.text.slice(0, 20) ?? ''}: ${why}`)).toEqual([]);
  });
});
