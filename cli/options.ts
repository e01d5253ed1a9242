import { type Command, InvalidArgumentError } from 'commander';
import type { NamedPolicies } from './policySets.ts';

/** The flags that simulate, compare and replay share. */
export interface PolicyFlags {
  readonly operatingHours?: readonly string[];
  readonly renewal?: readonly string[];
  readonly purchase?: readonly string[];
}

/** Adds a flag for each policy slot. */
export const withPolicyFlags = (command: Command, many: boolean): Command => {
  const value = many ? '<names>' : '<name>';
  const list = many ? ', several separated by commas' : '';
  return command
    .option(`--operating-hours ${value}`, `operating hours policy in place of the pools' own${list}`, names)
    .option(`--renewal ${value}`, `renewal policy in place of the pools' own${list}`, names)
    .option(`--purchase ${value}`, `purchase policy in place of the pools' own${list}`, names);
};

export const namedPolicies = ({ operatingHours, renewal, purchase }: PolicyFlags): NamedPolicies => ({
  ...(operatingHours === undefined ? {} : { operatingHours }),
  ...(renewal === undefined ? {} : { renewal }),
  ...(purchase === undefined ? {} : { purchase }),
});

/** A whole number, zero or more. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('expected a whole number, zero or more.');
  return Number(text);
}

function names(text: string): readonly string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.some((name) => name === '')) throw new InvalidArgumentError('expected names separated by commas.');
  return [...new Set(list)];
}
