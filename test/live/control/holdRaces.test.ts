import { describe, expect, it } from 'vitest';
import { HoldRaces } from '../../../src/live/control/holdRaces.ts';
import type { WaitingPod } from '../../../src/live/kubernetes/podDelay.ts';
import type { HoldResult } from '../../../src/live/observers/holdCounts.ts';
import { seconds } from '../../support/lengths.ts';

/** A pod that was created at 0, with a delay and for whom it is held. */
const pod = (value?: string, mark?: string): WaitingPod => ({
  ...{ uid: 'build', namespace: 'ci', name: 'build', createdAt: 0 },
  delay: { value, mark },
});

const waits = pod('10s');
const held = pod('60s', 'test/ci 60s 10s');

type Step = readonly [at: number, what: 'to hold' | 'look' | 'held' | 'released' | 'gone', pod?: WaitingPod];

/** What is told of one pod, by what happens at these seconds. */
function toldOf(steps: readonly Step[]): readonly HoldResult[] {
  const told: HoldResult[] = [];
  const races = new HoldRaces('test', (result) => void told.push(result));
  for (const [at, what, one = waits] of steps)
    if (what === 'held') races.held(one, seconds(at));
    else if (what === 'released') races.released(one);
    else races.look(what === 'gone' ? [] : [one], new Set(what === 'to hold' ? ['build'] : []), seconds(at));
  return told;
}

describe('what becomes of a hold', () => {
  it.each<[string, readonly HoldResult[], readonly Step[]]>([
    [
      'written before the delay ends: held, once',
      ['held'],
      [
        [1, 'to hold'],
        [2, 'held'],
        [3, 'to hold', held],
        [4, 'held', held],
      ],
    ],
    [
      'written after it has ended: lost',
      ['lost'],
      [
        [9, 'to hold'],
        [11, 'held'],
      ],
    ],
    [
      'not written by then: lost, once',
      ['lost'],
      [
        [1, 'to hold'],
        [11, 'to hold'],
        [21, 'to hold'],
        [22, 'held'],
      ],
    ],
    [
      'without a delay, in two seconds: held',
      ['held'],
      [
        [1, 'to hold', pod()],
        [1.9, 'held', pod()],
      ],
    ],
    [
      'without a delay, after two seconds: lost',
      ['lost'],
      [
        [1, 'to hold', pod()],
        [2, 'held', pod()],
      ],
    ],
    [
      'of a job that waited for room first: late, and no race',
      ['late'],
      [
        [30, 'to hold'],
        [31, 'held'],
      ],
    ],
    [
      'of a job that found a node meanwhile: nothing',
      [],
      [
        [1, 'to hold'],
        [2, 'gone'],
        [30, 'gone'],
      ],
    ],
    [
      'that is not wanted any more before it was written: nothing',
      [],
      [
        [1, 'to hold'],
        [2, 'look'],
        [30, 'look'],
      ],
    ],
    [
      'taken off: released',
      ['held', 'released'],
      [
        [1, 'to hold'],
        [2, 'held'],
        [5, 'look', held],
        [6, 'released', held],
        [70, 'look', held],
      ],
    ],
    [
      'over while the job waits: expired, once',
      ['held', 'expired'],
      [
        [1, 'to hold'],
        [2, 'held'],
        [60, 'look', held],
        [61, 'look', held],
        [62, 'released', held],
      ],
    ],
    [
      'of an earlier life: followed, and not counted as held',
      ['expired'],
      [
        [20, 'look', held],
        [61, 'look', held],
      ],
    ],
    [
      'that its user has written over: nothing more',
      ['held'],
      [
        [1, 'to hold'],
        [2, 'held'],
        [61, 'look', pod('30s', 'test/ci 60s 10s')],
      ],
    ],
  ])('%s', (_, expected, steps) => {
    expect(toldOf(steps)).toEqual(expected);
  });
});
