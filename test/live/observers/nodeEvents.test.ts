import { describe, expect, it } from 'vitest';
import { objectAt, textAt } from '../../../fakes/kubernetes/json.ts';
import type { WireWorld } from '../../../fakes/wireWorld.ts';
import { lived } from '../../support/aFaultyDay.ts';

/** What people are told who look at the nodes, a line each: the node, the reason, the kind of the event and its note. */
const toldOn = (world: WireWorld): readonly (readonly string[])[] =>
  world.store
    .list('events')
    .filter((event) => textAt(objectAt(event, 'involvedObject'), 'kind') === 'Node')
    .map((event) => [
      textAt(objectAt(event, 'involvedObject'), 'name') ?? '',
      textAt(event, 'reason') ?? '',
      textAt(event, 'type') ?? '',
      textAt(event, 'message') ?? '',
    ]);

const nodesThatServed = (world: WireWorld): readonly string[] =>
  world.truth().instances.map(({ instance }) => `node-${instance.lease.instanceId}`);

describe('the events on a node', () => {
  it('say once of each that a block drains there, why, and for how many jobs it waits', async () => {
    const { world } = await lived([]);
    const told = toldOn(world);
    expect(told.map(([node]) => node).sort()).toEqual([...nodesThatServed(world)].sort());
    expect(new Set(told.map(([, reason, type]) => `${reason} ${type}`))).toEqual(new Set(['Draining Normal']));
    const notes = told.map(([, , , note]) => note);
    expect(notes).toContainEqual(
      expect.stringMatching(
        /^block ci-\d\.\d of pool ci drains, .*: its lease ends soon, or .*; 1 job runs on until then$/,
      ),
    );
    expect(notes).toContainEqual(expect.stringMatching(/; no job runs here$/));
  });

  it('warn where AWS takes the instance back', async () => {
    const { world } = await lived([], { queue: true, over: { reclaims: [{ zone: 1, at: 12, minutes: 3 }] } });
    const warned = toldOn(world).filter(([, reason]) => reason === 'Interrupted');
    expect(warned.length).toBeGreaterThan(0);
    for (const [, , type, note] of warned) {
      expect(type).toBe('Warning');
      expect(note).toContain('AWS takes the instance back');
    }
  });
});
