import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { explore, type Tree } from '../../src/block/explore.ts';
import { blockMachine } from '../../src/block/machine.ts';
import * as rules from '../../src/block/rules.ts';

const HEAD = `# The life of a block

Drawn from \`src/block/machine.ts\` by \`npm run golden\`; a test holds the two together. An arrow is one event, its guards in
brackets (\`!\` for no); what is done on the way is in the table below.
`;

it('draws the chart as it is', async () => {
  const table = explore(blockMachine, rules);
  const paths = table.states.flatMap((state, row) =>
    table.events.flatMap((event, column) => {
      const tree = table.cells[row * table.events.length + column];
      return tree === undefined
        ? []
        : pathsOf(tree).map((path) => ({ state, event, ...path, to: table.states[path.end]! }));
    }),
  );
  // A note taken on the way is no arrow; where a block goes is.
  const arrows = paths.filter(({ state, to }) => state !== to);
  const lines = arrows.map(({ state, event, guards, to }) => `  ${state} --> ${to}: ${event}${bracketed(guards)}`);
  const rows = paths
    .filter(({ state, to, steps }) => state !== to || steps.length > 0)
    .map(
      ({ state, event, guards, steps, to }) =>
        `| ${state} | ${event}${bracketed(guards)} | ${steps.join(', ')} | ${to} |`,
    );
  const text = [
    HEAD,
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> requesting',
    ...lines,
    '  gone --> [*]',
    '```',
    '',
    '| in | on | does | then |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot(resolve(import.meta.dirname, '../../docs/block.md'));
});

interface Path {
  readonly guards: readonly string[];
  readonly steps: readonly string[];
  readonly end: number;
}

function pathsOf(tree: Tree): readonly Path[] {
  switch (tree.kind) {
    case 'end':
      return [{ guards: [], steps: [], end: tree.state }];
    case 'guard':
      return [
        ...pathsOf(tree.yes).map((path) => ({ ...path, guards: [tree.name, ...path.guards] })),
        ...pathsOf(tree.no).map((path) => ({ ...path, guards: [`!${tree.name}`, ...path.guards] })),
      ];
    case 'change':
    case 'effect': {
      const params = Object.values((tree.params ?? {}) as Record<string, string>).join(' ');
      const step = params === '' ? tree.name : `${tree.name} ${params}`;
      return pathsOf(tree.next).map((path) => ({ ...path, steps: [step, ...path.steps] }));
    }
  }
}

const bracketed = (guards: readonly string[]): string => (guards.length === 0 ? '' : ` [${guards.join(', ')}]`);
