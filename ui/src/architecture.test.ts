// @vitest-environment node
// What must stay true of the source as a whole.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.(ts|svelte|css)$/.test(path))
  .map((path) => ({ path, text: readFileSync(`src/${path}`, 'utf8') }));
const shipped = files.filter(({ path }) => !path.endsWith('.test.ts') && !path.startsWith('generated/'));

test('only backend.tauri.ts imports @tauri-apps', () => {
  const importing = shipped.filter(({ text }) => /(from|import\()\s*['"]@tauri-apps/.test(text));
  expect(importing.map(({ path }) => path)).toEqual(['backend.tauri.ts']);
});

test('nothing stands in the page that its content security policy refuses', () => {
  const refused = /\sstyle="|\{@html|innerHTML|\beval\(|new Function|\son[a-z]+="/;
  expect(shipped.filter(({ text }) => refused.test(text)).map(({ path }) => path)).toEqual([]);
  expect(shipped.filter(({ text }) => /(url\(|@import|src="http|href="http)/.test(text)).map(({ path }) => path)).toEqual([]);
});

test('the fake agent and its examples are reached only while developing', () => {
  const using = shipped.filter(({ path, text }) => !path.startsWith('fake/') && /['"][./]*\/fake\//.test(text));
  expect(using.map(({ path }) => path)).toEqual(['main.ts']);
  expect(shipped.find(({ path }) => path === 'main.ts')?.text).toMatch(/import\.meta\.env\.DEV[^\n]*\{\n[^\n]*import\('\.\/fake\/named'\)/);
});

test('no file is longer than 300 lines', () => {
  expect(files.filter(({ text }) => text.split('\n').length > 300).map(({ path }) => path)).toEqual([]);
});
