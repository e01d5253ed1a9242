// The licences of everything that is bundled.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Name, version and licence of every package of which a bundle holds code, by what esbuild says it put in, and of some more
 * folders of packages. Throws where a package comes without a licence: it must not be shipped then.
 */
export async function noticesOf(root, metafile, more = []) {
  const packages = await Promise.all(
    [...new Set([...foldersIn(metafile), ...more])].map((folder) => noticeOf(join(root, folder))),
  );
  packages.sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
  const head = 'Spot Keeper holds code of these packages, each under its own licence.\n';
  const rule = '-'.repeat(80);
  return [head, ...packages.map((one) => `${rule}\n${titled(one, packages)}\n`)].join('\n');
}

/** The folders of the packages of which something is in an output: `node_modules/a/node_modules/@b/c`. */
export function foldersIn({ outputs }) {
  const used = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  return [...new Set(used.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []))];
}

/** As the package says it. A package may leave its licence's text out; that of another under the same one says the same. */
async function noticeOf(folder) {
  const { name, version, license, repository } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder))
    .filter((file) => /^(?:(?:un)?licen[cs]e|copying|notice)(?:$|[.-])/i.test(file))
    .sort();
  const texts = await Promise.all(files.map(async (file) => (await readFile(join(folder, file), 'utf8')).trim()));
  if (texts.length === 0 && typeof license !== 'string') throw new Error(`${name} ${version} comes without a licence`);
  const source = typeof repository === 'string' ? repository : repository?.url;
  return { name, version, license: license ?? 'see below', source, text: texts.join('\n\n') };
}

function titled({ name, version, license, source, text }, all) {
  const borrowed = all.find((other) => other.license === license && other.text !== '');
  if (text === '' && borrowed === undefined) throw new Error(`no text of ${license} for ${name} ${version}`);
  const body = text === '' ? `It brings no text of its licence; this is that of ${borrowed.name}.\n\n${borrowed.text}` : text;
  return `${name} ${version} (${license})${source === undefined ? '' : `\n${source}`}\n\n${body}`;
}
