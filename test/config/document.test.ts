import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { readDocument, tryDocument } from '../../src/config/document.ts';
import { instant, instantOf } from '../../src/config/fields.ts';

const anything = z.unknown();
const complaints = (text: string, schema: z.ZodType = anything): readonly string[] =>
  tryDocument(text, 'a.yaml', schema).mistakes.map(
    ({ line, column, message }) => `${line ?? '-'}:${column ?? '-'} ${message}`,
  );

describe('a document', () => {
  it('is YAML 1.2: times, versions of no and leading zeros stay what they look like', () => {
    expect(readDocument('from: 08:00\nflag: no\nday: 2026-03-02\nwhole: 12\n', 'a.yaml', anything)).toEqual({
      from: '08:00',
      flag: 'no',
      day: '2026-03-02',
      whole: 12,
    });
  });

  it.each([
    [
      'an anchor and its alias',
      'a: &x 1\nb: *x\n',
      [
        '1:7 expected a plain value, found an anchor (&x): leave it out',
        '2:4 expected the value itself, found an alias (*name): write it out',
      ],
    ],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', ['3:1 the key a stands here a second time']],
    ['a tag', 'a: !run x\n', ['1:4 expected a plain value, found a tag (!run): leave it out']],
    ['an older YAML', '%YAML 1.1\n---\na: no\n', ['1:1 expected YAML 1.2, found %YAML 1.1']],
    ['a second document', 'a: 1\n---\nb: 1\n', ['2:1 expected one document, found a second one (---)']],
    ['a list as a key', '? [a]\n: b\n', ['1:1 expected a plain key, found a list or a mapping as a key']],
    ['a prototype', '__proto__: { admin: true }\n', ['1:1 unknown key "__proto__"']],
    [
      'an open bracket',
      'a: [1,\nb: 2\n',
      ['2:1 flow sequence in block collection must be sufficiently indented and end with a ]'],
    ],
  ])('may not hold %s', (_, text, expected) => {
    const found = complaints(text);
    expect(found).toEqual(expect.arrayContaining([...expected]));
  });

  it('may be 256 KiB and no more, counted in bytes', () => {
    expect(complaints(`# ${'x'.repeat(256 * 1024 - 2)}`)).toEqual([]);
    expect(complaints(`# ${'é'.repeat(128 * 1024)}`)).toEqual(['-:- expected at most 256 KiB, found 257 KiB']);
  });

  it.each([
    ['brackets', (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`],
    ['indentation', (levels: number) => Array.from({ length: levels }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
    ['entries on one line', (levels: number) => `${'- '.repeat(levels - 1)}x`],
    ['keys of keys', (levels: number) => `${'? '.repeat(levels - 1)}x`],
  ])('may be 32 levels deep in %s and no deeper', (_, nested) => {
    expect(complaints(nested(32)).filter((complaint) => complaint.includes('levels'))).toEqual([]);
    expect(complaints(nested(33)).join()).toContain('expected at most 32 levels, found more');
    expect(complaints(nested(500)).join()).toContain('expected at most 32 levels, found more');
  });

  it('may not exhaust the parser with brackets', () => {
    expect(complaints('['.repeat(200_000))).toEqual(['1:33 expected at most 32 levels, found more']);
  });

  it('may hold any number of brackets in a text', () => {
    expect(complaints(`a: "${'['.repeat(100)}"\nb: |\n  ${'['.repeat(100)}\n`)).toEqual([]);
  });

  it('is read as it was written, whatever plain data it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, noUnicodeString: false }), (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'));
        const text = stringify(value, { aliasDuplicateObjects: false });
        // JSON has no -0, and YAML has.
        expect(JSON.stringify(readDocument(text, 'a.yaml', anything))).toBe(JSON.stringify(value));
      }),
      { numRuns: 200 },
    );
  });

  it('gives any text either a value or mistakes, and never an accident', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '&x ',
      '*x',
      '!t ',
      '? ',
      '|\n',
      '#',
      ',',
      '---\n',
      '1',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { mistakes } = tryDocument(pieces.join(''), 'a.yaml', z.strictObject({ a: z.string() }));
        for (const { message } of mistakes) expect(message).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });
});

describe('a mistake', () => {
  const schema = z.strictObject({
    kind: z.discriminatedUnion('model', [
      z.strictObject({ model: z.literal('none') }),
      z.strictObject({ model: z.literal('constant'), hazardPerHour: z.number().min(0) }),
    ]),
    jobs: z.union([z.string(), z.strictObject({ generate: z.strictObject({ perDay: z.int() }) })]).optional(),
  });

  it('in a choice of forms names the forms', () => {
    expect(complaints('kind: { model: constnat }\n', schema)).toEqual([
      '1:16 expected one of none, constant, found "constnat" (did you mean "constant"?)',
    ]);
  });

  it('in one of several forms is judged by the form that was meant', () => {
    expect(complaints('kind: { model: none }\njobs:\n  generate: { perday: 3 }\n', schema)).toEqual([
      '3:13 expected a whole number, found nothing',
      '3:15 unknown key "perday" (did you mean "perDay"?)',
    ]);
  });
});

describe('an instant', () => {
  it.each([
    ['2026-03-02', '2026-03-02T00:00:00.000Z'],
    ['2026-03-02T08:30Z', '2026-03-02T08:30:00.000Z'],
    ['2026-03-02 08:30:15+02:00', '2026-03-02T06:30:15.000Z'],
  ])('may be written %s', (text, iso) => {
    expect(new Date(instantOf(text) ?? 0).toISOString()).toBe(iso);
  });

  it.each(['2026-02-30', '2026-03-02T08:30:00', '2026-13-01', '02.03.2026', '2026-03-02T25:00Z', ''])(
    'may not be written %j',
    (text) => {
      expect(instantOf(text)).toBeUndefined();
      expect(complaints(JSON.stringify(text), instant())).toEqual([
        `1:1 expected an instant such as 2026-03-02T00:00:00Z, found ${JSON.stringify(text)}`,
      ]);
    },
  );
});
