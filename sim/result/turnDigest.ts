import { createHash } from 'node:crypto';
import type { Effect } from '../../src/domain/effects.ts';
import type { Fact } from '../../src/domain/facts.ts';
import { TurnText } from './turnText.ts';

/** So many characters are hashed together: a call to the hash costs more than what it does with one line. */
const TOGETHER = 32_768;

/** SHA-256 over every turn as its line in a recording. */
export class TurnDigest {
  private readonly hash = createHash('sha256');
  private readonly texts = new TurnText();
  private text = '';

  note(fact: Fact, effects: readonly Effect[]): void {
    this.text += `${this.texts.line(fact, effects)}\n`;
    if (this.text.length > TOGETHER) this.take();
  }

  /** In hexadecimal; nothing can be noted any more. */
  hex(): string {
    this.take();
    return this.hash.digest('hex');
  }

  private take(): void {
    this.hash.update(this.text);
    this.text = '';
  }
}
