import type { Hostile } from './hostile.ts';

const hours = (body: string, what: RegExp): Hostile => ({
  slot: 'operatingHours',
  body,
  told: { kind: 'answer', what },
});
const scaling = (body: string, what: RegExp): Hostile => ({ slot: 'scaling', body, told: { kind: 'answer', what } });
const renewal = (body: string, what: RegExp): Hostile => ({ slot: 'renewal', body, told: { kind: 'answer', what } });
const purchase = (body: string, what: RegExp): Hostile => ({ slot: 'purchase', body, told: { kind: 'answer', what } });

/** Policies that answer, and what they answer is no answer. */
export const nonsense: Readonly<Record<string, Hostile>> = {
  'hours that answer nothing': hours('', /answered nothing instead of \{ blocks, until \}/),
  'hours of NaN blocks': hours('return { blocks: NaN, until: Infinity };', /answered blocks: NaN/),
  'hours of infinite blocks': hours('return { blocks: Infinity, until: Infinity };', /answered blocks: Infinity/),
  'hours of negative blocks': hours('return { blocks: -1, until: Infinity };', /answered blocks: -1/),
  'hours of half a block': hours('return { blocks: 1.5, until: Infinity };', /answered blocks: 1\.5/),
  'hours in words': hours('return { blocks: "three", until: Infinity };', /answered blocks: "three"/),
  'hours of blocks that are an object': hours(
    'return { blocks: { valueOf: () => 3 }, until: Infinity };',
    /answered blocks: an object/,
  ),
  'hours that never advance': hours(
    'return { blocks: 1, until: now };',
    /answered until: \d+; expected an instant after now/,
  ),
  'hours without an end': hours('return { blocks: 1 };', /answered until: nothing/),
  'hours in a promise': hours(
    'return Promise.resolve({ blocks: 1, until: Infinity });',
    /answered a promise instead of \{ blocks, until \}/,
  ),
  'hours in a circle': hours(
    'const answer: any = { until: Infinity }; answer.blocks = answer; return answer;',
    /answered blocks: an object/,
  ),
  'wants of NaN blocks': scaling('return { blocks: NaN };', /answered blocks: NaN; expected a whole number/),
  'wants of half a block': scaling('return { blocks: 2.5 };', /answered blocks: 2\.5/),
  'wants that are over already': scaling(
    'return { blocks: 2, until: question.now };',
    /answered until: \d+; expected an instant after now/,
  ),
  'wants that give back before they bought': scaling(
    'return { blocks: 2, giveBackIdleAfterMs: -1 };',
    /answered giveBackIdleAfterMs: -1; expected a length in milliseconds/,
  ),
  'wants that give back never in an hour': scaling(
    'return { blocks: 2, giveBackBeforeHourMs: 0 };',
    /answered giveBackBeforeHourMs: 0; expected a length in milliseconds, more than zero/,
  ),
  'wants in a promise': scaling('return Promise.resolve({ blocks: 2 });', /answered a promise instead of \{ blocks \}/),
  'times that answer a number': renewal('return 7;', /answered 7 instead of \{ relieveAt, drainAt, endBy \}/),
  'times of NaN': renewal('return { relieveAt: NaN, drainAt: NaN, endBy: NaN };', /answered relieveAt: NaN/),
  'times in text': renewal(
    'return { relieveAt: 0, drainAt: "2026-03-02", endBy: 1 };',
    /answered drainAt: "2026-03-02"; expected an instant/,
  ),
  'times in the wrong order': renewal(
    'return { relieveAt: 3, drainAt: 2, endBy: 1 };',
    /answered times out of order; expected relieveAt <= drainAt <= endBy/,
  ),
  'times in a promise': renewal('return (async () => ({ relieveAt: 1 }))();', /answered a promise/),
  'times in a promise that fails': renewal('return Promise.reject(new Error("later"));', /answered a promise/),
  'ranks that are an object': purchase('return {};', /answered an object instead of a list of offers/),
  'ranks of made-up offers': purchase(
    'return offers.map((offer: any) => ({ ...offer, usdPerHour: 0 }));',
    /answered an offer that was not among those it was given/,
  ),
  'ranks that repeat themselves': purchase('return [offers[0], offers[0]];', /answered an offer twice/),
  'ranks without end': purchase('return new Array(2 ** 32 - 1);', /answered 4294967295 offers; it was given \d+/),
  'ranks in a promise': purchase('return Promise.resolve(offers);', /answered a promise/),
};
