import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { spotKeeper } from '../support/command.ts';

const HEAD = `# The shelf, compared

Printed by \`spot-keeper shelf\`; a test holds this page to it, and \`npm run golden\` rewrites it. In every shipped scenario one policy at a
time takes the place of the pool's own (bold). Operating hours that need a window of their own (\`cron\`, \`calendar\`, \`profile\` and the
combinators) are left out: they would be compared by that window, not by what they are. Where the pool follows its jobs, \`scheduled\`
holds at all times as many blocks as that pool had at once at most: its allowance there is a cap, and no count to hold.
`;

it('prints what the docs say of it', async () => {
  const { code, stdout } = spotKeeper(['shelf']);
  expect(code).toBe(0);
  await expect(`${HEAD}\n${stdout}`).toMatchFileSnapshot(resolve(import.meta.dirname, '../../docs/shelf.md'));
});
