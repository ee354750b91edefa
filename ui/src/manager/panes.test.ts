// Sources, sessions, the journal, settings and About on the fake agent, by keyboard.
import { cleanup, configure, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeBackend } from '../fake/backend';
import { empty, usual } from '../fake/example';
import type { Failure } from '../generated/Failure';
import type { Snapshot } from '../generated/Snapshot';
import type { WindowIntent } from '../generated/WindowIntent';
import { words } from '../words';
import { packages } from './about/packages';
import Manager from './Manager.svelte';

const NOW = Date.parse('2026-03-02T16:57:30Z');
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const refused: Failure = { code: 'wrong-secret', message: 'the secret does not belong to `AKIAIOSFODNN7EXAMPLE`', hint: 'copy both again' };

// Only a machine under load takes longer than a moment; nothing here waits for time to pass.
configure({ asyncUtilTimeout: 10_000 });

beforeEach(() => {
  document.documentElement.lang = 'en';
  HTMLCanvasElement.prototype.getContext = () => null;
});

afterEach(cleanup);

const PANES = ['roles', 'sources', 'sessions', 'journal', 'settings', 'import', 'about'] as const;

async function pane(name: (typeof PANES)[number], snapshot: Snapshot = usual(NOW), prepare: (backend: FakeBackend) => void = () => {}) {
  const backend = new FakeBackend(snapshot, { now: () => NOW });
  prepare(backend);
  render(Manager, { backend, clock: () => NOW });
  const user = userEvent.setup();
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toBeTruthy());
  await user.keyboard(`{Control>}[Digit${PANES.indexOf(name) + 1}]{/Control}`);
  await screen.findByRole('heading', { level: 1, name: words.panes[name] });
  return { backend, user };
}

const focused = (): string => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '';
const done = (backend: FakeBackend): WindowIntent[] => backend.asked.filter((intent) => !intent.intent.startsWith('read-'));
const row = (name: string): HTMLElement => screen.getByRole('heading', { level: 2, name }).closest('li') as HTMLElement;

async function breaksNoRule(): Promise<void> {
  const { violations, passes } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
  expect(passes.length).toBeGreaterThan(15);
  expect(violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`))).toEqual([]);
}

describe('a source is added', () => {
  async function filled(prepare?: (backend: FakeBackend) => void) {
    const stage = await pane('sources', empty(), prepare);
    await waitFor(() => expect(focused()).toBe(words.source.add));
    await stage.user.keyboard('{Enter}');
    await waitFor(() => expect(document.activeElement?.id).toBe('source-name'));
    await stage.user.keyboard('work{Tab}{Tab}AKIAIOSFODNN7EXAMPLE{Tab}');
    await stage.user.keyboard(SECRET);
    return stage;
  }

  test('by keyboard alone, and its secret is nowhere afterwards', async () => {
    const { backend, user } = await filled();
    expect((document.activeElement as HTMLInputElement).type).toBe('password');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(row('work')).toBeTruthy());
    const key = { kind: 'access-key', id: 'AKIAIOSFODNN7EXAMPLE', secret: SECRET };
    expect(done(backend)).toEqual([{ intent: 'add-source', name: 'work', key, mfa_serial: '', region: '' }]);
    expect(screen.getByRole('status', { name: words.message }).textContent).toContain('Added work');
    expect(document.documentElement.outerHTML).not.toContain(SECRET);
    expect([...document.querySelectorAll('input')].map((each) => each.value)).not.toContain(SECRET);
    await waitFor(() => expect(focused()).toBe(words.source.of(words.source.test, 'work')));
  });

  test('or not, with the reason, and its secret is cleared all the same', async () => {
    const { user } = await filled((backend) => backend.failNext(refused));
    await user.keyboard('{Enter}');
    expect(await screen.findByText(/The secret does not belong/)).toBeTruthy();
    expect((document.activeElement as HTMLInputElement).value).toBe('');
    expect(screen.getByText(words.source.secretAgain)).toBeTruthy();
    await breaksNoRule();
  });

  test('or is stopped while AWS is asked, which is no failure', async () => {
    const { backend, user } = await filled();
    backend.hold();
    await user.keyboard('{Enter}');
    expect((screen.getByLabelText(words.source.secret) as HTMLInputElement).value).toBe('');
    await user.click(await screen.findByRole('button', { name: words.stop }));
    expect(await screen.findByText('It was stopped, and nothing was changed')).toBeTruthy();
    expect(within(screen.getByRole('form', { name: words.source.addTitle })).queryByText(/stopped/)).toBeNull();
  });

  test('of a profile that was found', async () => {
    const { backend, user } = await pane('sources');
    await user.keyboard('a');
    await user.type(screen.getByLabelText(words.source.name), 'sso');
    await user.click(screen.getByLabelText(words.source.profile));
    await user.selectOptions(await screen.findByLabelText(words.sources.profile), 'acme-sso');
    await user.click(screen.getByRole('button', { name: words.source.save }));
    expect(done(backend)).toEqual([{ intent: 'add-source', name: 'sso', key: { kind: 'profile', name: 'acme-sso' }, mfa_serial: '', region: '' }]);
  });
});

describe('a source', () => {
  const press = (user: ReturnType<typeof userEvent.setup>, does: string) => user.click(screen.getByRole('button', { name: words.source.of(does, 'work') }));

  test('tells who it is, and how old its key is', async () => {
    const { user } = await pane('sources');
    await press(user, words.source.test);
    expect(await screen.findByText(/It is/)).toBeTruthy();
    await press(user, words.source.keys);
    await waitFor(() => expect(row('work').textContent).toContain('112 days old'));
    expect(row('work').textContent).toContain(words.source.old);
  });

  test('has its key changed after saying what will happen, and the old one deleted after asking again', async () => {
    const { backend, user } = await pane('sources');
    await press(user, words.source.rotate);
    const asks = screen.getByRole('alertdialog');
    for (const step of words.source.rotateSteps) expect(within(asks).getByText(step)).toBeTruthy();
    expect(focused()).toBe(words.cancel);
    await breaksNoRule();
    await user.keyboard('{Escape}');
    expect(done(backend)).toEqual([]);
    await waitFor(() => expect(focused()).toBe(words.source.of(words.source.rotate, 'work')));
    await user.keyboard('{Enter}');
    await user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: words.source.rotate }));
    await waitFor(() => expect(row('work').textContent).toContain('AKIAIOSFODNN7EXAMPL2'));
    await screen.findByRole('button', { name: words.source.of(words.source.deleteOld, 'work') });
    expect(screen.getByRole('status', { name: words.message }).textContent).toBe(words.source.rotated('work').replaceAll('`', ''));
    await press(user, words.source.deleteOld);
    await user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: words.source.deleteOld }));
    await waitFor(() => expect(done(backend).at(-1)).toEqual({ intent: 'delete-old-key', source: 'work' }));
  });

  test('is removed only after saying who needs it and that it cannot be undone', async () => {
    const { backend, user } = await pane('sources');
    await press(user, words.source.remove);
    const asks = screen.getByRole('alertdialog');
    expect(asks.textContent).toMatch(/cannot be undone.*6 roles need it: AWSEC2FULLACCESS, Admin/s);
    await user.click(within(asks).getByRole('button', { name: words.source.remove }));
    await waitFor(() => expect(screen.queryByRole('heading', { level: 2, name: 'work' })).toBeNull());
    expect(done(backend)).toEqual([{ intent: 'remove-source', source: 'work' }]);
  });

  test('has its device and region changed', async () => {
    const { backend, user } = await pane('sources');
    await press(user, words.source.edit);
    await waitFor(() => expect(document.activeElement?.id).toBe('edit-work-mfa'));
    await user.keyboard('arn:aws:iam::111122223333:mfa/ada{Enter}');
    await waitFor(() => expect(row('work').textContent).toContain('mfa/ada'));
    expect(done(backend)).toEqual([{ intent: 'edit-source', source: 'work', mfa_serial: 'arn:aws:iam::111122223333:mfa/ada', region: 'eu-west-1' }]);
  });
});

describe('sessions', () => {
  test('are renewed by a key, and all ended after asking', async () => {
    const { backend, user } = await pane('sessions');
    await waitFor(() => expect(focused()).toContain('AWSEC2FULLACCESS'));
    await user.keyboard('n');
    expect(done(backend)).toEqual([{ intent: 'renew-session', role: 'AWSEC2FULLACCESS', access: 'full' }]);
    await user.click(screen.getByRole('button', { name: words.sessions.endAll }));
    await breaksNoRule();
    await user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: words.sessions.endAll }));
    expect(await screen.findByText(words.sessions.empty)).toBeTruthy();
  });
});

describe('the journal', () => {
  test('shows the newest first, and finds', async () => {
    const { user } = await pane('journal');
    const rows = await waitFor(() => {
      const rows = screen.getAllByRole('row').slice(1);
      expect(rows.length).toBeGreaterThan(4);
      return rows;
    });
    expect(rows[0]?.textContent).toMatch(/16:57.*console opened.*AWSEC2FULLACCESS.*acme-dev.*terraform/s);
    await user.keyboard('/denied');
    await waitFor(() => expect(screen.getAllByRole('row')).toHaveLength(3));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.getAllByRole('row').length).toBe(rows.length + 1));
    await user.keyboard('nothing like it');
    expect(await screen.findByText(/Nothing in the journal matches/)).toBeTruthy();
  });

  test('says what will stand there, where nothing does', async () => {
    await pane('journal', empty());
    expect(await screen.findByText(words.journal.empty)).toBeTruthy();
  });
});

describe('settings', () => {
  const control = (name: string): HTMLElement => document.getElementById(`setting-${name}`) as HTMLElement;

  test('are all there, each with what it does, and are changed at once', async () => {
    const { backend, user } = await pane('settings');
    for (const { about, name } of usual(NOW).settings) expect(control(name).closest('.row')?.textContent).toContain(about.split('`')[0]);
    await user.selectOptions(control('theme'), 'dark');
    await user.click(control('start_at_login'));
    await waitFor(() => expect(done(backend)).toEqual([{ intent: 'set', setting: 'theme', value: 'dark' }, { intent: 'set', setting: 'start_at_login', value: 'true' }]));
    await user.click(await screen.findByRole('button', { name: `${words.settings.toUsual}: theme` }));
    await waitFor(() => expect((control('theme') as HTMLSelectElement).value).toBe('system'));
  });

  test('that are typed are kept by whoever goes to another pane by a key', async () => {
    const { backend, user } = await pane('settings');
    const field = (await screen.findAllByRole<HTMLInputElement>('textbox'))[0] as HTMLInputElement;
    await user.clear(field);
    await user.type(field, '60');
    await user.keyboard('{Control>}[Digit1]{/Control}');
    await waitFor(() => expect(done(backend)).toMatchObject([{ intent: 'set', value: '60' }]));
  });

  test('that cannot be so say why at their own row, and keep what was typed', async () => {
    const { user } = await pane('settings');
    const field = control('clipboard_seconds') as HTMLInputElement;
    await user.clear(field);
    await user.type(field, '4{Enter}');
    const alert = await within(field.closest('.row') as HTMLElement).findByText(/is nothing that clipboard_seconds can be/);
    expect(alert).toBeTruthy();
    expect(field.value).toBe('4');
    await breaksNoRule();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(field.value).toBe('45'));
  });
});

describe('about', () => {
  test('tells how this computer is when asked, and what is inside', async () => {
    const { backend, user } = await pane('about');
    await waitFor(() => expect(focused()).toBe(words.about.look));
    await user.keyboard('{Enter}');
    expect((await screen.findByRole('region', { name: words.about.found })).textContent).toContain('Secret Service');
    expect(backend.asked.at(-1)).toEqual({ intent: 'read-diagnostics' });
    await user.type(screen.getByLabelText(words.about.find), 'tokio-rustls');
    expect(screen.getAllByText(/tokio-rustls/)).toHaveLength(1);
  });

  test('names every package that is linked, in the version that is locked', () => {
    const lock = readFileSync('../Cargo.lock', 'utf8');
    const missing = packages.filter(([name, version]) => !/^(svelte|@tauri)/.test(name) && !lock.includes(`name = "${name}"\nversion = "${version}"`));
    expect(missing, 'node tools/packages.mjs writes them anew').toEqual([]);
    const named = new Set(packages.map(([name]) => name));
    for (const manifest of ['core/', 'cli/', '']) {
      const text = readFileSync(`../src-tauri/${manifest}Cargo.toml`, 'utf8');
      const parts = text.split(/^\[/m).filter((part) => /^(target\..*\.)?dependencies\]/.test(part));
      const wanted = parts.flatMap((part) => [...part.matchAll(/^([a-z][a-z0-9_-]*)(?:\.workspace)? = /gm)].map((match) => match[1] ?? ''));
      expect(wanted.filter((name) => name !== 'guise-core' && !named.has(name))).toEqual([]);
    }
    expect(packages.every(([, , licence]) => licence !== '')).toBe(true);
  });
});
