import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { writeLines } from '../files.ts';
import { headerIn, headerLine, linesOf, type ResultsHeader, runOf } from './results.ts';

/** What was merged. */
export interface Merged {
  readonly header: ResultsHeader;
}

/**
 * Puts the results of all shards of a sweep together: the bytes that one run of the whole would have written. A line of each file is
 * kept at a time.
 *
 * @throws BadInput with what is missing, incomplete, there twice or of another sweep; then nothing is written.
 */
export async function mergeResults(
  paths: readonly string[],
  into: string | undefined,
  seen: (line: string) => void,
): Promise<Merged> {
  const mistakes: Mistake[] = [];
  const found: { readonly path: string; readonly header: ResultsHeader }[] = [];
  for (const path of paths) {
    const header = headerIn(await firstLine(path));
    if (header === undefined)
      mistakes.push({ file: path, message: 'expected results of a sweep, found another file or none' });
    else found.push({ path, header });
  }
  const [first] = found;
  if (first === undefined) throw new BadInput(mistakes);
  const { of } = first.header.shard;
  const byShard = new Map<number, string>();
  for (const { path, header } of found) {
    const { index } = header.shard;
    const other = byShard.get(index);
    if (headerLine(whole(header)) !== headerLine(whole(first.header)))
      mistakes.push({ file: path, message: `expected results of the sweep of ${first.path}, found those of another` });
    else if (header.shard.of !== of)
      mistakes.push({
        file: path,
        message: `expected one of ${of} shards as ${first.path} is, found one of ${header.shard.of}`,
      });
    else if (other !== undefined)
      mistakes.push({ file: path, message: `expected each shard once, found ${index}/${of} in ${other} too` });
    else byShard.set(index, path);
  }
  for (let index = 0; index < of && mistakes.length === 0; index += 1)
    if (!byShard.has(index))
      mistakes.push({ file: 'sweep merge', message: `expected all ${of} shards, found none that is ${index}/${of}` });
  if (mistakes.length > 0) throw new BadInput(mistakes);

  const header = whole(first.header);
  const lines = interleaved(
    header,
    Array.from({ length: of }, (_, index) => byShard.get(index) ?? ''),
    seen,
  );
  if (into !== undefined) await writeLines(into, lines);
  else for await (const line of lines) process.stdout.write(line);
  return { header };
}

const whole = (header: ResultsHeader): ResultsHeader => ({ ...header, shard: { index: 0, of: 1 } });

async function firstLine(path: string): Promise<string> {
  for await (const { text, isWhole } of linesOf(path)) return isWhole ? text : '';
  return '';
}

async function* interleaved(
  header: ResultsHeader,
  paths: readonly string[],
  seen: (line: string) => void,
): AsyncGenerator<string> {
  yield headerLine(header);
  const readers = paths.map((path) => linesOf(path));
  for (const reader of readers) await reader.next();
  for (let run = 0; run < header.runs; run += 1) {
    const shard = run % paths.length;
    const next = await readers[shard]?.next();
    const line = next === undefined || next.done === true || !next.value.isWhole ? undefined : next.value.text;
    if (line === undefined || runOf(line) !== run)
      throw new BadInput([
        {
          file: paths[shard] ?? '',
          message:
            line === undefined
              ? `expected run ${run}, found the end: this shard is not through; run it again with the same --out`
              : `expected run ${run}, found ${line.slice(0, 40)}…`,
        },
      ]);
    seen(line);
    yield `${line}\n`;
  }
}
