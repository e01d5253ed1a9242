/** Where nobody says how wide a line may be (a pipe, a file): as wide as the tables. */
const ELSEWHERE = 100;

/** A terminal may be far wider than a chart is readable. */
const MOST = 200;

/** How many characters a line may have on this stream; where it is no terminal, COLUMNS may say so. */
export function columnsOf(
  { isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string | undefined>> = process.env,
): number {
  const told = isTTY === true ? columns : Number(/^\d{1,4}$/.exec(env['COLUMNS'] ?? '')?.[0] ?? 0);
  return told !== undefined && told > 0 ? Math.min(MOST, told) : ELSEWHERE;
}

/** Tables need as much; on a narrower terminal they would be in pieces either way. */
const LEAST = 80;

/** A page: longer lines are hard to read, however wide the terminal. */
const PAGE = 120;

/** How long the lines of texts and tables may be. */
export const widthOf = (stream: Parameters<typeof columnsOf>[0]): number =>
  Math.max(LEAST, Math.min(PAGE, columnsOf(stream)));
