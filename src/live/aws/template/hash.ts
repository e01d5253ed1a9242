import { createHash } from 'node:crypto';

/**
 * The first 16 hex digits of the SHA-256 of plain data, the same for the same data however it is ordered.
 *
 * EC2 promises no order of fields nor of lists, and no list of a template means anything by its order: interfaces,
 * volumes and tags are told apart by an index, a device or a key.
 */
export const hashOf = (data: unknown): string =>
  createHash('sha256').update(canonical(data)).digest('hex').slice(0, 16);

function canonical(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(canonical).sort().join(',')}]`;
  if (data === undefined) return 'null';
  if (typeof data !== 'object' || data === null) return JSON.stringify(data);
  const fields = Object.entries(data).filter(([, value]) => value !== undefined);
  return `{${fields
    .map(([name, value]) => `${JSON.stringify(name)}:${canonical(value)}`)
    .sort()
    .join(',')}}`;
}
