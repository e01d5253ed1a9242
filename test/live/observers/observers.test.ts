import { describe, expect, it } from 'vitest';
import { observers } from '../../../src/live/observers/observers.ts';
import { aKeeper } from '../../support/aKeeper.ts';
import { aPool } from '../../support/aPool.ts';
import { turnsOf } from './aWatch.ts';

describe('observers', () => {
  it('are all told, in order', () => {
    const told: string[] = [];
    const note = (name: string) => ({
      name,
      turn: () => void told.push(`${name} turn`),
      called: () => void told.push(`${name} called`),
      noted: (_: string, event: string) => void told.push(`${name} ${event}`),
    });
    const all = observers([note('log'), { name: 'deaf' }, note('metrics')]);
    turnsOf(aKeeper(aPool(1)), all.turn)({ type: 'clock.reached', at: 1 });
    all.called({ api: 'ec2', action: 'RunInstances', outcome: 'ok', durationMs: 3 });
    all.noted('info', 'hello');
    expect(told).toEqual(['log turn', 'metrics turn', 'log called', 'metrics called', 'log hello', 'metrics hello']);
  });

  it('leave out the one that throws, and say so once to the others', () => {
    const notes: unknown[] = [];
    let asked = 0;
    const all = observers([
      {
        name: 'broken',
        turn: () => {
          asked += 1;
          throw new Error('full');
        },
        noted: () => {
          throw new Error('this one must not be told of itself');
        },
      },
      { name: 'log', noted: (level, event, data) => void notes.push([level, event, data?.['observer']]) },
    ]);
    turnsOf(aKeeper(aPool(1)), all.turn)({ type: 'clock.reached', at: 1 }, { type: 'clock.reached', at: 2 });
    expect(asked).toBe(1);
    expect(notes).toEqual([['error', 'observer left out', 'broken']]);
  });

  it('survive that all of them throw', () => {
    const fail = (): never => {
      throw new Error('no');
    };
    const all = observers([
      { name: 'one', turn: fail, noted: fail },
      { name: 'two', turn: fail, noted: fail },
    ]);
    turnsOf(aKeeper(aPool(1)), all.turn)({ type: 'clock.reached', at: 1 });
    all.noted('error', 'nobody listens');
  });
});
