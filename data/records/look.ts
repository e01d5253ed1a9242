import type { RecordFile } from './file.ts';

/** A file that has no rows to read. */
interface Strange {
  readonly found: string;
  readonly remedy: string;
}

/** What a file is that has no rows to read; undefined for what may have some. */
export function strangeIn({ head }: Pick<RecordFile, 'head'>): Strange | undefined {
  const text = head.trimStart();
  if (/^<(?:!doctype|html)/i.test(text)) {
    const title = /<title[^>]*>\s*([^<]{1,80}?)\s*<\/title>/i.exec(text)?.[1];
    return {
      found: `a page of HTML${title === undefined ? '' : ` (${JSON.stringify(title)})`}`,
      remedy: 'that is what a browser is shown, often to log in; fetch it from the API, with a token',
    };
  }
  if (text.startsWith('<')) return { found: 'XML', remedy: 'export JSON or CSV' };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is the character that terminals are told colours with.
  if (/^\u001b\[/.test(text))
    return { found: 'text with the colours of a terminal', remedy: 'write it without (NO_COLOR=1, or jq -M)' };
  const scalar = /^(?:null|true|false|-?\d+(?:\.\d+)?|"(?:[^"\\\n]|\\.)*")\s*$/.exec(text)?.[0].trim();
  return scalar === undefined
    ? undefined
    : { found: `only ${scalar.slice(0, 40)}`, remedy: 'did a filter (--jq, jq) leave nothing? Export without it' };
}

const ENTRY = /^\s*(?:- +)*(?:"[^"]*"|[A-Za-z_][\w./-]*):(?:\s|$)|^- *$/;

/** Whether a file is YAML, as `kubectl get … -o yaml` writes it: its first lines have a key each. */
export function isYaml({ head }: Pick<RecordFile, 'head'>): boolean {
  const lines = head.split('\n', 40).filter((line) => !/^\s*(?:#.*)?$/.test(line));
  if (/^---\s*$/.test(lines[0] ?? '')) lines.shift();
  const [first = '', second = ''] = lines;
  return ENTRY.test(first) && ENTRY.test(second) && !/[,;\t]/.test(first);
}
