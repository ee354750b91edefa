// Import and export on the fake agent, by keyboard.
import { cleanup, configure, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeBackend } from '../../fake/backend';
import { changedMeanwhile } from '../../fake/bringing';
import { empty, usual } from '../../fake/example';
import type { WindowIntent } from '../../generated/WindowIntent';
import { words } from '../../words';
import Manager from '../Manager.svelte';

const NOW = Date.parse('2026-03-02T16:57:30Z');
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

configure({ asyncUtilTimeout: 10_000 });

beforeEach(() => {
  document.documentElement.lang = 'en';
  HTMLCanvasElement.prototype.getContext = () => null;
  Element.prototype.scrollTo = () => {};
});

afterEach(cleanup);

async function shown(snapshot = usual(NOW), prepare: (backend: FakeBackend) => void = () => {}) {
  const backend = new FakeBackend(snapshot, { now: () => NOW });
  prepare(backend);
  render(Manager, { backend, clock: () => NOW });
  const user = userEvent.setup();
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toBeTruthy());
  await user.keyboard('{Control>}[Digit6]{/Control}');
  await screen.findByRole('heading', { level: 1, name: words.panes.import });
  return { backend, user };
}

const box = (name: string): HTMLInputElement => screen.getByRole('checkbox', { name });
const looks = (backend: FakeBackend): WindowIntent[] => backend.asked.filter((intent) => intent.intent === 'look-for-import');

test('what is chosen by keyboard comes in, and what became of it is told', async () => {
  const { backend, user } = await shown();
  await screen.findByRole('heading', { name: words.bringing.foundHere });
  expect(looks(backend)).toEqual([{ intent: 'look-for-import', source: '', move_keys: false }]);
  box('Deploy').focus();
  await user.keyboard(' ');
  box('work').focus();
  await user.keyboard(' {Control>}{Enter}{/Control}');
  await screen.findByRole('region', { name: words.bringing.done });
  const asked = backend.asked.find((intent) => intent.intent === 'import');
  expect(asked).toEqual({ intent: 'import', number: 1, chosen: ['role Deploy', 'profile work'], replace: false });
  const outcome = screen.getByRole('region', { name: words.bringing.done });
  expect(outcome.textContent).toContain('Added Deploy');
  expect(outcome.textContent).toContain('aws_secret_access_key');
  // Looked for again, so what came in is known to be here.
  await waitFor(() => expect(within(box('Deploy').closest('li') as HTMLElement).getByText(words.bringing.state.here)).toBeTruthy());
  expect(looks(backend).at(-1)).toEqual({ intent: 'look-for-import', again: true, source: '', move_keys: false });
  const { violations } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`))).toEqual([]);
});

test('a group is chosen and left as a whole; what differs is chosen by itself and changed only if that is said', async () => {
  const { backend, user } = await shown();
  await screen.findByRole('heading', { name: words.bringing.foundHere });
  const differs = usual(NOW).roles[0]?.name ?? '';
  const group = screen.getByRole('button', { name: words.bringing.choose('role') });
  await user.click(group);
  expect([box('Deploy').checked, box('Audit').checked, box(differs).checked, box('legacy').checked]).toEqual([true, true, false, false]);
  await user.click(group);
  expect(box('Deploy').checked).toBe(false);
  expect(screen.queryByRole('checkbox', { name: words.bringing.replace })).toBeNull();
  await user.click(box(differs));
  const item = box(differs).closest('li') as HTMLElement;
  expect(item.textContent).toContain('us-east-1');
  await user.click(screen.getByRole('button', { name: words.bringing.bring(1) }));
  await screen.findByText(words.bringing.left);
  await user.click(box(differs));
  await user.click(screen.getByRole('checkbox', { name: words.bringing.replace }));
  await user.click(screen.getByRole('button', { name: words.bringing.bring(1) }));
  await waitFor(() => expect(backend.asked.filter((intent) => intent.intent === 'import').at(-1)).toMatchObject({ replace: true }));
});

test('what cannot be brought in says why and is not chosen, until things are wished otherwise', async () => {
  const { user } = await shown();
  await screen.findByRole('heading', { name: words.bringing.foundHere });
  await user.click(box('legacy'));
  expect(box('legacy').checked).toBe(false);
  expect((box('legacy').closest('li') as HTMLElement).textContent).toContain('both a role and the key');
  await user.click(box(words.bringing.keys));
  await waitFor(() => expect(box('legacy').getAttribute('aria-disabled')).toBe('false'));
  await user.click(box('legacy'));
  expect(box('legacy').checked).toBe(true);
});

test('a text that is pasted goes inward once, and is nowhere afterwards', async () => {
  const { backend, user } = await shown();
  await screen.findByRole('heading', { name: words.bringing.foundHere });
  await user.click(screen.getByRole('button', { name: words.bringing.paste }));
  const area = screen.getByLabelText(words.bringing.pasted);
  await waitFor(() => expect(document.activeElement).toBe(area));
  await user.paste(`[work]\naws_secret_access_key = ${SECRET}`);
  await user.click(screen.getByRole('button', { name: words.bringing.look }));
  await screen.findByRole('heading', { name: words.bringing.foundPasted });
  expect(looks(backend).at(-1)).toMatchObject({ text: `[work]\naws_secret_access_key = ${SECRET}` });
  await user.click(box(words.bringing.keys));
  await waitFor(() => expect(looks(backend).at(-1)).toEqual({ intent: 'look-for-import', again: true, source: '', move_keys: true }));
  expect(document.documentElement.outerHTML).not.toContain(SECRET);
  expect([...document.querySelectorAll('textarea')].map((each) => each.value)).not.toContain(SECRET);
});

test('a file is chosen and the catalog written by the window itself; nothing found leads on; a refusal stands where it was asked', async () => {
  const { backend, user } = await shown({ ...empty(), sources: usual(NOW).sources });
  await screen.findByRole('heading', { name: words.bringing.nothing });
  await user.click(screen.getByRole('button', { name: words.bringing.file }));
  expect(backend.asked.at(-1)).toEqual({ intent: 'look-in-file', move_keys: false });
  await user.click(screen.getByRole('button', { name: words.bringing.export }));
  await waitFor(() => expect(screen.getByRole('status', { name: words.message }).textContent).toContain('guise-catalog.toml'));
  backend.failNext(changedMeanwhile);
  await user.click(screen.getByRole('button', { name: words.bringing.here }));
  await waitFor(() => expect(screen.getAllByRole('alert').some((each) => each.textContent?.includes('has changed since it was shown'))).toBe(true));
});
