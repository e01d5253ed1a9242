import { resolve } from 'node:path';
import { it } from 'vitest';
import { BANS, EXEMPTIONS } from '../support/house/bans.ts';
import { LAYERS } from '../support/house/layers.ts';
import { expectWrittenPart } from '../support/writtenPart.ts';

const PAGE = resolve(import.meta.dirname, '../../docs/architecture.md');

it('shows the rooms, who may import whom, and what is banned', async () => {
  await expectWrittenPart(PAGE, 'rooms', [...rooms(), ...bans()]);
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
];

const coded = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
