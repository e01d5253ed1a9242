import { isList, isObject, type Json, listAt, textAt, textsAt } from './json.ts';
import { badRequest } from './refusal.ts';

/** The labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** One demand on labels: the key has, has not, has one of or none of some values. */
interface Requirement {
  readonly key: string;
  readonly operator: 'in' | 'notin' | 'exists' | 'absent' | 'above' | 'below';
  readonly values: readonly string[];
}

/** Commas divide requirements, but not those between brackets. */
const COMMA = /,(?![^(]*\))/;

/** The ways to write a requirement, each with what its groups (key, values) mean. */
const FORMS: readonly (readonly [pattern: RegExp, operator: Requirement['operator']])[] = [
  [/^([^\s!=<>(),]+)\s*==?\s*([^\s!=<>(),]*)$/, 'in'],
  [/^([^\s!=<>(),]+)\s*!=\s*([^\s!=<>(),]*)$/, 'notin'],
  [/^([^\s!=<>(),]+)\s+in\s*\(([^()]*)\)$/, 'in'],
  [/^([^\s!=<>(),]+)\s+notin\s*\(([^()]*)\)$/, 'notin'],
  [/^([^\s!=<>(),]+)\s*>\s*(\d+)$/, 'above'],
  [/^([^\s!=<>(),]+)\s*<\s*(\d+)$/, 'below'],
  [/^([^\s!=<>(),]+)$/, 'exists'],
  [/^!\s*([^\s!=<>(),]+)$/, 'absent'],
];

/**
 * What a `labelSelector` asks for: `a=b,c!=d,e in (f,g),h,!i`. An empty one asks for nothing.
 * @throws Refusal BadRequest for one that cannot be read
 */
export function labelSelector(text: string): (labels: Labels) => boolean {
  const requirements = text
    .split(COMMA)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(requirement);
  return (labels) => requirements.every((one) => holds(one, labels));
}

/**
 * What a LabelSelector object (`matchLabels`, `matchExpressions`) asks for: one that is missing selects nothing, an empty
 * one everything.
 */
export function objectSelector(selector: Json | undefined): (labels: Labels) => boolean {
  if (!isObject(selector)) return () => false;
  const requirements = [
    ...Object.entries(textsAt(selector, 'matchLabels')).map(([key, value]): Requirement => {
      return { key, operator: 'in', values: [value] };
    }),
    ...listAt(selector, 'matchExpressions').map(expression),
  ];
  return (labels) => requirements.every((one) => holds(one, labels));
}

function requirement(text: string): Requirement {
  for (const [pattern, operator] of FORMS) {
    const [, key, values] = pattern.exec(text) ?? [];
    if (key !== undefined)
      return { key, operator, values: values === undefined ? [] : values.split(',').map((value) => value.trim()) };
  }
  throw badRequest(`unable to parse requirement: ${text}`);
}

const EXPRESSIONS: Readonly<Record<string, Requirement['operator']>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: 'absent',
};

function expression(value: Json): Requirement {
  const operator = EXPRESSIONS[textAt(value, 'operator') ?? ''];
  const values = isObject(value) && isList(value['values']) ? value['values'] : [];
  if (operator === undefined) throw badRequest(`${JSON.stringify(value)} is not a valid label selector expression`);
  return { key: textAt(value, 'key') ?? '', operator, values: values.map(String) };
}

function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'above':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'below':
      return value !== undefined && Number(value) < Number(values[0]);
  }
}
