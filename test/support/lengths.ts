/** Plain numbers: in a test that begins at instant 0 a length is an instant, too. */
export const seconds = (count: number): number => count * 1_000;
export const minutes = (count: number): number => count * 60_000;
export const hours = (count: number): number => count * 3_600_000;
