// What is typed in the manager and not saved: nothing takes it away without a question.
import { cleanup, configure, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeBackend } from '../fake/backend';
import { usual } from '../fake/example';
import { words } from '../words';
import Manager from './Manager.svelte';

const NOW = Date.parse('2026-03-02T16:57:30Z');

// Only a machine under load takes longer than a moment; nothing here waits for time to pass.
configure({ asyncUtilTimeout: 10_000 });
afterEach(cleanup);

async function manager() {
  const backend = new FakeBackend(usual(NOW), { now: () => NOW });
  render(Manager, { backend, clock: () => NOW });
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toBeTruthy());
  return { backend, user: userEvent.setup() };
}

const goTo = (user: ReturnType<typeof userEvent.setup>, digit: 1 | 2 | 3 | 6) => user.keyboard(`{Control>}[Digit${digit}]{/Control}`);

describe('what is typed and not saved', () => {
  const typed = async () => {
    const { backend, user } = await manager();
    await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^Open console/));
    await user.keyboard('n');
    await user.type(await screen.findByRole('textbox', { name: /^Name/ }), 'half');
    return { backend, user };
  };

  test('of a role is asked about before the window closes, and is still there after a no', async () => {
    const { backend, user } = await typed();
    await waitFor(() => expect(backend.isHeldOpen).toBe(true));
    backend.close();
    const asks = await screen.findByRole('alertdialog', { name: words.entry.closeAsk });
    expect(document.activeElement).toBe(within(asks).getByRole('button', { name: words.cancel }));
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect((screen.getByRole('textbox', { name: /^Name/ }) as HTMLInputElement).value).toBe('half');
    backend.close();
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: words.entry.discard }));
    expect(backend.asked).toContainEqual({ intent: 'leave' });
  });

  test('of a role outlives another pane, and still holds the window open', async () => {
    const { backend, user } = await typed();
    await goTo(user, 3);
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(backend.isHeldOpen).toBe(true);
    await goTo(user, 1);
    expect((screen.getByRole('textbox', { name: /^Name/ }) as HTMLInputElement).value).toBe('half');
  });

  test('of a source is asked about before another pane is shown', async () => {
    const { backend, user } = await manager();
    await goTo(user, 2);
    await user.keyboard('a');
    await user.type(await screen.findByRole('textbox', { name: /^Name/ }), 'half');
    await goTo(user, 1);
    const asks = await screen.findByRole('alertdialog', { name: words.entry.unsaved });
    await user.keyboard('{Escape}');
    expect((screen.getByRole('textbox', { name: /^Name/ }) as HTMLInputElement).value).toBe('half');
    await goTo(user, 1);
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: words.entry.discard }));
    expect(document.title).toBe('Guise · Roles');
    await waitFor(() => expect(backend.isHeldOpen).toBe(false));
    expect(asks.isConnected).toBe(false);
  });

  test('of a source is asked about before Escape takes it away, and before its change is left', async () => {
    const { backend, user } = await manager();
    await goTo(user, 2);
    await user.keyboard('a');
    const name = await screen.findByRole<HTMLInputElement>('textbox', { name: /^Name/ });
    await user.type(name, 'half{Escape}');
    within(await screen.findByRole('alertdialog', { name: words.entry.unsaved }));
    await user.keyboard('{Escape}');
    expect([document.activeElement, name.value]).toEqual([name, 'half']);
    await user.keyboard('{Escape}');
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: words.entry.discard }));
    expect(name.isConnected).toBe(false);

    const change = screen.getAllByRole('button', { name: words.source.of(words.source.edit, 'work') })[0] as HTMLElement;
    await user.click(change);
    await user.type(await screen.findByRole('textbox', { name: new RegExp(`^${words.source.region}`) }), '-1');
    await waitFor(() => expect(backend.isHeldOpen).toBe(true));
    await goTo(user, 1);
    await screen.findByRole('alertdialog', { name: words.entry.unsaved });
    await user.keyboard('{Escape}{Escape}');
    const asks = await screen.findByRole('alertdialog', { name: words.entry.unsaved });
    // A question keeps its keys: no arrow leads out of it.
    await user.keyboard('{ArrowDown}');
    expect(asks.contains(document.activeElement)).toBe(true);
    await user.click(within(asks).getByRole('button', { name: words.entry.discard }));
    await waitFor(() => expect(document.activeElement).toBe(change));
    await waitFor(() => expect(backend.isHeldOpen).toBe(false));
  });

  test('of what was chosen to come in is asked about before another pane is shown', async () => {
    const { backend, user } = await manager();
    await goTo(user, 6);
    await user.click((await screen.findAllByRole('checkbox', { name: /ReadOnly|Admin|deploy|acme/ }))[0] as HTMLElement);
    await waitFor(() => expect(backend.isHeldOpen).toBe(true));
    await goTo(user, 1);
    await screen.findByRole('alertdialog', { name: words.entry.unsaved });
  });
});
