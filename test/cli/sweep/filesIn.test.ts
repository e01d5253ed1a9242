import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../cli/sweep/digest.ts';
import { filesIn } from '../../../cli/sweep/filesIn.ts';
import { aFolder } from '../../support/command.ts';

/** A folder with two files, one of them in a folder below. */
function aWeek(folder: string): string {
  mkdirSync(join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'scenario.yaml'), 'version: 1\n');
  writeFileSync(join(folder, 'data/prices.csv'), 'a,b\n');
  return folder;
}

/** The same, as a kubelet shows a ConfigMap: links into a folder that has another name in each pod. */
function aMount(folder: string, name: string): string {
  aWeek(join(folder, name));
  symlinkSync(name, join(folder, '..data'));
  for (const entry of ['scenario.yaml', 'data']) symlinkSync(join('..data', entry), join(folder, entry));
  return folder;
}

const FILES = ['data/prices.csv', 'scenario.yaml'];

describe('The files of a week', () => {
  it('are found in folders below, without results of sweeps', async () => {
    const week = aWeek(aFolder());
    writeFileSync(join(week, 'data/results.jsonl'), '{"format":"spot-keeper-sweep","version":1}\n');
    writeFileSync(join(week, 'begun.jsonl'), '');
    writeFileSync(join(week, 'out.jsonl.12.part'), '');
    expect(await filesIn(week)).toEqual(FILES);
  });

  it('are also jobs that are written as lines of JSON', async () => {
    const week = aWeek(aFolder());
    writeFileSync(join(week, 'data/jobs.jsonl'), '{"queued_at":"2026-03-02T08:00:00Z"}\n');
    expect(await filesIn(week)).toEqual(['data/jobs.jsonl', ...FILES]);
  });

  it('are the same as they are in a mounted ConfigMap, whose folder has another name in each pod', async () => {
    expect(await filesIn(aMount(aFolder(), '..2026_11_30_08_00_00.1'))).toEqual(FILES);
  });

  it('are found though a link leads to a folder that it is in, or nowhere', async () => {
    const week = aWeek(aFolder());
    symlinkSync('nowhere', join(week, 'lost'));
    expect(await filesIn(week)).toEqual(FILES);
    symlinkSync('.', join(week, 'again'));
    expect(await filesIn(week)).toContain('data/prices.csv');
  });

  it('change the digest by path and by content', async () => {
    const week = aWeek(aFolder());
    const digests = [await digestOf([], [week], [])];
    writeFileSync(join(week, 'data/prices.csv'), 'a,c\n');
    digests.push(await digestOf([], [week], []));
    writeFileSync(join(week, 'data/empty'), '');
    digests.push(await digestOf([], [week], []));
    expect(new Set(digests).size).toBe(3);
  });
});
