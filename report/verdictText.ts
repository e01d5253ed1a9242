import type { Verdict } from '../sim/outcome.ts';
import type { Expectations } from '../sim/scenario/scenario.ts';
import { countText, hoursText, lengthText, percentText, usdText } from './figures.ts';

/** How the figures of each expectation read. */
const TEXT_OF: Readonly<Record<keyof Expectations, (value: number) => string>> = {
  costAtMost: (value) => `${usdText(value)} USD`,
  savingAtLeast: percentText,
  killedAtMost: countText,
  waitP50AtMost: lengthText,
  waitP95AtMost: lengthText,
  uncoveredBlockHoursAtMost: (value) => `${hoursText(value)} h`,
  peakBlocksAtMost: countText,
  onBlocksAtLeast: percentText,
};

/** An expectation as cells: its name as the scenario writes it, limit, found, `holds` or `MISSED`. */
export function verdictCells({ name, limit, found, holds }: Verdict): readonly [string, string, string, string] {
  const textOf = new Map(Object.entries(TEXT_OF)).get(name) ?? String;
  const texts = [textOf(limit), textOf(found)] as const;
  // A limit missed by less than is shown would read "expected 10.0, found 10.0": then both are shown in full.
  const [limitText, foundText] = !holds && texts[0] === texts[1] ? [String(limit), String(found)] : texts;
  return [name, limitText, foundText, holds ? 'holds' : 'MISSED'];
}
