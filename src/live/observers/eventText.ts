/** Limits of the API server for events.k8s.io/v1. */
const LONGEST_REASON = 128;
const LONGEST_NOTE_BYTES = 1_024;

/** A reason as the API server and its readers expect it: CamelCase, at most 128 characters, never empty. */
export function reasonOf(text: string): string {
  const camel = text
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('')
    .slice(0, LONGEST_REASON);
  return camel === '' ? 'Noted' : camel;
}

/** A note of at most 1 kB in UTF-8, cut between characters, without control characters. */
export function noteOf(text: string): string {
  const plain = text.replaceAll(/\p{Cc}+/gu, ' ');
  if (Buffer.byteLength(plain) <= LONGEST_NOTE_BYTES) return plain;
  const ellipsis = '…';
  let bytes = Buffer.byteLength(ellipsis);
  let cut = '';
  for (const character of plain) {
    bytes += Buffer.byteLength(character);
    if (bytes > LONGEST_NOTE_BYTES) break;
    cut += character;
  }
  return cut + ellipsis;
}
