/** A value as YAML on one line: `{ policy: always, blocks: 4 }`. */
export function flowOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowOf).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{ ${entriesText(value)} }`;
  if (typeof value !== 'string') return String(value);
  // A word that YAML would not read as anything but text.
  const isPlain = /^[A-Za-z./][\w./-]*$/.test(value) && !/^(?:true|false|null)$/i.test(value);
  return isPlain || /^\d+(?:ms|s|m|h|d)$/.test(value) ? value : JSON.stringify(value);
}

/** A policy as people speak of it: `always blocks: 4`. */
export const optionsText = (name: string, options: object): string =>
  Object.keys(options).length === 0 ? name : `${name} ${entriesText(options)}`;

const entriesText = (record: object): string =>
  Object.entries(record)
    .map(([key, entry]) => `${key}: ${flowOf(entry)}`)
    .join(', ');
