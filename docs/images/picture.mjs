// Makes the picture of the README anew: the report of scenarios/ci-week as it is today, and the digest of the run it shows.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'spot-keeper-picture-'));
const report = join(folder, 'report.html');
const text = execFileSync(
  process.execPath,
  [join(ROOT, 'dist/bundle/cli/main.js'), 'simulate', join(ROOT, 'scenarios/ci-week'), '--report', report],
  { encoding: 'utf8' },
);
const [, digest = ''] = /^digest +(\w+)/m.exec(text) ?? [];

const browser = await chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1000, height: 1240 } });
await page.goto(pathToFileURL(report).href);
await page.screenshot({ path: join(ROOT, 'docs/images/ci-week.png') });
await browser.close();
rmSync(folder, { recursive: true });

const readme = join(ROOT, 'README.md');
writeFileSync(readme, readFileSync(readme, 'utf8').replace(/<!-- pictured: \w+ -->/, `<!-- pictured: ${digest} -->`));
