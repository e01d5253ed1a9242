import { describe, expect, it } from 'vitest';
import { jsonOfProtobuf } from '../../../fakes/kubernetes/protobuf.ts';

/** A field with its length before it, as protobuf writes texts, bytes and messages; nothing here is longer than 127 bytes. */
const field = (number: number, content: string | Buffer): Buffer => {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
};
const flag = (number: number, value: number): Buffer => Buffer.from([number << 3, value]);
const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);

/** A body of a kind, in the envelope of Kubernetes. */
const body = (kind: string, raw: Buffer): Buffer =>
  message(Buffer.from('k8s\0'), field(1, message(field(1, 'v1'), field(2, kind))), field(2, raw));

describe('A body in protobuf', () => {
  it('is read as the JSON that says the same', () => {
    const labels = ['owner', 'name'].map((key) => field(11, message(field(1, key), field(2, 'helm'))));
    const metadata = message(field(1, 'sh.helm.release.v1.a.v1'), field(3, ''), ...labels);
    const secret = message(
      ...[
        field(1, metadata),
        field(2, message(field(1, 'release'), field(2, Buffer.from([0, 255])))),
        field(3, 'helm'),
      ],
      flag(5, 1),
    );
    expect(JSON.parse(jsonOfProtobuf(body('Secret', secret)) ?? '')).toEqual({
      ...{ apiVersion: 'v1', kind: 'Secret', type: 'helm', immutable: true, data: { release: 'AP8=' } },
      metadata: { name: 'sh.helm.release.v1.a.v1', labels: { owner: 'helm', name: 'helm' } },
    });
    const options = message(flag(1, 30), field(4, 'Background'), field(5, 'All'));
    expect(JSON.parse(jsonOfProtobuf(body('DeleteOptions', options)) ?? '')).toMatchObject({
      ...{ gracePeriodSeconds: 30, propagationPolicy: 'Background', dryRun: ['All'] },
    });
  });

  it('is nothing where it is of another kind, cut off, or no such thing', () => {
    const whole = body('Secret', message(field(3, 'helm')));
    expect(jsonOfProtobuf(whole)).toBeDefined();
    for (const wrong of [body('Pod', Buffer.alloc(0)), whole.subarray(0, -1), Buffer.from('{}'), Buffer.alloc(0)])
      expect(jsonOfProtobuf(wrong)).toBeUndefined();
  });
});
