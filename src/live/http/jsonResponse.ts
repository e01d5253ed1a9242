/** A value as JSON that is safe to show anywhere: no control character, no mark that turns text, no `<`. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value).replace(UNSAFE, (character) =>
    Array.from({ length: character.length }, (_, n) => character.charCodeAt(n))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );

// `JSON.stringify` escapes the first controls itself; the later ones, formats and separators it lets through.
const UNSAFE = /[<\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** An answer with a value in it. */
export const jsonResponse = (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(`${jsonText(value)}\n`, {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
