import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../src/live/kubernetes/kubeObject.ts';
import { type Followed, follow } from '../../../../src/live/kubernetes/watch/follow.ts';
import { reflectedSet } from '../../../../src/live/kubernetes/watch/reflectedSet.ts';

const silentListener = { listed: () => undefined, changed: () => undefined, removed: () => undefined };

const added = (name: string, version: number): string =>
  `${JSON.stringify({ type: 'ADDED', object: { metadata: { name, uid: name, resourceVersion: String(version) } } })}\n`;

/** What is held after these chunks, and what it leaves in doubt. */
async function after(chunks: readonly (string | Error)[]) {
  const set = reflectedSet<string>(({ metadata }: KubeObject) => metadata.name, silentListener);
  const state: Followed = { listNeeded: false, heardAt: 0, eventsSeen: 0 };
  async function* arriving(): AsyncGenerator<string> {
    for (const chunk of chunks) {
      if (typeof chunk !== 'string') throw chunk;
      yield await Promise.resolve(chunk);
    }
  }
  const ended = await follow(arriving(), set, state).catch((error: unknown) => ({ broke: String(error) }));
  return { held: set.items(), listNeeded: state.listNeeded, ended };
}

describe('following a watch', () => {
  it('takes lines over wherever they are parted', async () => {
    const text = added('a', 1) + added('b', 2);
    expect(await after(Array.from(text))).toEqual({ held: ['a', 'b'], listNeeded: false, ended: undefined });
  });

  it('goes on from where it was when the connection breaks', async () => {
    expect(await after([added('a', 1), '{"type":"ADD', new Error('reset')])).toEqual({
      ...{ held: ['a'], listNeeded: false, ended: { broke: 'Error: reset' } },
    });
  });

  it.each([
    ['is cut short', '{"type":"DELETED","object":{"metadata"'],
    ['is longer than any object', 'x'.repeat(9 * 1024 * 1024)],
    ['is an ERROR', '{"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}}\n'],
    ['is an ERROR that says nothing', '{"type":"ERROR","object":null}\n'],
    ['is a bookmark of nothing', '{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":""}}}\n'],
    ['is of no type that is known', '{"type":"CHANGED","object":{}}\n'],
    ['is an object without a name', '{"type":"ADDED","object":{"metadata":{"uid":"u","resourceVersion":"3"}}}\n'],
    ['is a page', '<html>\n'],
  ])('stops at a line that %s, and needs a list', async (_, line) => {
    const { ended, ...rest } = await after([added('a', 1), line, added('b', 2)]);
    expect(rest).toEqual({ held: ['a'], listNeeded: true });
    expect(ended).toHaveProperty('message');
  });
});
