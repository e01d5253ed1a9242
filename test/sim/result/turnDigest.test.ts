import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../policies/catalogue.ts';
import { TurnDigest } from '../../../sim/result/turnDigest.ts';
import { TurnText } from '../../../sim/result/turnText.ts';
import { readScenario } from '../../../sim/scenario/readScenario.ts';
import { simulate } from '../../../sim/simulate.ts';
import type { Effect } from '../../../src/domain/effects.ts';
import type { Fact } from '../../../src/domain/facts.ts';
import { after, hours, NEVER } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { lineOfTurn } from '../../../src/world/recording.ts';
import { anyFact } from '../../support/anyFact.ts';

describe('The text of a turn', () => {
  const instant = fc.oneof(fc.integer({ min: 1, max: 2 ** 45 }), fc.integer({ min: -5, max: 5 }), fc.constant(1.5));
  const fields = { at: instant, takenAt: instant, startedAt: instant, hardEndAt: fc.constantFrom(NEVER, 17) };

  it('says the same as its line in a recording, whatever the fact: nothing that a fact may hold is left out', () => {
    const texts = new TurnText();
    fc.assert(
      fc.property(anyFact(fields), (fact) => {
        expect(JSON.parse(texts.line(fact, []))).toEqual(JSON.parse(lineOfTurn(fact, [])));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is its line in a recording to the letter, through a day in which things go wrong', async () => {
    const week = await readScenario('scenarios/ci-week', catalogue);
    const scenario = {
      ...week,
      until: after(week.from, hours(34)),
      disturbances: {
        ...week.disturbances,
        ...{ repeats: 0.1, delays: 0.1, lostAnswers: 0.05, untried: 0.05, lostEffects: 0.05, unseenNodes: 0.2 },
        restarts: [after(week.from, hours(12))],
      },
    };
    const turns: (readonly [Fact, readonly Effect[]])[] = [];
    const turn = (fact: Fact, effects: readonly Effect[]) => turns.push([structuredClone(fact), effects]);
    const { digest } = await simulate(scenario, poolsOf(scenario.pools, catalogue), 'x', { turn });
    expect(new Set(turns.map(([{ type }]) => type)).size).toBeGreaterThan(10);

    const texts = new TurnText();
    const hash = createHash('sha256');
    for (const [fact, effects] of turns) {
      expect(texts.line(fact, effects)).toBe(lineOfTurn(fact, effects));
      hash.update(`${lineOfTurn(fact, effects)}\n`);
    }
    expect(digest).toBe(hash.digest('hex'));
  });
});

it('A digest of no turns is that of nothing', () => {
  expect(new TurnDigest().hex()).toBe(createHash('sha256').digest('hex'));
});
