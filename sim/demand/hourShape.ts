import { exp, ln } from '../chance/maths.ts';

/**
 * How much of its height each local hour of a working day has, 0 in the night and 1 in the two humps, 10 to 12 and 14 to
 * 17. The slopes are such that a peak of twice the mean and a trough of a tenth of it need no bending.
 */
const HEIGHTS: readonly number[] = [
  0, 0, 0, 0, 0, 0, 3, 7, 12, 16, 19, 19, 16, 16, 19, 19, 19, 16, 13, 10, 7, 5, 0, 0,
].map((height) => height / 19);

/** The bends that are tried: beyond them a day would be all night or all hump. */
const BENDS = [1 / 64, 64] as const;

/** What the peak of a day may be, as a multiple of its mean, for a given trough. */
export function peaksFor(trough: number): { readonly least: number; readonly most: number } {
  const peakAt = (bend: number): number => trough + (1 - trough) / meanHeight(bend);
  return { least: peakAt(BENDS[0]), most: peakAt(BENDS[1]) };
}

/**
 * The rate of each of the 24 local hours as a multiple of the day's mean: `peak` in the humps, `trough` in the night, and a
 * mean of 1, for which the slopes between are bent up or down.
 *
 * @throws RangeError for a peak outside `peaksFor(trough)`
 */
export function hourShape(peak: number, trough: number): readonly number[] {
  const { least, most } = peaksFor(trough);
  if (!(peak >= least && peak <= most)) throw new RangeError(`expected a peak from ${least} to ${most}, found ${peak}`);
  const wanted = (1 - trough) / (peak - trough);
  let [low, high]: [number, number] = [...BENDS];
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (low + high) / 2;
    if (meanHeight(middle) > wanted) low = middle;
    else high = middle;
  }
  return bent(low).map((height) => trough + (peak - trough) * height);
}

const bent = (bend: number): readonly number[] => HEIGHTS.map((height) => (height === 0 ? 0 : exp(bend * ln(height))));

const meanHeight = (bend: number): number => bent(bend).reduce((sum, height) => sum + height, 0) / HEIGHTS.length;
