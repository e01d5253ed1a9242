import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { aPoolsText } from '../../config/aCatalogue.ts';

/** A scenario of one Monday and its pools file: the shortest that can be read. */
export const aScenarioText = `version: 1
name: monday
about: What would blocks save on a Monday?
from: 2026-03-02T00:00:00Z
until: 2026-03-03T00:00:00Z
market:
  onDemand: { m5.2xlarge: 0.384 }
jobs: data/jobs.csv
onDemandGroup: { instanceType: m5.2xlarge }
`;

export const aJobsText = `job,queued,duration_s
j1,2026-03-02T08:00:00.000Z,300
j2,2026-03-02T09:30:00.000Z,61.5
`;

export const aScenarioFolder: Readonly<Record<string, string>> = {
  'scenario.yaml': aScenarioText,
  'pools.yaml': aPoolsText,
  'data/jobs.csv': aJobsText,
};

/** A folder with these files, gone when the test is over. */
export async function aFolder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'spot-keeper-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return dir;
}
