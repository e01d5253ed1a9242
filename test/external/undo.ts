/** What a suite has made, and how each of it is taken away again, last things first. */
export class Undo {
  private readonly steps: { readonly what: string; readonly how: () => Promise<unknown> }[] = [];

  add(what: string, how: () => Promise<unknown>): void {
    this.steps.push({ what, how });
  }

  /**
   * Takes everything away, also what comes after a step that failed.
   *
   * @throws Error that names all that may have stayed
   */
  async all(): Promise<void> {
    const stayed: string[] = [];
    for (const { what, how } of this.steps.splice(0).reverse()) {
      try {
        await how();
      } catch (error) {
        stayed.push(`${what} (${String(error)})`);
      }
    }
    if (stayed.length > 0) throw new Error(`may have stayed behind: ${stayed.join('; ')}`);
  }
}

/** Distinguishes what this run makes from all else: eight letters and digits, the first of them a letter. */
export const runName = (): string => `sk${Math.random().toString(36).slice(2, 8).padEnd(6, '0')}`;
