import { exp, inverseNormal, ln } from './maths.ts';

/** Whom or what a draw is about: a block attempt, a market, a day. A number must be whole. */
export type Subject = string | number;

/**
 * Chance without state: every draw is a question of stream, subject and count, and the same question has the same answer.
 * So a new draw disturbs no other, and two policies before the same subject meet the same luck.
 *
 * A stream is named after the part of the world that asks and what it asks: `cluster.boot`. `count` tells the draws of one
 * stream about one subject apart: 0, 1, 2….
 */
export interface Draws {
  /** Above 0 and below 1, neither of them included: `uniform(…) < share` never holds for 0 and always for 1. */
  uniform(stream: string, subject: Subject, count: number): number;
  /** A whole number from `least` to `most`, both included. */
  integer(stream: string, subject: Subject, count: number, least: number, most: number): number;
  /** The wait for something that happens at a constant rate, once per `mean`; in the unit of `mean`. */
  exponential(stream: string, subject: Subject, count: number, mean: number): number;
  /** In the unit of the median. */
  logNormal(stream: string, subject: Subject, count: number, shape: LogNormal): number;
  /** One of the choices, each as likely as the next. @throws RangeError if there are none */
  pick<Choice>(stream: string, subject: Subject, count: number, choices: readonly Choice[]): Choice;
}

/** A log-normal distribution by its median and either its 95th percentile or the standard deviation of its logarithm. */
export type LogNormal =
  | { readonly median: number; readonly p95: number }
  | { readonly median: number; readonly sigma: number };

/** All draws of a seed, which is a whole number. */
export function draws(seed: number): Draws {
  const streams = new Map<string, Lanes>();

  const uniform: Draws['uniform'] = (stream, subject, count) => {
    let lanes = streams.get(stream);
    if (lanes === undefined) {
      lanes = lanesOf(stream, lanesOfNumber(seed));
      streams.set(stream, lanes);
    }
    const { a, b } = typeof subject === 'string' ? lanesOf(subject, lanes) : lanesOfNumber(subject, lanes);
    return fraction(a, b, count);
  };

  return {
    uniform,
    integer: (stream, subject, count, least, most) =>
      least + Math.floor(uniform(stream, subject, count) * (most - least + 1)),
    exponential: (stream, subject, count, mean) => -ln(uniform(stream, subject, count)) * mean,
    logNormal: (stream, subject, count, shape) =>
      shape.median * exp(sigmaOf(shape) * inverseNormal(uniform(stream, subject, count))),
    pick: (stream, subject, count, choices) => {
      if (choices.length === 0) throw new RangeError(`nothing to pick from for ${stream} of ${subject}`);
      return choices[Math.floor(uniform(stream, subject, count) * choices.length)]!;
    },
  };
}

const sigmaOf = (shape: LogNormal): number =>
  'sigma' in shape ? shape.sigma : ln(shape.p95 / shape.median) / NORMAL_P95;

const NORMAL_P95 = inverseNormal(0.95);

/** Two 32-bit halves of a hash: one alone would make two of some ten thousand subjects share their luck. */
interface Lanes {
  readonly a: number;
  readonly b: number;
}

const START: Lanes = { a: 0x243f_6a88, b: 0x85a3_08d3 };

/** The hash of a text, begun from another. */
function lanesOf(text: string, from: Lanes): Lanes {
  let { a, b } = from;
  for (let place = 0; place < text.length; place += 1) {
    const unit = text.charCodeAt(place);
    a = Math.imul(a ^ unit, 0x9e37_79b1);
    b = Math.imul(b ^ unit, 0x85eb_ca6b);
    // Turned, or the low bits of both halves would only ever see the low bits of the text.
    a = (a << 13) | (a >>> 19);
    b = (b << 17) | (b >>> 15);
  }
  return stirred(a ^ text.length, b);
}

/** The hash of a whole number, begun from another hash. */
const lanesOfNumber = (value: number, { a, b }: Lanes = START): Lanes =>
  stirred(Math.imul(a ^ value, 0x9e37_79b1), b ^ Math.floor(value / 2 ** 32));

/** Lets every bit of either half reach both. */
function stirred(a: number, b: number): Lanes {
  const x = mixed(a ^ Math.imul(b, 0xc2b2_ae35));
  return { a: x, b: mixed(b + x) };
}

/** The middle of one of 2^52 equal parts of the stretch from 0 to 1. */
function fraction(a: number, b: number, count: number): number {
  const x = mixed(a ^ Math.imul(count + 1, 0x9e37_79b1));
  const y = mixed((b + Math.imul(count + 1, 0xc2b2_ae35)) ^ x);
  return ((x >>> 0) * 2 ** 20 + (y >>> 12) + 0.5) / 2 ** 52;
}

/** A permutation of 32 bits in which every bit of the answer depends on every bit of the question. */
function mixed(word: number): number {
  let x = Math.imul(word ^ (word >>> 16), 0x7feb_352d);
  x = Math.imul(x ^ (x >>> 15), 0x846c_a68b);
  return x ^ (x >>> 16);
}
