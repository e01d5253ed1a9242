import type { Account } from './account.ts';
import { ApiError } from './apiError.ts';
import { type Fields, numberOf, textOf } from './fields.ts';
import type { View } from './versions.ts';

/** One call of an action, and what the caller is let see. */
export interface Call {
  readonly account: Account;
  readonly params: Fields;
  readonly view: View;
  /** At most so many things a page; undefined: as many as the action gives. */
  readonly pageSize?: number | undefined;
  /** A fault: every page names itself as the next one. */
  readonly repeatsToken?: boolean | undefined;
}

/** Does an action and answers its members. @throws ApiError */
export type Handler = (call: Call) => Fields | Promise<Fields>;

/** What one file can do: handlers by action. */
export type Handlers = Readonly<Record<string, Handler>>;

/** A page, and the token of the next one if there is more. */
interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

/**
 * Cuts the page that a call asks for out of all there is.
 *
 * @throws ApiError `InvalidPaginationToken` for a token that this server never gave
 */
export function pageOf<Item>(
  { params, pageSize, repeatsToken }: Call,
  items: readonly Item[],
  { limit = 'MaxResults', most = 1000 }: { readonly limit?: string; readonly most?: number } = {},
): Page<Item> {
  const token = textOf(params, 'NextToken');
  const start = token === undefined ? 0 : startOf(token);
  const size = Math.max(1, Math.min(numberOf(params, limit) ?? most, pageSize ?? most, most));
  const end = start + size;
  if (repeatsToken === true) return { items: items.slice(start, end), nextToken: token ?? tokenAt(end) };
  return { items: items.slice(start, end), nextToken: end < items.length ? tokenAt(end) : undefined };
}

const tokenAt = (start: number): string => Buffer.from(`page ${start}`).toString('base64url');

function startOf(token: string): number {
  const start = /^page (\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (start === undefined) throw new ApiError('InvalidPaginationToken', 'The pagination token is not valid.');
  return Number(start);
}
