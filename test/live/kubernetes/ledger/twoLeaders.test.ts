import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Ledger, openLedger, type Written } from '../../../../src/live/kubernetes/ledger/ledger.ts';
import { silent } from '../../../../src/live/ports/telemetry.ts';
import { stillness } from '../../../support/stillness.ts';
import { type Fate, type ScriptedApi, scriptedApi } from './scriptedApi.ts';

const TOKENS = ['ci-0.1.1', 'ci-1.1.1', 'ci-2.1.1', 'ci-3.1.1'];
const FATES = ['serve', 'lose request', 'lose answer', 'late', 'fail'] as const;
const OPENINGS = 3;

/** Which of the requests that wait is let go next, and what becomes of it. */
interface Turn {
  readonly which: number;
  readonly fate: (typeof FATES)[number];
  /** Whether a request that was cut off earlier arrives first. */
  readonly arrival: boolean;
}

/** The tokens that a keeper was told it may buy with. */
type Held = Set<string>;

it('never lets two keepers hold one token, whatever is lost, late or interleaved, though both believe to lead', async () => {
  const turn = fc.record({
    which: fc.nat(3),
    fate: fc.oneof({ weight: 3, arbitrary: fc.constant<Turn['fate']>('serve') }, fc.constantFrom(...FATES)),
    arrival: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { minLength: 4, maxLength: 40 }), async (turns) => {
      const api = await scriptedApi();
      try {
        const finished = direct(api, turns);
        const held = await Promise.all([
          keeper(api, 'keeper-a', TOKENS),
          keeper(api, 'keeper-b', [...TOKENS].reverse()),
        ]);
        finished();
        const stands = launchesIn(api);
        for (const token of TOKENS) {
          const holders = ['keeper-a', 'keeper-b'].filter((_, index) => held[index]?.has(token));
          expect(holders.length, token).toBeLessThanOrEqual(1);
          if (holders.length === 1) expect(stands[token]).toEqual({ by: holders[0] });
        }
      } finally {
        await api.close();
      }
    }),
    { numRuns: 25 },
  );
});

/** Opens the ledger and asks for every token as its own, and again after a fence or a failure, as stubborn as can be. */
async function keeper(api: ScriptedApi, identity: string, tokens: readonly string[]): Promise<Held> {
  const held: Held = new Set();
  for (let opening = 0; opening < OPENINGS; opening += 1) {
    const opened = await openLedger({
      ...{ kube: api.kube(), namespace: 'ci', fleet: 'ci', telemetry: silent, mayOpen: () => true },
      writer: { identity, term: opening },
    });
    if (opened.kind === 'failed') continue;
    const intend = async (token: string): Promise<Written> => {
      const written = await opened.value.intend([{ kind: 'launch', token, at: 1, intent: { by: identity } }]);
      if (written === 'written') held.add(token);
      return written;
    };
    const [first = '', second = '', ...others] = tokens;
    let told: Written[] = await Promise.all([intend(first), intend(second)]);
    for (const token of others) told = [...told, await intend(token)];
    if (told.every((written) => written === 'written')) break;
  }
  return held;
}

/**
 * Holds every request until two wait or nothing else can come, and lets them go by the script; when the script is over
 * all are served. Answers how to end it, upon which everything late arrives.
 */
function direct(api: ScriptedApi, script: readonly Turn[]): () => void {
  const turns = [...script];
  const waiting: ((fate: Fate) => void)[] = [];
  const late: (() => void)[] = [];

  function letOneGo(): void {
    const turn = turns.shift() ?? { which: 0, fate: 'serve', arrival: false };
    if (turn.arrival) late.shift()?.();
    const [go] = waiting.splice(turn.which % waiting.length, 1);
    go?.(
      turn.fate === 'late'
        ? { late: (arrive) => late.push(arrive) }
        : turn.fate === 'fail'
          ? { status: 500 }
          : turn.fate,
    );
  }

  api.fate = () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      // Each keeper has one request on its way at most, so two are all that can wait. One that waits alone is let go when no
      // other is on its way.
      if (waiting.length > 1) letOneGo();
      const state = (): string => String(api.asked.length);
      void stillness(state, () => false).then(() => {
        if (waiting.includes(resolve)) letOneGo();
      });
    });
  return () => {
    for (const arrive of late) arrive();
  };
}

function launchesIn(api: ScriptedApi): Readonly<Record<string, unknown>> {
  const text = api.objects.get('configmaps/spot-keeper-ci')?.data?.['ledger.json'];
  // What the ledger itself has written.
  return text === undefined ? {} : (JSON.parse(text) as { state: Ledger['state'] }).state.launches;
}
