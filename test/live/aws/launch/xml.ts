/** Data of an answer: an object for elements, a list for `<item>`s, `member` for the lists of Auto Scaling. */
export interface Xml {
  readonly [name: string]: string | number | boolean | undefined | Xml | readonly (string | Xml)[];
}

/** An answer in the form of its service: Auto Scaling wraps the data into a result and calls the items of lists members. */
export function xmlOf(action: string, data: Xml): string {
  if (!/AutoScaling|LaunchConfig|LifecycleHook/.test(action))
    return `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId>${elements(data, 'item')}</${action}Response>`;
  return `<${action}Response xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><${action}Result>${elements(data, 'member')}</${action}Result></${action}Response>`;
}

export const errorXml = (code: string, message: string): string =>
  `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r-1</RequestID></Response>`;

/** The lists of a launch template whose items EC2 names otherwise. */
const ITEM_NAMES: Readonly<Record<string, string>> = { groupSet: 'groupId' };

function elements(data: Xml, item: string): string {
  return Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${inner(value, ITEM_NAMES[name] ?? item)}</${name}>`)
    .join('');
}

function inner(value: Xml[string], item: string): string {
  if (Array.isArray(value)) {
    // The only lists of an answer's data are of texts and elements.
    const items = value as readonly (string | Xml)[];
    return items.map((one) => `<${item}>${inner(one, item)}</${item}>`).join('');
  }
  if (typeof value === 'object') return elements(value as Xml, item);
  return String(value).replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
