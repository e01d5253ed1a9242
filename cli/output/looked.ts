import { plain } from '../../report/figures.ts';
import { wrapped } from '../../report/wrapped.ts';
import type { Look } from '../../src/look/look.ts';
import type { Unknown } from '../../src/look/unknowns.ts';
import { whenText } from '../../src/look/words.ts';

/** Lines of a sentence, fit for a terminal, with an indent that grows by as much after the first line. */
export const sentence = (text: string, indent: string, width: number): readonly string[] =>
  wrapped(plain(text), indent, `${indent}  `, width);

/** Whose pools these are, when they were looked at, and who keeps them. */
export function headText({ file, at, lease }: Look, width: number): readonly string[] {
  const holder =
    lease.kind === 'unknown'
      ? 'who keeps them is unknown'
      : lease.value === undefined || lease.value.holder === ''
        ? 'nobody keeps them'
        : `kept by ${lease.value.holder}`;
  return sentence(`fleet ${file.fleet} at ${whenText(at)}, ${holder}`, '', width);
}

/** What could not be read, before anything that hangs on it. */
export const unknownText = (unknowns: readonly Unknown[], width: number): readonly string[] =>
  unknowns.length === 0
    ? []
    : ['', 'unknown', ...unknowns.flatMap(({ what, why }) => sentence(`${what}: ${why}`, '  ', width))];

/** Who holds the lease, for a JSON value: null where nobody does or it is unknown. */
export const holderOf = ({ lease }: Look): string | undefined =>
  lease.kind === 'known' && lease.value !== undefined && lease.value.holder !== '' ? lease.value.holder : undefined;
