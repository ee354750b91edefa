// Every pane in every state, held against the rules of axe: names, roles, headings, landmarks, live regions.
import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeBackend } from '../fake/backend';
import { empty, long, many, troubled, usual } from '../fake/example';
import type { Snapshot } from '../generated/Snapshot';
import { words } from '../words';
import Manager from './Manager.svelte';

const NOW = Date.parse('2026-03-02T16:57:30Z');

beforeEach(() => {
  // As in index.html.
  document.documentElement.lang = 'en';
  // axe asks a canvas whether a glyph is an icon; jsdom has none, and says so at length.
  HTMLCanvasElement.prototype.getContext = () => null;
});

afterEach(cleanup);

/** What axe finds, as one line a finding. Contrast is not among it, as jsdom draws nothing: tokens.test.ts holds that. */
async function found(): Promise<string[]> {
  const { violations, passes } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
  // Were nothing looked at, nothing would be found.
  expect(passes.length).toBeGreaterThan(15);
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.html}`));
}

const states: [string, Snapshot][] = [
  ['empty', empty()],
  ['usual', usual(NOW)],
  ['troubled', { ...troubled(NOW), waiting_for_keychain: true }],
  ['of long names', long(NOW)],
  // A dozen rows of the 300: what axe finds in one it finds in all, and jsdom is slow.
  ['many', { ...many(NOW), roles: many(NOW).roles.slice(0, 12) }],
];

describe.each(states)('a manager %s', (_, snapshot) => {
  test.each([1, 2, 3, 4, 5, 6])('breaks no rule in pane %i', async (digit) => {
    render(Manager, { backend: new FakeBackend(snapshot, { now: () => NOW }), clock: () => NOW });
    await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toBeTruthy());
    const user = userEvent.setup();
    await user.keyboard(`{Control>}[Digit${digit}]{/Control}`);
    if (digit === 1 && snapshot.roles.length > 0) await user.keyboard('{ArrowRight}');
    expect(await found()).toEqual([]);
  });
});

test('one that has just copied breaks no rule, nor one whose agent is gone', async () => {
  const backend = new FakeBackend(usual(NOW), { now: () => NOW });
  render(Manager, { backend, clock: () => NOW });
  const user = userEvent.setup();
  await waitFor(() => expect(document.activeElement?.getAttribute('data-primary')).toBe(''));
  await user.keyboard('c');
  await screen.findByRole('button', { name: words.dismiss });
  expect(await found()).toEqual([]);
  cleanup();
  backend.breakDown();
  render(Manager, { backend });
  await screen.findByRole('alert');
  expect(await found()).toEqual([]);
});
