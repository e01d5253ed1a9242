import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newByteLines } from '../../../data/records/byteLines.ts';
import { isoOf } from '../../../src/domain/time.ts';

const written = (write: (lines: ReturnType<typeof newByteLines>) => void): string => {
  const lines = newByteLines();
  write(lines);
  return Buffer.from(lines.take()).toString('utf8');
};

describe('lines of bytes', () => {
  const amounts = fc.oneof(
    fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: 0, max: 1e9 }).map((millionths) => millionths / 1e6),
    fc.integer({ min: 0, max: 1e12 }).map((ms) => ms / 1e3),
  );

  it('have amounts as JavaScript writes them', () => {
    fc.assert(
      fc.property(amounts, (value) => {
        // There is no minus zero among prices and lengths.
        const amount = value + 0;
        expect(
          written((lines) => {
            lines.amount(amount);
          }),
        ).toBe(String(amount));
      }),
      { numRuns: 2_000 },
    );
  });

  it('have instants to the millisecond, the day of each written anew', () => {
    const instants = fc.array(
      fc.oneof(
        fc.integer({ min: -1e12, max: 4e12 }),
        fc.nat(4e9).map((second) => second * 1e3),
      ),
    );
    fc.assert(
      fc.property(instants, (all) => {
        const text = written((lines) => {
          for (const at of all) {
            lines.time(at);
            lines.text('\n');
          }
        });
        expect(text).toBe(all.map((at) => `${isoOf(at).replace('.000Z', 'Z')}\n`).join(''));
      }),
      { numRuns: 500 },
    );
  });

  it('have text in any script, and as much of it as comes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.nat(3), (pieces, times) => {
        const all = [...pieces, 'é€😀'.repeat(10 ** (2 * times))];
        expect(
          written((lines) => {
            for (const piece of all) lines.text(piece);
          }),
        ).toBe(Buffer.from(all.join('')).toString('utf8'));
      }),
      { numRuns: 50 },
    );
  });
});
