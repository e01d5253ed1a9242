/** Whether labels are what a Kubernetes label selector asks for. */
export type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

/**
 * Reads a Kubernetes label selector, equality-based and set-based: `app=ci,tier!=web,kind in (a, b),zone notin (c),gpu,!old`.
 * Throws an Error that names the part which cannot be read: a selector that silently matched nothing would let busy
 * nodes look idle.
 */
export function labelSelector(text: string): LabelTest {
  const parts = partsOf(text);
  if (parts.length === 0) throw new Error('an empty label selector would match every pod');
  const tests = parts.map((part) => testOf(part, text));
  return (labels) => tests.every((test) => test(labels));
}

/** Commas part requirements, but not inside of parentheses. */
function partsOf(text: string): readonly string[] {
  if (text.trim() === '') return [];
  return text.split(/,(?![^(]*\))/).map((part) => part.trim());
}

/** A label's key: a name, with the prefix of a domain or without. */
const KEY = String.raw`(?:[A-Za-z0-9][-A-Za-z0-9.]*/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?`;
const VALUE = String.raw`(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?`;
const EQUALS = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*(${VALUE})$`);
const ONE_OF = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EXISTS = new RegExp(`^(!?)\\s*(${KEY})$`);
const WHOLE_VALUE = new RegExp(`^${VALUE}$`);

function testOf(part: string, whole: string): LabelTest {
  const equals = EQUALS.exec(part);
  if (equals !== null) {
    const [, key = '', operator, value = ''] = equals;
    // An object without the label also differs from the value: so Kubernetes has it.
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  }
  const oneOf = ONE_OF.exec(part);
  if (oneOf !== null) {
    const [, key = '', operator, list = ''] = oneOf;
    const values = list.split(',').map((value) => value.trim());
    if (!values.every((value) => WHOLE_VALUE.test(value))) throw unreadable(part, whole);
    const isIn: LabelTest = (labels) => labels[key] !== undefined && values.includes(labels[key]);
    return operator === 'in' ? isIn : (labels) => !isIn(labels);
  }
  const exists = EXISTS.exec(part);
  if (exists === null) throw unreadable(part, whole);
  const [, not, key = ''] = exists;
  return not === '!' ? (labels) => labels[key] === undefined : (labels) => labels[key] !== undefined;
}

const unreadable = (part: string, whole: string): Error =>
  new Error(`the label selector ${JSON.stringify(whole)} has a part that cannot be read: ${JSON.stringify(part)}`);
