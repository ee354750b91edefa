// @vitest-environment node
// The tokens hold what DESIGN promises of them: contrast, in light and dark.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const [light = '', dark = ''] = readFileSync('src/tokens.css', 'utf8').split('@media (prefers-color-scheme: dark)');

function values(css: string): Map<string, string> {
  return new Map([...css.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

test.each([
  ['light', light],
  ['dark', dark],
])('text is readable in %s', (_, css) => {
  const tokens = values(css);
  const of = (text: string, ground: string): number => contrast(tokens.get(text) ?? '', tokens.get(ground) ?? '');
  for (const ground of ['ground', 'ground-side', 'selected', 'hover', 'notice']) {
    expect(of('text', ground), `text on ${ground}`).toBeGreaterThanOrEqual(7);
    expect(of('text-quiet', ground), `text-quiet on ${ground}`).toBeGreaterThanOrEqual(4.5);
    expect(of('line-strong', ground), `line-strong on ${ground}`).toBeGreaterThanOrEqual(3);
    expect(of('danger-text', ground), `danger-text on ${ground}`).toBeGreaterThanOrEqual(7);
    expect(of('focus', ground), `focus on ${ground}`).toBeGreaterThanOrEqual(3);
  }
  expect(of('on-danger', 'danger')).toBeGreaterThanOrEqual(7);
  expect(of('on-accent', 'accent')).toBeGreaterThanOrEqual(7);
  expect(of('on-accent', 'accent-hover')).toBeGreaterThanOrEqual(7);
  const accounts = [...css.matchAll(/--account: (#[0-9a-f]{6})/g)].map((match) => match[1] ?? '');
  expect(new Set(accounts).size).toBe(8);
  for (const colour of accounts) expect(contrast(colour, tokens.get('ground') ?? ''), colour).toBeGreaterThanOrEqual(3);
});
