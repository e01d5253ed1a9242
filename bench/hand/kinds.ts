/** What happens at an instant; a hand-written week has kinds of its own from `OWN` on. */
export const KINDS = 32;
export const [DONE, SCAN, REMOVAL, GROUP_READY, OWN] = [0, 1, 2, 3, 4] as const;
