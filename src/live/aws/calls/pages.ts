import type { Answer } from './answer.ts';

/** One page of a list. `items` is undefined where the answer had no list at all. */
export interface Page<Item> {
  readonly items: readonly Item[] | undefined;
  readonly nextToken: string | undefined;
}

/** A whole list, or why there is none: a part of a list says nothing about what it lacks. */
export type Listed<Item> =
  | { readonly kind: 'known'; readonly items: readonly Item[] }
  | { readonly kind: 'unknown'; readonly why: string };

/** More pages than any account of ours fills, at 1000 items each. */
const MOST_PAGES = 100;

/** Every page of a list, or nothing. An empty page may still have a next one; a token that comes again leads nowhere. */
export async function everyPage<Item>(
  ask: (token: string | undefined) => Promise<Answer<Page<Item>>>,
): Promise<Listed<Item>> {
  const items: Item[] = [];
  const tokens = new Set<string>();
  let token: string | undefined;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const answer = await ask(token);
    if (answer.kind === 'failed') return unknown(`${answer.class}: ${answer.code}: ${answer.message}`);
    const page = answer.value;
    if (page.items === undefined) return unknown('an answer without a list');
    items.push(...page.items);
    if (page.nextToken === undefined || page.nextToken === '') return { kind: 'known', items };
    token = page.nextToken;
    if (tokens.has(token)) return unknown('a page token that came twice');
    tokens.add(token);
  }
  return unknown(`more than ${MOST_PAGES} pages`);
}

const unknown = (why: string): { kind: 'unknown'; why: string } => ({ kind: 'unknown', why });
