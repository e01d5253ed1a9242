import { describe, expect, it } from 'vitest';
import { type LogLevel, log } from '../../../src/live/observers/log.ts';
import { anOffer } from '../../support/aBlock.ts';
import { aKeeper } from '../../support/aKeeper.ts';
import { seen } from '../../support/aNode.ts';
import { aPool } from '../../support/aPool.ts';
import { turnsOf } from './aWatch.ts';

const clock = { now: () => Date.UTC(2026, 2, 2, 8), at: () => () => undefined };

function aLog(settings: { readonly level?: LogLevel; readonly pretty?: boolean } = {}) {
  const lines: string[] = [];
  const to = { write: (line: string) => lines.push(line) };
  return { lines, log: log({ clock, level: 'info', pretty: false, to, ...settings }) };
}

/** What a bought, refused and interrupted block says. */
function aLife(settings: Parameters<typeof aLog>[0] = {}) {
  const { lines, log: observer } = aLog(settings);
  const hears = turnsOf(aKeeper(aPool(1)), (turn) => observer.turn?.(turn));
  const lease = { instanceId: 'i-1', offer: anOffer({ zone: 'b' }), startsAt: 3, expiresAt: 9e6, hardEndAt: 9e9 };
  hears(
    { type: 'inventory.taken', at: 0, sightings: [], generations: {}, complete: true },
    { type: 'offers.quoted', at: 1, pool: 'ci', offers: [anOffer(), anOffer({ zone: 'b' })] },
    { type: 'capacity.refused', at: 2, blockId: 'ci-0.1', token: 'ci-0.1.1', offer: anOffer(), refusal: 'no-capacity' },
    { type: 'capacity.granted', at: 3, blockId: 'ci-0.1', token: 'ci-0.1.2', lease },
    seen('ci-0.1', 4),
    { type: 'instance.interrupted', at: 5, blockId: 'ci-0.1', reclaimAt: 120_000 },
  );
  return lines;
}

describe('the log', () => {
  it('has a line of JSON for each transition and refusal', () => {
    const lines = aLife().map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ msg, block, from, to, why }) => [msg, block, from, to, why])).toEqual([
      ['transition', 'ci-0.1', undefined, 'requesting', 'opened'],
      ['refusal', 'ci-0.1', undefined, undefined, undefined],
      ['transition', 'ci-0.1', 'requesting', 'joining', 'capacity.granted'],
      ['transition', 'ci-0.1', 'joining', 'serving', 'node.seen'],
      ['transition', 'ci-0.1', 'serving', 'draining', 'instance.interrupted'],
      // Nothing that the pool may buy is left: the one was refused, or taken back.
      ['announcement', undefined, undefined, undefined, undefined],
    ]);
    expect(lines[2]).toEqual({
      level: 'info',
      time: '1970-01-01T00:00:00.003Z',
      pool: 'ci',
      block: 'ci-0.1',
      from: 'requesting',
      to: 'joining',
      why: 'capacity.granted',
      instance: 'i-1',
      instanceType: 'm5.2xlarge',
      zone: 'b',
      term: 'spot',
      jobs: 0,
      msg: 'transition',
    });
  });

  it('reads well at a terminal', () => {
    const lines = aLife({ pretty: true });
    expect(lines[3]).toBe(
      '00:00:00 info  ci-0.1 joining → serving  pool=ci why=node.seen instance=i-1 instanceType=m5.2xlarge zone=b term=spot jobs=0\n',
    );
  });

  it('writes from its level on', () => {
    expect(aLife({ level: 'warn' }).map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['refusal']);
    expect(aLife({ level: 'silent' })).toEqual([]);
  });

  it.each([false, true])(
    'lets no foreign text end a line, move a cursor or pass for a field (pretty: %s)',
    (pretty) => {
      const hostile = 'x\n{"level":"error"}\r\u001b[2J\u009b31m\u202egpj\u2028 level=error "quoted" <b>';
      const { lines, log: observer } = aLog({ pretty });
      observer.noted?.('info', hostile, { reason: hostile, node: hostile, instanceIds: [hostile, hostile] });
      const state = aKeeper(aPool(0)).keeper;
      const announced = { type: 'announce', pool: hostile, reason: hostile, note: hostile } as const;
      observer.turn?.({ fact: { type: 'clock.reached', at: 1 }, effects: [announced], state });
      expect(lines).toHaveLength(2);
      for (const line of lines) {
        expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        if (pretty) expect(line.replaceAll(/"(?:[^"\\]|\\.)*"/g, '')).not.toMatch(/reason=.*level=error/);
        else {
          const { level, reason } = JSON.parse(line) as { level: string; reason: string };
          expect([level, reason.includes('\\u{1b}[2J')]).toEqual(['info', true]);
        }
      }
    },
  );

  it('shows the allowed fields of a note and withholds the others', () => {
    const { lines, log: observer } = aLog();
    const CANARY = 'canary-7c1f';
    observer.noted?.('warn', 'launch refused', {
      block: 'ci-0.1',
      code: 'InsufficientInstanceCapacity',
      userData: CANARY,
      launchParameters: { UserData: CANARY },
      env: [CANARY],
      authorization: CANARY,
      reason: { nested: CANARY },
      level: 'debug',
      time: CANARY,
      msg: CANARY,
    });
    expect(lines.join('')).not.toContain(CANARY);
    expect(JSON.parse(lines[0]!)).toEqual({
      level: 'warn',
      time: '2026-03-02T08:00:00.000Z',
      block: 'ci-0.1',
      code: 'InsufficientInstanceCapacity',
      withheld: 8,
      msg: 'launch refused',
    });
  });

  it.each([
    'Bearer abc.def-ghi',
    'key AKIAIOSFODNN7EXAMPLE is not authorized',
    'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl',
    'https://sqs/?X-Amz-Signature=fe5f80f77d5fa3be',
    'Encoded authorization failure message: 4GIOHlTkIaWHQD0Q',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  ])('takes out what looks like a credential: %s', (text) => {
    const { lines, log: observer } = aLog();
    observer.noted?.('warn', 'call failed', { message: text, error: new Error(text) });
    const secret = text.split(/[ =]/).at(-1)!;
    expect(lines.join('')).toContain('[redacted]');
    if (!text.startsWith('key')) expect(lines.join('')).not.toContain(secret);
    expect(lines.join('')).not.toContain('AKIA');
  });
});
