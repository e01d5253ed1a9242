import { z } from 'zod';

const day = z.array(z.int().min(0).max(1000)).length(24);

/** What `spot-keeper profile --json` prints, as far as it is needed here. */
const profileSchema = z.object({
  policy: z.object({
    zone: z.literal('UTC'),
    blocks: z.object({ mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day }),
  }),
});

/** Weeks that were recorded, each by its 168 hours from Monday 00:00 UTC. */
export type SeededWeeks = readonly (readonly number[])[];

/** The weeks of a file, one a line. @throws Error where a line is no profile of UTC hours */
export function weeksIn({ file, text }: { readonly file: string; readonly text: string }): SeededWeeks {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    const read = profileSchema.safeParse(jsonIn(line));
    if (!read.success)
      throw new Error(
        `${file}:${index + 1}: expected a week as \`spot-keeper profile --quantile p100 --zone UTC --json\` prints it`,
      );
    const { mon, tue, wed, thu, fri, sat, sun } = read.data.policy.blocks;
    return [mon, tue, wed, thu, fri, sat, sun].flat();
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
