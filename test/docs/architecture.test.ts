import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { BANS, EXEMPTIONS } from '../support/house/bans.ts';
import { LAYERS } from '../support/house/layers.ts';

const PAGE = resolve(import.meta.dirname, '../../docs/architecture.md');

/** Between these lines the page is written by this test: `npm run golden`. */
const [BEGIN, END] = ['<!-- rooms: written by test/docs/architecture.test.ts -->', '<!-- end of rooms -->'];

it('shows the rooms, who may import whom, and what is banned', async () => {
  const page = readFileSync(PAGE, 'utf8');
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
  expect(before, BEGIN).toBeGreaterThan(0);
  expect(after, END).toBeGreaterThan(before);
  const text = [BEGIN, '', ...rooms(), ...bans(), END].join('\n');
  await expect(page.slice(0, before) + text + page.slice(after + END.length)).toMatchFileSnapshot(PAGE);
});

const rooms = (): readonly string[] =>
  LAYERS.flatMap(({ title, rooms }) => [
    `### ${title}`,
    '',
    '| room | what it is | may import | and of packages |',
    '| --- | --- | --- | --- |',
    ...rooms.map(
      ({ path, about, mayImport, packages }) => `| \`${path}\` | ${about} | ${coded(mayImport)} | ${coded(packages)} |`,
    ),
    '',
  ]);

const bans = (): readonly string[] => [
  '### What is banned, and where it is not',
  '',
  `Banned: ${BANS.map(({ what }) => what).join(', ')}.`,
  '',
  '| where | what is allowed | why |',
  '| --- | --- | --- |',
  ...EXEMPTIONS.map(
    ({ place, from, because }) =>
      `| \`${place}\` | ${from === undefined ? 'all of it' : from.join(', ')} | ${because} |`,
  ),
  '',
];

const coded = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
