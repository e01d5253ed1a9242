import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { lengthBetween } from '../../src/config/fields.ts';
import { DURATION_PROFILE_NAMES, DURATION_PROFILES } from './durations.ts';
import { peaksFor } from './hourShape.ts';

const share = () => z.number().min(0).max(1);

/** How jobs are generated, as it is written in a scenario. Every knob has a default taken from recorded CI weeks. */
export const generatorSettings = z
  .strictObject({
    jobsPerWeekday: z
      .number()
      .min(0)
      .max(20_000)
      .default(600)
      .describe('Mean jobs on a working day, the batch included'),
    weekendShare: share().max(0.9).default(0.1).describe('Share of the jobs of a week that Saturday and Sunday have'),
    timeZone: z
      .string()
      .refine(isTimeZone, { error: 'expected an IANA time zone such as "Europe/Berlin" or "UTC"' })
      .default('UTC')
      .describe('The IANA time zone by whose wall clock people work, such as Europe/Berlin'),
    peak: z
      .number()
      .positive()
      .max(24)
      .default(2)
      .describe('Rate from 10 to 12 and 14 to 17 local, as a multiple of the mean'),
    trough: z.number().min(0).max(0.95).default(0.1).describe('Rate in the night, as a multiple of the mean'),
    jobsPerPipeline: z.number().min(1).max(1_000).default(21).describe('Mean jobs that one push starts'),
    burst: lengthBetween('0s', '6h').prefault('20s').describe('The jobs of a push are queued within this time'),
    nightly: z
      .strictObject({
        hourUtc: z.int().min(0).max(23).default(2).describe('The hour, UTC, at which the batch starts'),
        share: share().default(0.14).describe('Share of the jobs of a day that are in the batch; 0 for no batch'),
        spread: lengthBetween('0s', '1h').prefault('10m').describe('The jobs of the batch are queued within this time'),
      })
      .prefault({})
      .describe('A batch that a schedule starts every day at the same hour'),
    durations: z
      .enum(DURATION_PROFILE_NAMES)
      .default('default')
      .describe(
        `How long jobs last: ${DURATION_PROFILE_NAMES.map((name) => `${name} (${DURATION_PROFILES[name].about})`).join('; ')}`,
      ),
    cancelledShare: share()
      .optional()
      .describe('Share of jobs that are cut short; 0.104 for the default durations, 0 for those fitted to recordings'),
    shortest: lengthBetween('1s', '1h').prefault('5s').describe('No job is shorter'),
    longest: lengthBetween('1m', '7d').prefault('6h').describe('No job is longer: it is stopped'),
  })
  .superRefine(({ peak, trough, shortest, longest }, context) => {
    const { least, most } = peaksFor(trough);
    if (peak < least || peak > most)
      context.addIssue({
        code: 'custom',
        path: ['peak'],
        // Rounded inwards, so that the ends that are named can be had.
        message: `expected a peak from ${Math.ceil(least * 100) / 100} to ${Math.floor(most * 100) / 100} for a trough of ${trough}`,
      });
    if (shortest > longest)
      context.addIssue({ code: 'custom', path: ['shortest'], message: 'expected a length that is not above longest' });
  });

/** The knobs of the generator: defaults filled in, lengths in milliseconds. */
export type GeneratorSettings = z.output<typeof generatorSettings>;

/** Offsets such as `+02:00` are refused: they do not know summer time, and who writes one means a place. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
