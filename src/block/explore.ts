import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { inertScope, type Resolved } from './interpreted.ts';

/** What one event does in one state: guards to ask, changes and effects in order, and the state it ends in. */
export type Tree =
  | { readonly kind: 'change' | 'effect'; readonly name: string; readonly params: unknown; readonly next: Tree }
  | { readonly kind: 'guard'; readonly name: string; readonly params: unknown; readonly yes: Tree; readonly no: Tree }
  | { readonly kind: 'end'; readonly state: number };

/** A whole chart as decision trees, one a cell (state × event); a cell in which nothing happens is undefined. */
export interface Table {
  readonly states: readonly string[];
  readonly events: readonly string[];
  readonly birth: Tree;
  /** `cells[state * events.length + event]`. */
  readonly cells: readonly (Tree | undefined)[];
}

/** The names that a chart may use. */
export interface Vocabulary {
  readonly guards: Readonly<Record<string, unknown>>;
  readonly changes: Readonly<Record<string, unknown>>;
  readonly effects: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
}

type Line =
  | {
      readonly kind: 'change' | 'effect' | 'guard';
      readonly name: string;
      readonly params: unknown;
      readonly answer?: boolean;
    }
  | { readonly kind: 'end'; readonly state: number; readonly answer?: never };

const MOST_PATHS = 4_096;

/**
 * Compiles a chart by letting XState itself run it: every named guard becomes an oracle that answers from a script,
 * every named action a recorder, and each cell is run once for each path through its guards. So no rule of XState is
 * written a second time. Throws where the chart is not compilable.
 */
export function explore(machine: AnyStateMachine, { guards, changes, effects, events }: Vocabulary): Table {
  let script: boolean[] = [];
  let asked = 0;
  let lines: Line[] = [];
  let known = new Map<string, boolean>();

  // Between two changes a guard is asked once, since guards are pure.
  const oracle =
    (name: string) =>
    (_: unknown, params: unknown): boolean => {
      const question = JSON.stringify([name, params]);
      const before = known.get(question);
      if (before !== undefined) return before;
      const answer = (script[asked++] ??= true);
      known.set(question, answer);
      lines.push({ kind: 'guard', name, params, answer });
      return answer;
    };
  const record = ({ type: name, params }: Resolved): void => {
    if (name in effects) lines.push({ kind: 'effect', name, params });
    else if (name in changes) {
      known = new Map();
      lines.push({ kind: 'change', name, params });
    } else throw new Error(`not compilable: ${name} is not a named change or effect`);
  };
  const inert = Object.fromEntries(
    [...Object.keys(changes), ...Object.keys(effects)].map((name) => [name, () => undefined]),
  );
  const oracles = Object.fromEntries(Object.keys(guards).map((name) => [name, oracle(name)]));
  // `provide` wants the machine's own types, which a compiler for any machine does not have.
  const probe = machine.provide({ guards: oracles, actions: inert } as never);
  const scope = inertScope(probe, record);

  const states: AnyMachineSnapshot[] = [];
  const indexOf = (snapshot: AnyMachineSnapshot): number => {
    if (snapshot.status === 'error') throw snapshot.error;
    const index = states.findIndex((state) => keyOf(state) === keyOf(snapshot));
    return index >= 0 ? index : states.push(snapshot) - 1;
  };
  const treeOf = (run: () => AnyMachineSnapshot): Tree => {
    const paths: Line[][] = [];
    script = [];
    do {
      asked = 0;
      lines = [];
      known = new Map();
      const state = indexOf(run());
      paths.push([...lines, { kind: 'end', state }]);
      if (paths.length > MOST_PATHS) throw new Error('not compilable: too many paths through guards');
      script.length = asked;
      while (script.at(-1) === false) script.pop();
      if (script.length > 0) script[script.length - 1] = false; // next path: the last yes becomes a no
    } while (script.length > 0);
    return fold(paths, 0);
  };

  const birth = treeOf(() => probe.getInitialSnapshot(scope, undefined));
  const cells: (Tree | undefined)[] = [];
  for (let from = 0; from < states.length; from += 1) {
    // `states` grows while it is walked.
    const before = states[from]!;
    for (const type of events) {
      const tree = before.status === 'active' ? treeOf(() => probe.transition(before, { type }, scope)) : undefined;
      cells.push(tree?.kind === 'end' && tree.state === from ? undefined : tree);
    }
  }
  return { states: states.map(({ value }) => String(value)), events, birth, cells };
}

const keyOf = ({ value, status }: AnyMachineSnapshot): string => JSON.stringify([value, status]);

/** Paths that share their beginning, as one tree; a guard whose two answers lead to the same is left out. */
function fold(paths: readonly (readonly Line[])[], depth: number): Tree {
  const line = paths[0]![depth]!;
  if (line.kind === 'end') return line;
  const { kind, name, params } = line;
  if (kind !== 'guard') return { kind, name, params, next: fold(paths, depth + 1) };
  const after = (answer: boolean): Tree =>
    fold(
      paths.filter((path) => path[depth]!.answer === answer),
      depth + 1,
    );
  const yes = after(true);
  const no = after(false);
  return JSON.stringify(yes) === JSON.stringify(no) ? yes : { kind, name, params, yes, no };
}
