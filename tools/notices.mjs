// Prints the licences and notices of what ships inside Guise, each text once with the packages that carry it, as those licences
// want it to go with every copy: `node tools/notices.mjs`.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inside } from './inside.mjs';

const IS_NOTICE = /^(licen[cs]e|copying|copyright|notice|unlicense|authors)([-_.].*)?$/i;
/** In some packages they lie in a folder of their own. */
const FOLDERS = ['', 'LICENSES', 'licenses', 'LICENSE'];

function noticesOf(folder) {
  const files = FOLDERS.flatMap((each) => {
    const place = join(folder, each);
    try {
      return readdirSync(place).filter((name) => each !== '' || IS_NOTICE.test(name)).map((name) => join(place, name));
    } catch {
      return [];
    }
  });
  return files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'utf8').replace(/\r\n/g, '\n').trim());
}

const packages = inside();
const byText = new Map();
const without = [];
for (const { name, version, licence, folder } of packages) {
  const texts = [...new Set(noticesOf(folder))].filter((text) => text !== '');
  if (texts.length === 0) without.push(`${name} ${version}: ${licence}`);
  for (const text of texts) byText.set(text, [...(byText.get(text) ?? []), `${name} ${version}`]);
}

const line = '-'.repeat(100);
const parts = [`Guise is built with ${packages.length} packages of others. Each text below stands with the packages that carry it.`];
for (const [text, names] of byText) parts.push(line, names.join(', '), '', text, '');
if (without.length > 0) parts.push(line, 'These carry no text of their own; their licences, by their SPDX names, are:', '', ...without, '');
process.stdout.write(`${parts.join('\n')}\n`);
