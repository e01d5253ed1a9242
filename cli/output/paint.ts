import { styleText } from 'node:util';
import { KILLS } from '../../report/resultText.ts';
import { HARM } from '../../report/rivalsText.ts';
import type { MARKS } from '../../report/stripChart.ts';

type Colour = Parameters<typeof styleText>[0];

/** Close to the report's colours: blue is what blocks do, yellow and red are what ends them. */
const COLOUR_OF: Readonly<Record<keyof typeof MARKS, Colour>> = {
  '.': 'gray',
  z: 'magenta',
  '-': 'cyan',
  '#': 'blue',
  '~': 'yellow',
  x: 'gray',
  '!': 'red',
};

const COLOURS: ReadonlyMap<string, Colour> = new Map(Object.entries(COLOUR_OF));

/** A slot's row: its name ends in its number, which the names of the counts do not. */
const SLOT_ROW = /^(\S+-\d+ +)(.*)$/;

/** A strip chart in colours, if the stream shows any (a terminal, no `NO_COLOR`); else the text as it is. */
export function paintStripChart(text: string, stream: NodeJS.WritableStream): string {
  const legend = text.lastIndexOf('\n');
  return text
    .split('\n')
    .map((line, index, lines) => {
      if (index === lines.length - 1 && legend >= 0)
        return line.replace(/(^| {2})(\S)(?= )/g, (_, blanks: string, mark: string) => blanks + painted(mark, stream));
      const [, name, row] = SLOT_ROW.exec(line) ?? [];
      if (name === undefined || row === undefined) return line;
      return name + row.replace(/(\S)\1*/g, (run) => painted(run, stream));
    })
    .join('\n');
}

function painted(run: string, stream: NodeJS.WritableStream): string {
  const colour = COLOURS.get(run.charAt(0));
  return colour === undefined ? run : styleText(colour, run, { stream, validateStream: true });
}

/** What is never good, where there is any of it: in the jobs of a result, and in the notes of a comparison. */
const HARMED = new RegExp(
  [
    `^(?:${[KILLS.byKeeper, KILLS.byTerm, KILLS.neverFinished].join('|')}) +[1-9][\\d,]*$`,
    `^(?:${Object.keys(HARM).join('|')}): .*$`,
  ].join('|'),
  'gm',
);

/** A result with what is never good in red, if the stream shows any colours; else the text as it is. */
export const paintResult = (text: string, stream: NodeJS.WritableStream): string =>
  text.replace(HARMED, (line) => styleText('red', line, { stream, validateStream: true }));
