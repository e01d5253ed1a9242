import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { explore, type Tree } from '../../src/block/explore.ts';
import { blockMachine } from '../../src/block/machine.ts';
import * as rules from '../../src/block/rules.ts';
import { BLOCK_STATES } from '../../src/domain/words.ts';

describe('the chart of a block', () => {
  const table = explore(blockMachine, rules);

  it('keeps to the form that can be compiled, and reaches every state', () => {
    expect(table.states.toSorted()).toEqual(BLOCK_STATES.toSorted());
  });

  it('names only what the rules declare, and declares only what it names', () => {
    const named = new Set([...table.cells, table.birth].flatMap((tree) => (tree === undefined ? [] : namesIn(tree))));
    const declared = [rules.guards, rules.changes, rules.effects].flatMap((part) => Object.keys(part));
    expect([...named].sort()).toEqual(declared.sort());
  });

  it('has no state in which time alone never ends a block', () => {
    const clock = table.events.indexOf('clock.reached');
    for (const [row, state] of table.states.entries())
      if (state !== 'gone') expect(table.cells[row * table.events.length + clock], state).toBeDefined();
  });

  it('takes every fact about a block in some state: none is said for nothing', () => {
    const heard = table.events.filter((_, column) =>
      table.states.some((_state, row) => table.cells[row * table.events.length + column] !== undefined),
    );
    expect(heard.toSorted()).toEqual([...rules.events].sort());
  });

  it('holds no timer, invoke or spawn', () => {
    const chart = JSON.stringify(blockMachine.config);
    for (const word of ['after', 'invoke', 'spawn', 'delay']) expect(chart).not.toContain(`"${word}"`);
  });

  it('would be refused if it did what cannot be compiled', () => {
    const inline = setup({}).createMachine({ initial: 'a', states: { a: { entry: () => undefined } } });
    expect(() => explore(inline, { guards: {}, changes: {}, effects: {}, events: [] })).toThrow(/not compilable/);
    const timed = setup({}).createMachine({
      initial: 'a',
      states: { a: { after: { 1000: 'b' } }, b: {} },
    });
    expect(() => explore(timed, { guards: {}, changes: {}, effects: {}, events: [] })).toThrow(/not compilable/);
  });
});

function namesIn(tree: Tree): string[] {
  switch (tree.kind) {
    case 'end':
      return [];
    case 'guard':
      return [tree.name, ...namesIn(tree.yes), ...namesIn(tree.no)];
    case 'change':
    case 'effect':
      return [tree.name, ...namesIn(tree.next)];
  }
}
