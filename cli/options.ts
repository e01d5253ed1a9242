import { type Command, InvalidArgumentError } from 'commander';
import { POLICY_SLOTS, type PolicySlot } from '../src/policy/definePolicy.ts';

/** The flags that name policies, by slot. */
export const SLOT_FLAGS: Readonly<Record<PolicySlot, string>> = {
  operatingHours: '--operating-hours',
  scaling: '--scaling',
  renewal: '--renewal',
  purchase: '--purchase',
};

const ABOUT: Readonly<Record<PolicySlot, string>> = {
  operatingHours: 'operating hours policy',
  scaling: 'scaling policy',
  renewal: 'renewal policy',
  purchase: 'purchase policy',
};

/** The values of flags as they were written, each flag as often as it was given. */
export type AlternativeTexts = { readonly [Slot in PolicySlot]?: readonly string[] } & {
  readonly lease?: readonly string[];
  readonly term?: readonly string[];
  readonly pools?: readonly string[];
};

/** The flags that simulate, compare and replay share: each may be given several times. */
export type PolicyFlags = Pick<AlternativeTexts, PolicySlot>;

/** Adds a flag for each policy slot: a name, or a mapping as in `pools.yaml`. */
export function withPolicyFlags(command: Command, many: boolean): Command {
  const value = many ? '<policies>' : '<policy>';
  const list = many ? ', several separated by commas' : '';
  for (const slot of POLICY_SLOTS)
    command.option(
      `${SLOT_FLAGS[slot]} ${value}`,
      `${ABOUT[slot]} in place of the pools' own: a name, or { policy: NAME, OPTION: VALUE }${list}`,
      gathered,
    );
  return command;
}

/** Adds the flags that vary everything else about pools in a simulated week. */
export function withPoolsFlags(command: Command, many: boolean): Command {
  const list = many ? ', several separated by commas' : '';
  return command
    .option(
      `--lease <length${many ? 's' : ''}>`,
      `how long a block owns its instance: 1h${many ? ',4h' : ''}`,
      gathered,
    )
    .option(`--term <term${many ? 's' : ''}>`, `how blocks are bought: spot, on-demand, spot-block${list}`, gathered)
    .option(`--pools <file${many ? 's' : ''}>`, `pools in place of the scenario's own: files${list}`, gathered);
}

/** A whole number, zero or more. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('expected a whole number, zero or more.');
  return Number(text);
}

const gathered = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
