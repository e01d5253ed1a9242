import { z } from 'zod';
import { definePolicy, earliest, hours, length } from '../../src/policy/index.ts';
import { cronMistake, cronWindow } from './cronWindow.ts';
import { joined } from './joined.ts';
import { blocks, zone } from './options.ts';

const expression = () =>
  z
    .string({ error: ({ input }) => cronMistake(input) })
    .refine((text) => cronMistake(text) === undefined, { error: ({ input }) => cronMistake(input) });

const LONGEST_MS = hours(31 * 24);

const window = z
  .strictObject({
    open: expression().describe('When the window opens: a cron expression of five fields'),
    close: expression().optional().describe('When it closes: a cron expression of five fields; or give "for"'),
    for: length()
      .refine((forMs) => forMs > 0 && forMs <= LONGEST_MS, { error: 'expected a length above 0s and of at most 31d' })
      .optional()
      .describe('How long it stays open, in elapsed time; or give "close"'),
    blocks: blocks(),
  })
  .superRefine((window, context) => {
    if ((window.close === undefined) !== (window.for === undefined)) return;
    const found = window.close === undefined ? 'neither' : 'both';
    context.addIssue({ code: 'custom', message: `expected either "close" or "for", found ${found}` });
  });

/**
 * Windows that open and close by cron expressions: for hours that a scheduler elsewhere already keeps as cron lines, such as
 * the scheduled scaling actions of an Auto Scaling group, and for days that no week knows, like the last of a month.
 */
export const cron = definePolicy({
  slot: 'operatingHours',
  name: 'cron',
  about: 'Wants blocks in windows that open, and close, by cron expressions.',
  example: { zone: 'Europe/Berlin', windows: [{ open: '0 8 * * 1-5', for: '10h', blocks: 4 }] },
  options: z.strictObject({
    zone: zone('the expressions go'),
    windows: z
      .array(window)
      .min(1)
      .describe('When blocks are wanted, and how many; where windows overlap the highest count holds'),
  }),
  create({ zone, windows }) {
    const parts = windows.map(({ open, close, for: forMs = 0, blocks }) => ({
      standingAt: cronWindow(open, close === undefined ? { forMs } : { close }, zone),
      blocks,
    }));
    return joined((now) => {
      const windows = parts.map(({ standingAt, blocks }) => ({ ...standingAt(now), blocks }));
      return {
        blocks: Math.max(0, ...windows.filter(({ open }) => open).map(({ blocks }) => blocks)),
        until: earliest(...windows.map(({ until }) => until)),
      };
    });
  },
});
