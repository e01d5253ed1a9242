/** One thing that was measured beside its floor. Null: it could not be measured here, and `note` says why. */
export interface Figure {
  /** What is measured, and against what: `week-v1/vs-hand-loop`. */
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  /** The same of what it is measured against, in the same unit and the same run. */
  readonly floor: number | null;
  /** `value / floor`; where neither has a unit, the two are set in relation by `name`. */
  readonly ratio: number | null;
  readonly note?: string;
}

/** A figure beside its floor. */
export const against = (name: string, unit: string, value: number, floor: number): Figure => ({
  ...{ name, value, unit, floor },
  ratio: value / floor,
});

/** A figure that stands by itself. */
export const alone = (name: string, unit: string, value: number): Figure => ({
  ...{ name, value, unit, floor: null, ratio: null },
});

/** What could not be measured here. */
export const missing = (name: string, unit: string, note: string): Figure => ({
  ...{ name, unit, note, value: null, floor: null, ratio: null },
});

/** A figure as a line of a table. */
export function lineOf({ name, value, unit, floor, ratio, note }: Figure): string {
  const cells = [
    name.padEnd(44),
    (value === null ? 'not measured' : `${shown(value)} ${unit}`).padStart(22),
    (floor === null ? '' : `floor ${shown(floor)}`).padStart(18),
    (ratio === null ? '' : `${shown(ratio)} x`).padStart(12),
  ];
  return `${cells.join(' ')}${note === undefined ? '' : `  ${note}`}`.trimEnd();
}

/** Three digits are all that a measurement on a shared machine is good for. */
const shown = (value: number): string =>
  value >= 1_000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);

/** As JSON has it: five digits, so that a history is read and compared easily. */
export const rounded = (figure: Figure): Figure => ({
  ...figure,
  value: digits(figure.value),
  floor: digits(figure.floor),
  ratio: digits(figure.ratio),
});

const digits = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(5));
