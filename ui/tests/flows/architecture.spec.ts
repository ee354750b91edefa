// What holds of every flow: nothing but keys moves anything.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';

const HANDS = /\.(click|dblclick|tap|hover|focus|fill|check|uncheck|selectOption|pressSequentially|dispatchEvent|dragTo|setInputFiles|scrollIntoViewIfNeeded)\(|(?<!keyboard|message)\.(press|type)\(|\.mouse\b|\.touchscreen\b/;

test('no flow uses a mouse, or puts the focus where no key has', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name !== 'architecture.spec.ts');
  expect(files.length).toBeGreaterThan(5);
  const found = files.flatMap((name) => readFileSync(`${import.meta.dirname}/${name}`, 'utf8').split('\n').flatMap((line, index) => (HANDS.test(line) ? [`${name}:${index + 1}: ${line.trim()}`] : [])));
  expect(found).toEqual([]);
});
