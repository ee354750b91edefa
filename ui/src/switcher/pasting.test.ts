// What is pasted into the switcher: another thing after the first, one that a mail broke, and a role that is not here.
import { cleanup, createEvent, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeBackend } from '../fake/backend';
import { usual } from '../fake/example';
import { words } from '../words';
import Switcher from './Switcher.svelte';

const NOW = Date.parse('2026-03-02T16:57:30Z');
const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:queue';
const BUCKET = 'arn:aws:s3:eu-west-1:444455556666:bucket';

beforeEach(() => {
  document.documentElement.lang = 'en';
});

afterEach(cleanup);

async function open() {
  const backend = new FakeBackend(usual(NOW), { now: () => NOW });
  render(Switcher, { backend, clock: () => NOW });
  const field = screen.getByRole<HTMLInputElement>('combobox');
  await waitFor(() => expect(screen.queryByText(words.loading)).toBeNull());
  field.focus();
  return { backend, field, user: userEvent.setup() };
}

const beside = (): string => document.querySelector('#beside')?.textContent ?? '';

test('a second link takes the place of the first, and words after one are words', async () => {
  const { field, user } = await open();
  await user.paste(QUEUE);
  await waitFor(() => expect(beside()).toContain('acme-dev'));
  await user.paste(BUCKET);
  await waitFor(() => expect(beside()).toContain('acme-prod'));
  expect(field.value).toBe('');
  await user.paste('admin');
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1));
  expect(beside()).toContain('acme-prod');
  expect(field.value).toBe('admin');
});

test('a link that a mail broke into lines is whole again', async () => {
  const { field } = await open();
  const paste = createEvent.paste(field, { clipboardData: { getData: () => 'arn:aws:sqs:eu-west-1:\r\n  111122223333:queue\n' } });
  await fireEvent(field, paste);
  expect(paste.defaultPrevented).toBe(true);
  await waitFor(() => expect(beside()).toContain('acme-dev'));
  const words = createEvent.paste(field, { clipboardData: { getData: () => 'two\nwords' } });
  await fireEvent(field, words);
  expect(words.defaultPrevented).toBe(false);
});

test('a right click opens no menu, which would take the focus and the switcher with it', async () => {
  const { field } = await open();
  const click = createEvent.contextMenu(field);
  await fireEvent(field, click);
  expect(click.defaultPrevented).toBe(true);
});

test('what takes long is stopped by the key that ends a session', async () => {
  const { backend, user } = await open();
  void backend.hold();
  await user.keyboard('logs{Enter}');
  await waitFor(() => expect(backend.asked.some((each) => each.intent === 'open-console')).toBe(true));
  await user.keyboard('{Alt>}e{/Alt}');
  expect(await screen.findByText(/It was stopped/)).toBeTruthy();
});
