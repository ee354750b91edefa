// A switcher that waits out of sight: how it goes, and how it comes again.
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { FakeBackend } from '../fake/backend';
import { usual } from '../fake/example';
import { words } from '../words';
import Switcher from './Switcher.svelte';

const NOW = Date.parse('2026-03-02T16:57:30Z');

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

async function open() {
  const backend = new FakeBackend(usual(NOW), { now: () => NOW });
  render(Switcher, { backend, clock: () => NOW });
  const field = screen.getByRole<HTMLInputElement>('combobox');
  await waitFor(() => expect(screen.queryByText(words.loading)).toBeNull());
  field.focus();
  return { backend, field, user: userEvent.setup() };
}

function turn(state: 'visible' | 'hidden'): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
}

test('the key that sent it away works at once when it comes again, though the web view says that it is held', async () => {
  const { backend, field } = await open();
  turn('hidden');
  turn('visible');
  await fireEvent.keyDown(field, { key: 'Escape', repeat: true });
  await waitFor(() => expect(backend.asked.some((intent) => intent.intent === 'leave')).toBe(true));
});

test('it begins again, and what is typed before the page is told that it came is kept', async () => {
  const { field, user } = await open();
  await user.keyboard('zzz');
  turn('hidden');
  await waitFor(() => expect(screen.queryAllByRole('option')).toHaveLength(7));
  await user.keyboard('logs');
  turn('visible');
  await waitFor(() => expect(screen.queryAllByRole('option')).toHaveLength(1));
  expect(field.value).toBe('logs');
});
