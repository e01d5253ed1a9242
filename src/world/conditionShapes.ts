import { z } from 'zod';
import type { Condition } from './condition.ts';
import { count, held, instant, text } from './shapes.ts';

const market = z.string().regex(/^[^/]+\/[^/]+$/, 'expected a market such as m5.large/us-east-1a');
const price = z.number().nonnegative();
const length = z.number().nonnegative();

/** The fields of every condition. */
const CONDITION_SHAPES = {
  'price.changed': z.object({ at: instant, market, usdPerHour: price }),
  'capacity.changed': z.object({ at: instant, market, instances: count.exactOptional() }),
  'market.reclaimed': z.object({ at: instant, market }),
  'job.queued': z.object({
    ...{ at: instant, job: text, durationMs: length },
    atLeast: z.literal(true).exactOptional(),
    class: text.exactOptional(),
  }),
  'job.placed': z.object({ at: instant, job: text, queuedAt: instant, node: text, class: text.exactOptional() }),
  'node.joined': z.object({
    ...{ at: instant, node: text, group: text },
    instanceType: text.exactOptional(),
    zone: text.exactOptional(),
  }),
  'node.left': z.object({ at: instant, node: text }),
  'watch.held': z.object({ at: instant, since: instant }),
} satisfies { readonly [Type in Condition['type']]: z.ZodType<Omit<Extract<Condition, { type: Type }>, 'type'>> };

/** A condition as it was written down. @throws TypeError that names what is wrong with it, and where */
export function conditionIn(value: unknown): Condition {
  held(value, CONDITION_SHAPES, 'condition');
  // The shape of its type was checked, which TypeScript does not see through the table.
  return value as Condition;
}
