import { styleText } from 'node:util';
import { plain } from '../../report/figures.ts';
import { wrapped } from '../../report/wrapped.ts';
import type { Finding, Level } from '../../src/look/doctor/finding.ts';
import type { Look } from '../../src/look/look.ts';
import { headText } from './looked.ts';

/** As people read a page: what fails stands out, and what is well does not shout. */
const MARKS: Readonly<Record<Level, { readonly mark: string; readonly colour: Parameters<typeof styleText>[0] }>> = {
  ok: { mark: 'ok', colour: 'green' },
  warn: { mark: 'WARN', colour: 'yellow' },
  fail: { mark: 'FAIL', colour: 'red' },
  unknown: { mark: '?', colour: 'cyan' },
};

const LEVELS: readonly Level[] = ['fail', 'warn', 'unknown', 'ok'];

/** The width of the marks' column, and of the indent under it. */
const INDENT = 6;

/** Findings in the order of the checks, each with its remedy under it, and how many of each kind there are. */
export function doctorText(
  look: Look,
  findings: readonly Finding[],
  width: number,
  stream: NodeJS.WritableStream,
): readonly string[] {
  return [
    ...headText(look, width),
    '',
    ...findings.flatMap(({ level, check, subject, found, remedy }) => {
      const { mark, colour } = MARKS[level];
      const name = subject === undefined ? check : `${check} ${subject}`;
      const [first = '', ...others] = wrapped(
        plain(`${name}: ${found}`),
        ' '.repeat(INDENT),
        ' '.repeat(INDENT),
        width,
      );
      return [
        styleText(colour, mark, { stream, validateStream: true }) + first.slice(mark.length),
        ...others,
        ...(remedy === undefined
          ? []
          : wrapped(plain(remedy), `${' '.repeat(INDENT)}-> `, ' '.repeat(INDENT + 3), width)),
      ];
    }),
    '',
    LEVELS.flatMap((level) => {
      const count = findings.filter((one) => one.level === level).length;
      return count === 0 ? [] : [`${count} ${level}`];
    }).join(', '),
  ];
}
