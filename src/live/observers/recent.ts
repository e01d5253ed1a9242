/** Remembers the last names it was given, so that what is heard twice counts once and memory stays bounded. */
export class Recent {
  private readonly names = new Set<string>();
  private readonly most: number;

  /** @param most how many names are remembered; the oldest is forgotten for one more */
  constructor(most: number) {
    this.most = most;
  }

  /** Whether the name is new; it is remembered from here on. */
  add(name: string): boolean {
    if (this.names.has(name)) return false;
    if (this.names.size >= this.most) for (const oldest of this.names.keys()) return this.replace(oldest, name);
    this.names.add(name);
    return true;
  }

  private replace(oldest: string, name: string): true {
    this.names.delete(oldest);
    this.names.add(name);
    return true;
  }
}
