import type { MachineKind, PlacedJob, ReferenceQuestion } from '../../../sim/baselines/bound/question.ts';
import { type Instant, minutes } from '../../../src/domain/time.ts';

/**
 * The two references by their definition: every way is tried. All that happens but a reclaim happens on a whole minute.
 */
export function exhaustively(question: ReferenceQuestion): { bound(): number; foresight(): number } {
  const { from, until, market, machines, extraUsdPerHour } = question;
  const jobs = question.jobs
    .filter(({ queuedAt }) => queuedAt >= from && queuedAt < until)
    // Of jobs that start together the first to end counts as the first.
    .sort((a, b) => a.queuedAt - b.queuedAt || endOf(a) - endOf(b));
  const reclaimsOf = ({ instanceType, zone, term }: MachineKind): readonly Instant[] =>
    term === 'spot' ? market.reclaims(instanceType, zone) : [];
  const price = remembered(
    ({ instanceType, zone, term, durationMs = 0 }, at) =>
      (market.quote(instanceType, zone, term, durationMs, at) ?? Infinity) + (extraUsdPerHour?.(instanceType) ?? 0),
  );
  const room = remembered((machine, at) => {
    if (price(machine, at) === Infinity) return 0;
    return machine.always === true ? Infinity : market.room(machine.instanceType, machine.zone, at, machine.term);
  });
  const runs = (job: PlacedJob, machine: MachineKind): boolean => question.allowed?.(job, machine) ?? true;
  const holds = (machine: MachineKind, held: readonly PlacedJob[]): boolean =>
    machine.capacity.every((size, at) => held.reduce((sum, { requests }) => sum + requests[at]!, 0) <= size + 1e-9);
  return { bound, foresight };

  function endOf(job: PlacedJob): Instant {
    return Math.min(until, job.queuedAt + job.durationMs);
  }

  function foresight(): number {
    interface Machine {
      readonly machine: MachineKind;
      readonly held: readonly PlacedJob[];
      readonly boughtAt: Instant;
      readonly endsAt: Instant;
      readonly usd: number;
    }
    let best = Infinity;
    place(0, []);
    return best;

    function place(next: number, chains: readonly Machine[]): void {
      const usd = chains.reduce((sum, chain) => sum + chain.usd, 0);
      if (usd >= best) return;
      const job = jobs[next];
      if (job === undefined) {
        if (chains.every((chain) => findsRoom(chain, chains))) best = usd;
        return;
      }
      for (const [at, chain] of chains.entries()) tryChain(next, chains.toSpliced(at, 1), chain);
      for (const machine of machines) {
        const boughtAt = Math.max(from, job.queuedAt - question.boots(job));
        if (room(machine, boughtAt) > 0) tryChain(next, chains, { machine, boughtAt, held: [] });
      }
    }

    function tryChain(next: number, others: readonly Machine[], one: Omit<Machine, 'endsAt' | 'usd'>): void {
      const job = jobs[next]!;
      const { machine, boughtAt } = one;
      const held = [...one.held, job];
      const endsAt = Math.max(...held.map(endOf));
      if (!runs(job, machine)) return;
      if (
        !holds(
          machine,
          held.filter((other) => endOf(other) > job.queuedAt),
        )
      )
        return;
      if (reclaimsOf(machine).some((at) => boughtAt < at && at < endsAt)) return;
      if (machine.term === 'spot-block' && endsAt - boughtAt > (machine.durationMs ?? 0)) return;
      let usd = 0;
      for (let at = boughtAt; at < endsAt; at += minutes(1)) usd += price(machine, at) / 60;
      place(next + 1, [...others, { machine, held, boughtAt, endsAt, usd }]);
    }

    function findsRoom({ machine, boughtAt }: Machine, chains: readonly Machine[]): boolean {
      if (machine.term === 'on-demand') return true;
      const living = chains.filter(
        (other) =>
          other.machine.term !== 'on-demand' &&
          other.machine.instanceType === machine.instanceType &&
          other.machine.zone === machine.zone &&
          other.boughtAt <= boughtAt &&
          boughtAt < other.endsAt,
      );
      return living.length <= room(machine, boughtAt);
    }
  }

  function bound(): number {
    const instants = new Set(machines.flatMap((machine) => [...reclaimsOf(machine)]));
    for (let at = from; at <= until; at += minutes(1)) instants.add(at);
    const moments = [...instants].sort((a, b) => a - b);
    const known = new Map<string, number>();
    let usd = 0;
    for (const [index, at] of moments.slice(0, -1).entries()) {
      const running = jobs.filter((job) => job.queuedAt <= at && at < endOf(job));
      if (running.length === 0) continue;
      const shelf = machines.map((machine) => standing(machine, at, moments.slice(0, index + 1)));
      const key = `${running.map(({ name }) => name).join()} ${shelf.map((one) => Object.values(one).join('*')).join()}`;
      if (!known.has(key)) known.set(key, cheapest(running, shelf));
      usd += (known.get(key)! * (moments[index + 1]! - at)) / minutes(60);
    }
    return usd;
  }

  /** How many of a kind could be there now, bought at one of the moments until now, and at what price at least. */
  function standing(machine: MachineKind, now: Instant, moments: readonly Instant[]) {
    const still = moments.filter(
      (at, index) =>
        !reclaimsOf(machine).some((reclaim) => at < reclaim && reclaim <= now) &&
        // Bought at any time before the next moment.
        (machine.term !== 'spot-block' || now < (moments[index + 1] ?? now + 1) + (machine.durationMs ?? 0)),
    );
    const bought = still.filter((at) => room(machine, at) > 0);
    const usdPerHour =
      machine.term === 'spot-block' ? Math.min(...bought.map((at) => price(machine, at))) : price(machine, now);
    return { usdPerHour, most: Math.max(0, ...bought.map((at) => room(machine, at))) };
  }

  function cheapest(running: readonly PlacedJob[], shelf: readonly { usdPerHour: number; most: number }[]): number {
    let best = Infinity;
    place(0, [], 0);
    return best;

    function place(next: number, bins: readonly { kind: number; held: readonly PlacedJob[] }[], usd: number): void {
      if (usd >= best) return;
      const job = running[next];
      if (job === undefined) {
        best = usd;
        return;
      }
      for (const [at, { kind, held }] of bins.entries())
        if (runs(job, machines[kind]!) && holds(machines[kind]!, [...held, job]))
          place(next + 1, bins.with(at, { kind, held: [...held, job] }), usd);
      for (const [kind, machine] of machines.entries()) {
        const { usdPerHour, most } = shelf[kind]!;
        if (bins.filter((bin) => bin.kind === kind).length < most && runs(job, machine) && holds(machine, [job]))
          place(next + 1, [...bins, { kind, held: [job] }], usd + usdPerHour);
      }
    }
  }
}

/** The same question is asked very often. */
function remembered(answer: (machine: MachineKind, at: Instant) => number) {
  const known = new Map<MachineKind, Map<Instant, number>>();
  return (machine: MachineKind, at: Instant): number => {
    const own = known.get(machine) ?? new Map<Instant, number>();
    known.set(machine, own);
    const found = own.get(at) ?? answer(machine, at);
    own.set(at, found);
    return found;
  };
}
