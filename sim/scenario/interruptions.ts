import { z } from 'zod';
import { SURVIVAL_MODELS, type SurvivalModel } from '../chance/survival.ts';

const hazard = () => z.number().min(0).max(60);
const hours = (description: string) => z.number().positive().max(10_000).describe(description);

/** The forms with parameters of their own; every other name must be a published one, which brings its parameters. */
const FORMS = ['none', 'exponential', 'constant', 'bathtub', 'defined-duration', 'recorded-run'] as const;

const published = Object.keys(SURVIVAL_MODELS).filter((name) => !FORMS.some((form) => form === name));

const forms = [
  z.strictObject({ model: z.literal('none') }).describe('Nothing is interrupted'),
  z
    .strictObject({
      model: z.literal('exponential'),
      monthlyShare: z.number().min(0).lt(1).describe('Share of instances reclaimed in a month (0 to 1)'),
    })
    .describe('A constant hazard, from a monthly share as the Spot Advisor gives it'),
  z
    .strictObject({ model: z.literal('constant'), hazardPerHour: hazard().describe('Reclaims an hour') })
    .describe('A constant hazard'),
  z
    .strictObject({
      model: z.literal('bathtub'),
      a: z.number().min(0).max(1).describe('A'),
      b: hours('b, hours'),
      tau1: hours('tau1, hours'),
      tau2: hours('tau2, hours'),
    })
    .describe('F(t) = A (1 - e^(-t/tau1) + e^((t-b)/tau2)), with a forced stop at 24 h')
    .transform((parameters) => ({ ...parameters, name: 'bathtub' })),
  z
    .strictObject({
      model: z.literal('defined-duration'),
      // Early reclaim of a block is very rare; nothing closer is published.
      hazardPerHour: hazard().default(0.0001).describe('Early reclaims an hour'),
    })
    .describe('The end is certain, and an earlier one very rare')
    .transform(({ hazardPerHour }) => ({ model: 'constant' as const, hazardPerHour })),
  z
    .strictObject({ model: z.literal('recorded-run') })
    .describe('Up and down runs of the recorded availability, drawn anew'),
] as const;

/** How EC2 takes plain spot instances back: `{ model: none }`, a form with its parameters, or a published name. */
export const interruptions = z
  .discriminatedUnion('model', [
    ...forms,
    z
      .strictObject({ model: z.enum(published).describe('The name of the model') })
      .describe('A published model, by its name')
      .transform(({ model }): SurvivalModel => SURVIVAL_MODELS[model] ?? { model: 'none' }),
  ])
  .describe('How EC2 takes plain spot instances back, drawn for a whole market at once');
