import { z } from 'zod';
import type { OptionPlace, PlacesByAsking } from '../config/optionPlaces.ts';
import type { OptionIssue } from './protocol.ts';

/** A schema that stands for one in another thread: it asks what that one says, and leaves the options as they were written. */
export const optionsByAsking = (
  placesIn: (options: unknown) => readonly OptionPlace[],
  issuesIn: (options: unknown) => readonly OptionIssue[],
): z.ZodType => {
  const placesByAsking: PlacesByAsking = placesIn;
  return z
    .record(z.string(), z.unknown())
    .superRefine((options, context) => {
      for (const { path, message, part } of issuesIn(options))
        context.addIssue({ code: 'custom', path: [...path], message, params: { part } });
    })
    .meta({ placesByAsking });
};
