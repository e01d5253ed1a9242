import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareHtml } from '../../report/html/compareHtml.ts';
import { reportHtml } from '../../report/html/reportHtml.ts';
import { anOutcome, rivalsOf, variantsOf } from './anOutcome.ts';
import { HOSTILE, hostile } from './hostile.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const isMissing = !existsSync(CHROMIUM);
const why = isMissing ? ` (skipped: no browser at ${CHROMIUM}; CHROMIUM_PATH names another)` : '';

const outcome = anOutcome();
const rivals = rivalsOf(outcome);
const verdicts = [{ name: 'costAtMost', limit: 80, found: outcome.cost.total, holds: true }];
const again = 'spot-keeper simulate scenarios/ci-week';
const REPORT = reportHtml({ outcome, rivals, verdicts, again });
const COMPARISON = compareHtml(
  { variants: variantsOf([outcome, { ...outcome, label: 'drainFirst' }]), common: ['weekly', 'cheapest'], rivals },
  again,
);

describe(`a report in a browser${why}`, () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    if (isMissing) return;
    folder = await mkdtemp(join(tmpdir(), 'spot-keeper-report-'));
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      // Whatever it takes on a busy machine; the test as a whole has an end.
      timeout: 0,
      args: ['--disable-gpu', '--disable-background-networking', '--no-sandbox'],
    });
  });

  afterAll(async () => {
    if (isMissing) return;
    await browser.close();
    await rm(folder, { recursive: true });
  });

  it.skipIf(isMissing)('has all its sections, each with something to see', async () => {
    const { page } = await opened(REPORT);
    const seen = await Promise.all((await page.locator('section').all()).map((section) => section.getAttribute('id')));
    expect(seen).toEqual(['rivals', 'blocks', 'counts', 'cost', 'prices', 'jobs', 'ledger', 'expectations', 'again']);
    for (const id of ['figures', 'composed', ...seen]) {
      const box = await page.locator(`#${id ?? ''}`).boundingBox();
      expect(box?.height, id ?? '').toBeGreaterThan(20);
    }
    const pictures = await page.locator('svg.chart').count();
    expect(pictures).toBe(8);
    await page.close();
  });

  it.skipIf(isMissing)('asks the network for nothing and complains of nothing', async () => {
    for (const text of [REPORT, COMPARISON]) {
      const { page, requests, complaints } = await opened(text);
      expect(requests).toHaveLength(1);
      expect(complaints).toEqual([]);
      await page.close();
    }
  });

  it.skipIf(isMissing)('leaves hostile names inert', async () => {
    const foreign = hostile();
    const others = rivalsOf(foreign);
    const named = { ...others, spotGroupTuned: { ...others.spotGroupTuned, about: HOSTILE } };
    for (const text of [
      reportHtml({ outcome: foreign, rivals: named, verdicts: [{ ...verdicts[0]!, name: HOSTILE }], again: HOSTILE }),
      compareHtml({ variants: variantsOf([foreign, outcome]), common: [HOSTILE], rivals: named }, HOSTILE),
    ]) {
      const { page, requests, complaints } = await opened(text);
      expect(await page.locator('img, script').count()).toBe(0);
      expect(await page.evaluate('window.stolen')).toBeUndefined();
      expect(await page.locator('h1').textContent()).toBe(HOSTILE);
      expect(await page.locator('pre').textContent()).toBe(HOSTILE);
      expect([requests.length, complaints]).toEqual([1, []]);
      await page.close();
    }
  });

  it.skipIf(isMissing)('fits from 800 to 1600 wide, and is legible in light and dark', async () => {
    for (const text of [REPORT, COMPARISON])
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [800, 1600]) {
          const { page } = await opened(text, width, colorScheme);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
          expect(await page.evaluate(CLIPPED), `${colorScheme} ${width}`).toEqual([]);
          expect(await page.evaluate(PALE), `${colorScheme} ${width}`).toEqual([]);
          await page.close();
        }
  });

  it.skipIf(isMissing)(
    'on a telephone moves within its boxes, which show that there is more, and stays legible',
    async () => {
      for (const text of [REPORT, COMPARISON]) {
        const { page } = await opened(text, 360);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
        expect(await page.evaluate(TINY)).toEqual([]);
        expect(await page.evaluate(CUES)).toBeGreaterThan(2);
        await page.close();
      }
    },
  );

  async function opened(text: string, width = 1280, colorScheme: 'light' | 'dark' = 'light') {
    const path = join(folder, 'report.html');
    await writeFile(path, text);
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.setDefaultTimeout(0);
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(pathToFileURL(path).href);
    return { page, requests, complaints };
  }
});

/** Texts of pictures that reach out of their section, or that overlap another text of the same picture. */
const CLIPPED = `[...document.querySelectorAll('svg.chart')].flatMap((svg) => {
  const room = svg.closest('section').getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].map((text) => ({ name: text.textContent, box: text.getBoundingClientRect() }));
  const meets = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3;
  return [
    ...texts.filter(({ box }) => box.left < room.left || box.right > room.right || box.bottom > room.bottom),
    ...texts.filter((one, n) => texts.some((other, m) => m > n && meets(one.box, other.box))),
  ].map(({ name }) => name);
})`;

/** Texts of pictures that are drawn smaller than 9 px. */
const TINY = `[...document.querySelectorAll('svg.chart text')]
  .filter((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a < 9)
  .map(({ textContent }) => textContent)`;

/** How many boxes hold more than they show, and have the shadow at their edge that says so. */
const CUES = `[...document.querySelectorAll('.scroll')].filter(
  (box) => box.scrollWidth > box.clientWidth && getComputedStyle(box).backgroundAttachment.includes('scroll'),
).length`;

/** Texts whose contrast with the card behind them is below WCAG's 4.5 to 1. */
const PALE = `(() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const card = light(getComputedStyle(document.querySelector('section')).backgroundColor);
  return [...document.querySelectorAll('section text, section td, section th, section p, section h2, section li')].filter((element) => {
    const style = getComputedStyle(element);
    const ink = light(element.tagName === 'text' ? style.fill : style.color);
    return (Math.max(ink, card) + 0.05) / (Math.min(ink, card) + 0.05) < 4.5;
  }).map(({ textContent }) => textContent);
})()`;
