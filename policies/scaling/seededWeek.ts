import { z } from 'zod';
import { textFile } from '../../src/policy/index.ts';

const day = z.array(z.int().min(0).max(1000)).length(24);

/** What `spot-keeper profile --json` prints, as far as it is needed here. */
const profileSchema = z.object({
  policy: z.object({
    zone: z.literal('UTC'),
    blocks: z.object({ mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day }),
  }),
});

/** A week that was recorded: its 168 hours from Monday 00:00 UTC. */
type SeededWeek = readonly number[];

const EXPECTED = 'expected a week a line, as `spot-keeper profile --quantile p100 --zone UTC --json` prints it';

/** An option that names a file of recorded weeks, one a line. Every line that is none is a mistake, and so is a file without any. */
export const seededWeeks = () =>
  textFile().transform(({ file, text }, context): readonly SeededWeek[] => {
    const weeks: SeededWeek[] = [];
    const refuse = (message: string): void => {
      context.addIssue({ code: 'custom', message });
    };
    for (const [index, line] of text.split('\n').entries()) {
      if (line.trim() === '') continue;
      const week = weekIn(line);
      if (typeof week === 'string') refuse(`${file}:${index + 1}: ${EXPECTED}, ${week}`);
      else weeks.push(week);
    }
    if (text.trim() === '') refuse(`${file}: ${EXPECTED}, found an empty file`);
    return weeks;
  });

/** The week of a line; or, as text, what was found instead. */
function weekIn(line: string): SeededWeek | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return `found text that is no JSON: ${JSON.stringify(line.length > 40 ? `${line.slice(0, 39)}…` : line)}`;
  }
  const read = profileSchema.safeParse(value);
  if (!read.success) {
    const [first] = read.error.issues;
    const where = first?.path.map(String).join('.') ?? '';
    return where === '' ? 'found other JSON' : `found ${where} wrong or missing`;
  }
  const { mon, tue, wed, thu, fri, sat, sun } = read.data.policy.blocks;
  return [mon, tue, wed, thu, fri, sat, sun].flat();
}
