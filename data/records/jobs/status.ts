/** What a job's state says of it, in the words of every system that has been met. */
export type Standing = 'skipped' | 'not over' | 'cancelled' | 'over' | 'unknown';

const SKIPPED = 'skipped skip notrun omitted notneeded upstreamfailed bypassed didnotrun notbuilt never';

const NOT_OVER =
  'running inprogress queued pending waiting requested scheduled created preparing building started starting assigned accepted manual blocked onhold limited limiting waitingforresource pausedpendinginput waitingforcallback canceling cancelling paused notstarted postponed approval needssetup';

const CANCELLED =
  'cancelled canceled aborted cancel abandoned cancelledrunfinally taskruncancelled pipelineruncancelled expired stale broken';

const OVER =
  'success successful succeeded succeededwithissues partiallysucceeded succeed passed pass ok complete completed completedwithwarnings done finished failed failure fail error errored unstable timedout timeout neutral actionrequired startupfailure infrastructurefail taskruntimeout pipelineruntimeout terminatedunknown true false unauthorized';

const STANDINGS: ReadonlyMap<string, Standing> = new Map(
  (
    [
      [SKIPPED, 'skipped'],
      [NOT_OVER, 'not over'],
      [CANCELLED, 'cancelled'],
      [OVER, 'over'],
    ] as const
  ).flatMap(([words, standing]) => words.split(' ').map((word) => [word, standing] as const)),
);

const met = new Map<string, Standing>();

/** What the states say together: `completed` and `skipped` is skipped, `completed` and `success` is over. */
export function standingOf(states: readonly unknown[] | undefined): Standing {
  let found: Standing = 'unknown';
  for (const state of states ?? []) {
    if (typeof state !== 'string' || state === '') continue;
    const one = standingNamed(state);
    if (one === 'skipped' || one === 'cancelled') return one;
    if (one !== 'unknown' && found !== 'not over') found = one;
  }
  return found;
}

function standingNamed(state: string): Standing {
  let standing = met.get(state);
  if (standing === undefined) {
    standing = STANDINGS.get(state.toLowerCase().replaceAll(/[^a-z]/g, '')) ?? 'unknown';
    // Some write messages where a state belongs: those are not worth keeping.
    if (met.size < 1_000) met.set(state, standing);
  }
  return standing;
}
