import { createHash } from 'node:crypto';
import { type Content, html, type Markup } from './markup.ts';
import { STYLE } from './style.ts';

/** One part of a page: its id is what a link jumps to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** One sentence under the title: what to see in it. */
  readonly lead?: Content;
  readonly body: Content;
}

/**
 * A page in one file that asks the network for nothing and runs no script: the policy in its head forbids both, and lets
 * in the one style sheet by its hash. Inline `style` attributes are therefore dead; pictures use classes.
 */
export function page(title: string, head: Markup, sections: readonly Section[]): string {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<main>
${head}
${sections.map(sectionOf)}
</main>
</body>
</html>
`;
  return markup;
}

const sectionOf = ({ id, title, lead, body }: Section): Markup => html`<section id="${id}">
<h2>${title}</h2>
${lead === undefined ? undefined : html`<p class="lead">${lead}</p>`}
${body}
</section>
`;

/** What colours and marks mean: each by the class that the picture uses, or drawn (14 by 10 units). */
export const legend = (entries: readonly (readonly [mark: string | Markup, name: string])[]): Markup =>
  html`<ul class="legend">${entries.map(([mark, name]) => html`<li><svg viewBox="0 0 14 10" aria-hidden="true">${typeof mark === 'string' ? html`<rect class="${mark}" width="14" height="10" rx="2"/>` : mark}</svg>${name}</li>`)}</ul>`;

/** Rows under headings; cells from the second on are numbers. The class of a row marks it. */
export const htmlTable = (
  headings: readonly string[],
  rows: readonly { readonly cells: readonly Content[]; readonly className?: string }[],
): Markup => html`<div class="scroll"><table>
<thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>${rows.map(
  ({ cells, className = '' }) =>
    html`<tr class="${className}">${cells.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`))}</tr>`,
)}</tbody>
</table></div>`;
