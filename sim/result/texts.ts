import type { Instant } from '../../src/domain/time.ts';

/** So many names are kept; then it begins anew. */
const MOST_NAMES = 4_096;

/** What is written as JSON again and again. */
export class Texts {
  private readonly names = new Map<string, string>();
  private readonly values = new WeakMap<object, string>();
  private hundred = Number.NaN;
  private hundredText = '';

  /** A name that comes again. */
  name(name: string): string {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    if (this.names.size >= MOST_NAMES) this.names.clear();
    const text = JSON.stringify(name);
    this.names.set(name, text);
    return text;
  }

  /** Something that comes again and is never changed. */
  json(value: object): string {
    const known = this.values.get(value);
    if (known !== undefined) return known;
    const text = JSON.stringify(value);
    this.values.set(value, text);
    return text;
  }

  /** An instant's last five digits apart from the others, which stay the same for a hundred seconds. */
  instant(at: Instant): string {
    const hundred = Math.floor(at / 100_000);
    const rest = at - hundred * 100_000;
    // Only whole, positive numbers with more than five digits are written so.
    if (!(hundred > 0 && hundred < 1e10 && (rest | 0) === rest)) return JSON.stringify(at);
    if (hundred !== this.hundred) {
      this.hundred = hundred;
      this.hundredText = `${hundred}`;
    }
    const front = (rest / 100) | 0;
    return this.hundredText + THREE[front]! + TWO[rest - front * 100]!;
  }
}

const THREE: readonly string[] = Array.from({ length: 1_000 }, (_, n) => `${n}`.padStart(3, '0'));
const TWO: readonly string[] = Array.from({ length: 100 }, (_, n) => `${n}`.padStart(2, '0'));
