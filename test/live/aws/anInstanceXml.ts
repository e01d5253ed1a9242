import type { Term } from '../../../src/domain/words.ts';
import { tagsOf } from '../../../src/live/ports/tags.ts';

/** 2 March 2026, 08:00 UTC: a Monday. */
export const MONDAY = Date.UTC(2026, 2, 2, 8);

export const FLEET = 'build-farm';

interface Shown {
  readonly instanceId?: string | undefined;
  readonly blockId?: string;
  readonly attempt?: number;
  readonly fleet?: string;
  readonly term?: Term;
  readonly durationMs?: number;
  readonly state?: string | undefined;
  readonly launchTime?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Elements beside those. */
  readonly more?: string;
}

/** One item of DescribeInstances as EC2 writes it; a field given as undefined is left out. */
export function anInstanceXml(shown: Shown = {}): string {
  const {
    blockId = 'ci-0.1',
    attempt = 1,
    fleet = FLEET,
    term = 'spot',
    durationMs = 4 * 3_600_000,
    more = '',
  } = shown;
  const instanceId = 'instanceId' in shown ? shown.instanceId : 'i-0a1';
  const state = 'state' in shown ? shown.state : 'running';
  const launchTime = 'launchTime' in shown ? shown.launchTime : new Date(MONDAY).toISOString();
  const born = (): Readonly<Record<string, string>> =>
    tagsOf({
      fleet,
      blockId,
      token: `${blockId}.${attempt}`,
      offer: { instanceType: 'm5.large', zone: 'us-east-1a', term, durationMs, usdPerHour: 0.035 },
      templateHash: 'abc123',
      at: MONDAY,
    });
  const tags = 'tags' in shown ? shown.tags : born();
  const tagSet = Object.entries(tags ?? {}).map(
    ([key, value]) => `<item><key>${key}</key><value>${value}</value></item>`,
  );
  return [
    '<item>',
    instanceId === undefined ? '' : `<instanceId>${instanceId}</instanceId>`,
    state === undefined ? '' : `<instanceState><code>16</code><name>${state}</name></instanceState>`,
    '<instanceType>m5.large</instanceType>',
    launchTime === undefined ? '' : `<launchTime>${launchTime}</launchTime>`,
    '<placement><availabilityZone>us-east-1a</availabilityZone></placement>',
    tags === undefined ? '' : `<tagSet>${tagSet.join('')}</tagSet>`,
    more,
    '</item>',
  ].join('');
}
