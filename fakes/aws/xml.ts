import { type Field, type Fields, isFields, isList } from './fields.ts';

/**
 * Writes named parts as XML elements: a list becomes an element with one `member` element for each of its members, a part
 * that is undefined is left out. A list that is empty is written as an empty element: for AWS's clients that is an empty
 * list, while an element that is missing is no list at all.
 */
export function writeXml(fields: Fields, member: 'item' | 'member'): string {
  return Object.entries(fields)
    .map(([name, field]) => element(name, field, member))
    .join('');
}

/** Text as it may stand between tags. What XML 1.0 cannot hold at all is replaced, as a service has to do somehow. */
export function escapeXml(text: string): string {
  return (
    text
      // What stands for no character, or may not stand in XML: control characters, lone surrogates, non-characters.
      .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // A reader would take a bare carriage return for the end of a line.
      .replaceAll('\r', '&#xD;')
  );
}

function element(name: string, field: Field, member: 'item' | 'member'): string {
  if (field === undefined) return '';
  if (isList(field)) {
    // The security groups of an interface in a launch template are the one list of texts whose members have a name.
    const inner = (one: Field): string => (name === 'groupSet' && !isFields(one) ? 'groupId' : member);
    return wrap(name, field.map((one) => element(inner(one), one, member)).join(''));
  }
  if (isFields(field)) return wrap(name, writeXml(field, member));
  return wrap(name, escapeXml(String(field)));
}

const wrap = (name: string, content: string): string =>
  content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
