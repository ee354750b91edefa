// The switcher by keys, as a person uses it, on an agent in memory.
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeBackend } from '../fake/backend';
import { empty, long, many, rightToLeft, troubled, usual } from '../fake/example';
import type { Snapshot } from '../generated/Snapshot';
import { words } from '../words';
import { groupedPieces, pieces } from './marked';
import Switcher from './Switcher.svelte';

const NOW = Date.parse('2026-03-02T16:57:30Z');
const LINK = 'https://eu-west-1.console.aws.amazon.com/ec2/home';

beforeEach(() => {
  document.documentElement.lang = 'en';
  HTMLCanvasElement.prototype.getContext = () => null;
});

afterEach(cleanup);

async function open(snapshot: Snapshot = usual(NOW)) {
  const backend = new FakeBackend(snapshot, { now: () => NOW });
  render(Switcher, { backend, clock: () => NOW });
  const field = screen.getByRole<HTMLInputElement>('combobox');
  const user = userEvent.setup();
  await waitFor(() => expect(screen.queryByText(words.loading)).toBeNull());
  field.focus();
  return { backend, field, user };
}

function options(): string[] {
  return screen.queryAllByRole('option').map((option) => option.getAttribute('aria-label') ?? '');
}

function present(): string {
  return screen.getByRole('option', { selected: true }).getAttribute('aria-label') ?? '';
}

/** What was asked of the agent, but for the window's own going. */
function asked(backend: FakeBackend): unknown[] {
  return backend.asked.filter((intent) => intent.intent !== 'leave');
}

function hasLeft(backend: FakeBackend): boolean {
  return backend.asked.some((intent) => intent.intent === 'leave');
}

test('a few letters and Enter open the console, and the window goes', async () => {
  const { backend, field, user } = await open();
  expect(document.activeElement).toBe(field);
  await user.keyboard('ec2 dev{Enter}');
  await waitFor(() => expect(hasLeft(backend)).toBe(true));
  expect(asked(backend)).toEqual([{ intent: 'open-console', role: 'AWSEC2FULLACCESS', destination: null }]);
});

test('what was found is marked, and a reader hears the row as a whole', async () => {
  const { user } = await open();
  await user.keyboard('ec2 dev');
  await waitFor(() => expect(options()).toHaveLength(2));
  expect(options()[0]).toBe('AWSEC2FULLACCESS, acme-dev, 1111 2222 3333, favourite, 42 min left');
  expect([...document.querySelectorAll('#row-0 mark')].map((mark) => mark.textContent)).toEqual(['EC2', 'dev']);
  expect(screen.getByText(words.switcher.counts.roles(2))).toBeTruthy();
  expect(screen.getByRole('combobox').getAttribute('aria-activedescendant')).toBe('row-0');
});

test('arrows move among the rows while the field keeps the focus', async () => {
  const { field, user } = await open();
  const all = options();
  await user.keyboard('{ArrowDown}{ArrowDown}');
  expect(present()).toBe(all[2]);
  await user.keyboard('{ArrowUp}{ArrowUp}{ArrowUp}');
  expect(present()).toBe(all.at(-1));
  await user.keyboard('{PageUp}');
  expect(present()).toBe(all[0]);
  expect(document.activeElement).toBe(field);
  expect(field.getAttribute('aria-activedescendant')).toBe('row-0');
});

test('a console that does not open leaves the window with the sentence at its row and the next step', async () => {
  const { backend, user } = await open();
  backend.failNext({ code: 'access-denied', message: 'AWS refused `ada`', hint: 'guise trust-policy prints one that does' });
  await user.keyboard('logs{Enter}');
  await waitFor(() => expect(screen.getByRole('option').textContent).toContain('guise trust-policy prints one that does'));
  expect(screen.getAllByRole('alert').map((alert) => alert.textContent).join()).toContain('AWS refused');
  expect(hasLeft(backend)).toBe(false);
});

test.each([
  ['c', { intent: 'copy-credentials', role: 'AWSEC2FULLACCESS' }],
  ['r', { intent: 'open-console', role: 'AWSEC2FULLACCESS', destination: null, access: 'read-only' }],
  ['s', { intent: 'set-favourite', role: 'AWSEC2FULLACCESS', favourite: false }],
  ['e', { intent: 'end-session', session: 's-AWSEC2FULLACCESS' }],
])('Alt %s does what the foot says', async (key, intent) => {
  const { backend, field, user } = await open();
  await user.keyboard('full');
  await user.keyboard(`{Alt>}${key}{/Alt}`);
  await waitFor(() => expect(asked(backend)).toEqual([intent]));
  expect(field.value === 'full' || hasLeft(backend)).toBe(true);
});

test('every key is at the foot, and the mouse can press it there', async () => {
  const { backend, user } = await open();
  await user.keyboard('full');
  await waitFor(() => expect(options()).toHaveLength(1));
  const shown = screen.getAllByRole('button').map((button) => button.getAttribute('aria-keyshortcuts'));
  expect(shown).toEqual(['Enter', 'Alt+C', 'Alt+F', 'Alt+R', 'ArrowRight', 'Alt+E', 'Alt+S', 'Escape']);
  await user.click(screen.getByRole('button', { name: /read-only/ }));
  await waitFor(() => expect(asked(backend)).toContainEqual({ intent: 'open-console', role: 'AWSEC2FULLACCESS', destination: null, access: 'read-only' }));
});

test('a production role says so, and what Alt R adds is all that it may', async () => {
  const { backend, user } = await open();
  await user.keyboard('admin');
  await waitFor(() => expect(present()).toBe('Admin, acme-prod, 4444 5555 6666, PRODUCTION, read-only'));
  await user.keyboard('{Alt>}r{/Alt}');
  await waitFor(() => expect(asked(backend)).toEqual([{ intent: 'open-console', role: 'Admin', destination: null, access: 'full' }]));
});

test('copy as… takes a second step, and comes back to where it was', async () => {
  const { backend, field, user } = await open();
  await user.keyboard('logs{Alt>}f{/Alt}');
  await waitFor(() => expect(options()).toHaveLength(5));
  expect(screen.getByText('acme-dev', { selector: '.chip *' })).toBeTruthy();
  await user.keyboard('fish{Enter}');
  await waitFor(() => expect(asked(backend)).toEqual([{ intent: 'copy-credentials', role: 'logs', format: 'fish' }]));
  await waitFor(() => expect(field.value).toBe('logs'));
  expect(await screen.findByText(/clipboard is cleared/)).toBeTruthy();
});

test('the destination is chosen among services and recent pages, or typed', async () => {
  const { backend, field, user } = await open({ ...usual(NOW), recent_pages: ['lambda/home#/functions/resize'] });
  await user.keyboard('logs{ArrowRight}');
  await waitFor(() => expect(options()[0]).toBe('lambda/home#/functions/resize, recent'));
  await user.keyboard('queue');
  await waitFor(() => expect(options()).toEqual(['Simple Queue Service']));
  await user.keyboard('{Escape}');
  await waitFor(() => expect(field.value).toBe('logs'));
  expect(hasLeft(backend)).toBe(false);
  await user.keyboard('{ArrowRight}glue/home{Enter}');
  await waitFor(() => expect(hasLeft(backend)).toBe(true));
  expect(asked(backend)).toEqual([{ intent: 'open-console', role: 'logs', destination: 'glue/home' }]);
});

test('what is no page says so', async () => {
  const { user } = await open();
  await user.keyboard('logs{ArrowRight}no such page');
  expect(await screen.findByText(/is not a page of the console/)).toBeTruthy();
});

test('a pasted link asks for its account, and opens that very page', async () => {
  const { backend, field, user } = await open();
  await user.paste(LINK);
  expect(await screen.findByText(words.switcher.whichAccount)).toBeTruthy();
  await waitFor(() => expect(field.value).toBe(''));
  expect(options()).toEqual(['acme-dev, 1111 2222 3333, 3 roles', 'acme-payer, 7777 8888 9999, 1 role', 'acme-prod, 4444 5555 6666, 3 roles']);
  await user.keyboard('payer{Enter}');
  await waitFor(() => expect(options()).toEqual(['Billing, acme-payer, 7777 8888 9999, favourite']));
  await user.keyboard('{Enter}');
  await waitFor(() => expect(hasLeft(backend)).toBe(true));
  expect(asked(backend)).toEqual([{ intent: 'open-console', role: 'Billing', destination: LINK }]);
});

test('what was pasted is taken away by Backspace, the account first', async () => {
  const { user } = await open();
  await user.paste(LINK);
  await waitFor(() => expect(options()).toHaveLength(3));
  await user.keyboard('{Enter}');
  await waitFor(() => expect(options()[0]).toContain('AWSEC2FULLACCESS'));
  await user.keyboard('{Backspace}');
  expect(await screen.findByText(words.switcher.whichAccount)).toBeTruthy();
  await user.keyboard('{Backspace}');
  await waitFor(() => expect(options()).toHaveLength(7));
});

test('an account in which nobody can be a role says so and leads on', async () => {
  const { backend, user } = await open();
  await user.paste('arn:aws:lambda:eu-west-1:999999999999:function:f');
  expect(await screen.findByText(words.switcher.none.inAccount('9999 9999 9999'))).toBeTruthy();
  await user.click(screen.getByRole('button', { name: words.switcher.none.manage }));
  await waitFor(() => expect(hasLeft(backend)).toBe(true));
  expect(asked(backend)).toEqual([{ intent: 'show-window', window: 'manager' }]);
});

test('no match leads back to all, an empty catalog to the guide', async () => {
  const { user } = await open();
  await user.keyboard('zzz');
  await user.click(await screen.findByRole('button', { name: words.switcher.none.clear }));
  await waitFor(() => expect(options()).toHaveLength(7));
  cleanup();
  const { backend, user: other } = await open(empty());
  await other.keyboard('{Enter}');
  await waitFor(() => expect(asked(backend)).toEqual([{ intent: 'show-window', window: 'guide' }]));
});

test('Escape ends it, from wherever the focus is', async () => {
  const { backend, user } = await open();
  await user.tab();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(hasLeft(backend)).toBe(true));
});

test('a key that is held is one wish', async () => {
  const { backend, field, user } = await open();
  await user.keyboard('logs');
  await fireEvent.keyDown(field, { key: 'Escape', repeat: true });
  await user.keyboard('{Enter}');
  await waitFor(() => expect(hasLeft(backend)).toBe(true));
  expect(asked(backend)).toEqual([{ intent: 'open-console', role: 'logs', destination: null }]);
});

test('text keys keep their meaning: Ctrl C, Home and a caret within the text', async () => {
  const { backend, field, user } = await open();
  await user.keyboard('logs{ArrowLeft}{ArrowRight}{Control>}c{/Control}');
  expect(options()).toHaveLength(1);
  field.setSelectionRange(0, 0);
  await user.keyboard('{ArrowRight}');
  expect(field.value).toBe('logs');
  expect(asked(backend)).toEqual([]);
});

test('what happens elsewhere is seen, and the present row stays', async () => {
  const { backend, user } = await open();
  await user.keyboard('{ArrowDown}{ArrowDown}');
  const before = present().split(',')[0];
  backend.show({ sessions: [] });
  await waitFor(() => expect(options().join()).not.toContain('left'));
  expect(present().split(',')[0]).toBe(before);
});

test('only so many rows are drawn as are found, and the rest is counted', async () => {
  await open(many(NOW));
  expect(options()).toHaveLength(50);
  expect(screen.getByText(words.switcher.more(50, 300))).toBeTruthy();
});

test('an agent that is gone is said', async () => {
  const backend = new FakeBackend(usual(NOW));
  backend.breakDown();
  render(Switcher, { backend });
  expect(await screen.findByText(words.failures.noAnswer.message)).toBeTruthy();
});

test('spans cut a text into pieces, and digits in groups keep theirs', () => {
  expect(pieces('acme-dev', [[0, 1], [5, 8]])).toEqual([
    { text: 'a', found: true },
    { text: 'cme-', found: false },
    { text: 'dev', found: true },
  ]);
  expect(pieces('x', [])).toEqual([{ text: 'x', found: false }]);
  const grouped = groupedPieces('111122223333', [[2, 6]]);
  expect(grouped.map((piece) => piece.text)).toEqual(['11', '11 22', '22 3333']);
  expect(groupedPieces('111122223333', [[4, 8]]).map((piece) => piece.text)).toEqual(['1111 ', '2222', ' 3333']);
});

/** What axe finds, a line a finding. jsdom draws nothing, so contrast is not among it. */
async function found(): Promise<string[]> {
  await new Promise((done) => setTimeout(done, 20));
  const { violations, passes } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
  expect(passes.length).toBeGreaterThan(15);
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.html}`));
}

test.each([
  ['empty', empty()],
  ['troubled', { ...troubled(NOW), waiting_for_keychain: true }],
  ['of long names', long(NOW)],
  ['of names from right to left', rightToLeft(NOW)],
])('a switcher %s breaks no rule of axe', async (_, snapshot) => {
  await open(snapshot);
  expect(await found()).toEqual([]);
});

test.each([['with no match', 'zzz'], ['with pages', '{ArrowRight}'], ['with formats', '{Alt>}f{/Alt}']])('one %s breaks none either', async (_, keys) => {
  const { user } = await open();
  await user.keyboard(keys);
  expect(await found()).toEqual([]);
});

test('nor does one with a link', async () => {
  const { user } = await open();
  await user.paste(LINK);
  expect(await found()).toEqual([]);
});
