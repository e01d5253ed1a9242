/** A day by its number, counted from 1970-01-01, which is 0. Days of no zone: plain whole numbers, cheap to walk. */
export type Day = number;

export const DAY_MS = 86_400_000;

/** The last day that a date of four digits names: 9999-12-31. Repetitions end there. */
export const LAST_DAY: Day = 2_932_896;

/** A day as the Gregorian calendar has it; month and day from 1. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The number of a date. Days past the end of a month are of the next one. */
export function dayOf(year: number, month: number, day: number): Day {
  // March is the first month here, so that a leap day is the last of its year.
  const years = month > 2 ? year : year - 1;
  const era = Math.floor(years / 400);
  const ofEra = years - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

/** The date of a number: `dayOf` turned round. */
export function dateOf(number: Day): CivilDate {
  const shifted = number + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const years = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * years + Math.floor(years / 4) - Math.floor(years / 100));
  const months = Math.floor((5 * ofYear + 2) / 153);
  const month = months < 10 ? months + 3 : months - 9;
  return {
    year: years + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * months + 2) / 5) + 1,
  };
}

/** 1 is Monday, 7 is Sunday. */
export const weekdayOf = (day: Day): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** How many days a month has. */
export const lengthOfMonth = (year: number, month: number): number =>
  (month === 12 ? dayOf(year + 1, 1, 1) : dayOf(year, month + 1, 1)) - dayOf(year, month, 1);
