import { describe, expect, it } from 'vitest';
import { rewritten } from '../../src/config/rewritten.ts';

const FLOW = (value: unknown): string => JSON.stringify(value);

const TEXT = `pools:
  - name: ci          # ours
    lease: { term: spot }
    scaling:
      policy: followJobs   # follows
      atLeast: 2
    surge: 2 # two

live: {}
`;

const after = (path: readonly (string | number)[], value: unknown): string => rewritten(TEXT, [{ path, value }], FLOW);

describe('a document with other values', () => {
  it('has a value in the place of another, and all else as it was', () => {
    expect(after(['pools', 0, 'surge'], 5)).toBe(TEXT.replace('surge: 2 #', 'surge: 5 #'));
    expect(after(['pools', 0, 'lease', 'term'], 'on-demand')).toBe(TEXT.replace('term: spot', 'term: "on-demand"'));
  });

  it('has a value on one line in the place of a block', () => {
    expect(after(['pools', 0, 'scaling'], { policy: 'scheduled' })).toBe(
      TEXT.replace(/scaling:\n.*\n.*\n/, 'scaling: {"policy":"scheduled"}\n'),
    );
  });

  it('has a new key after its neighbours', () => {
    expect(after(['pools', 0, 'cooling'], 1)).toBe(
      TEXT.replace('surge: 2 # two\n', 'surge: 2 # two\n    cooling: 1\n'),
    );
    expect(after(['pools', 0, 'scaling', 'headroom'], 1)).toBe(
      TEXT.replace('atLeast: 2\n', 'atLeast: 2\n      headroom: 1\n'),
    );
    expect(after(['pools', 0, 'lease', 'duration'], 1)).toBe(
      TEXT.replace('{ term: spot }', '{ term: spot, duration: 1 }'),
    );
    expect(after(['live', 'poll'], 1)).toBe(TEXT.replace('live: {}', 'live: { poll: 1 }'));
  });
});
