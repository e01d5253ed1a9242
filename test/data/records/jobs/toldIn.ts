import { expect } from 'vitest';
import { readJobs } from '../../../../data/records/readJobs.ts';
import { isoOf } from '../../../../src/domain/time.ts';
import type { aFolder } from '../../../support/aFile.ts';

export const at = (minute: number): string => `2026-11-02T08:${String(minute).padStart(2, '0')}:00Z`;
const clock = (instant: number): string => isoOf(instant).slice(11, 16);

/** Jobs as `class 08:00>08:01>08:09` (queued, started, finished), and what was set aside, by reason. */
export const toldIn =
  (folder: ReturnType<typeof aFolder>) =>
  async (name: string, value: unknown): Promise<{ jobs: readonly string[]; aside: readonly string[] }> => {
    const content =
      typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value, undefined, 1);
    const { rows, notes } = await readJobs(folder.file(name, content), { atMostSetAside: 1 });
    const setAside = notes.setAside ?? [];
    expect(notes.read).toBe(rows.length + setAside.reduce((sum, { entries }) => sum + entries, 0));
    return {
      jobs: rows.map(({ class: name = '', queuedAt, startedAt = queuedAt, durationMs }) =>
        [name, [queuedAt, startedAt, startedAt + durationMs].map(clock).join('>')].join(' ').trim(),
      ),
      aside: setAside.map(({ entries, reason }) => `${entries} ${reason}`),
    };
  };
