import { harmless } from '../figures.ts';

/** Text that is HTML or SVG already. It comes from `html`, or is written out for what holds no foreign text: the data of paths. */
export interface Markup {
  readonly markup: string;
}

/** What can be put into markup. */
export type Content = Markup | string | number | undefined | readonly Content[];

/**
 * HTML or SVG with values put in: text is escaped for both elements and quoted attributes, markup is taken as it is, lists
 * are joined, undefined is left out. Attributes must be quoted, and no value may stand within a `<style>` or `<script>`.
 */
export function html(literals: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let markup = literals[0] ?? '';
  for (const [index, value] of values.entries()) markup += markupOf(value) + (literals[index + 1] ?? '');
  return { markup };
}

/** Foreign text made harmless: the five characters that HTML gives a meaning to, and those that no reader should meet. */
const escaped = (text: string): string => harmless(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function markupOf(value: Content): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escaped(value);
  if ('markup' in value) return value.markup;
  return value.map(markupOf).join('');
}
