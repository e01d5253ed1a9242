/** Where nobody says how wide a line may be (a pipe, a file): as wide as the tables. */
const ELSEWHERE = 100;

/** A terminal may be far wider than a chart is readable. */
const MOST = 200;

/** How many characters a line may have on this stream. */
export const columnsOf = ({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number }): number =>
  isTTY === true && columns !== undefined && columns > 0 ? Math.min(MOST, columns) : ELSEWHERE;

/** Tables need as much; on a narrower terminal they would be in pieces either way. */
const LEAST = 80;

/** How long the lines of texts and tables may be: no longer than a page, however wide the terminal. */
export const widthOf = (stream: Parameters<typeof columnsOf>[0]): number =>
  Math.max(LEAST, Math.min(ELSEWHERE, columnsOf(stream)));
