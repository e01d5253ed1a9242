import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readJobs } from '../../data/records/readJobs.ts';
import { aFolder } from '../support/aFile.ts';

const folder = aFolder();

/** The sections of the page on CI jobs that show a sample, each with it. */
const samples = readFileSync('docs/data.md', 'utf8')
  .split(/^### /m)
  .flatMap((section) => {
    const [, kind, text] = /^```(json|csv)\n([\s\S]*?)^```$/m.exec(section) ?? [];
    return kind === undefined || text === undefined
      ? []
      : [{ name: section.split('\n')[0] ?? '', kind, text, section }];
  });

/** Every sample tells of one job: queued at eight in UTC where the form tells of queueing, started a minute later, eight minutes long. */
const STARTED_AT = Date.UTC(2026, 2, 2, 8, 1);

describe('the page on recorded data', () => {
  it('has a sample of every system', () => {
    expect(samples.map(({ name }) => name)).toEqual([
      ...['GitHub Actions', 'GitLab', 'Buildkite', 'Jenkins', 'CircleCI', 'Azure DevOps', 'Tekton and Argo Workflows'],
      ...['Pods of Kubernetes', 'Prometheus', 'Any other table'],
    ]);
  });

  it.each(samples)(
    'shows what is read of $name, and a command that makes it',
    async ({ name, kind, text, section }) => {
      const columns = kind === 'csv' ? { queued: 'asked', started: 'begun', finished: 'over', job: 'what' } : undefined;
      const { rows } = await readJobs(folder.file(`sample.${kind}`, text), { columns, timeZone: 'Europe/Berlin' });
      const told = ['CircleCI', 'Prometheus'].includes(name) ? STARTED_AT : STARTED_AT - 60_000;
      expect(rows).toMatchObject([{ queuedAt: told, startedAt: STARTED_AT, durationMs: 480_000 }]);
      expect(rows[0]?.class).toBeDefined();
      expect(section).toMatch(/^```sh\n(?:spot-keeper|gh|glab|curl|az|kubectl) /m);
    },
  );
});
