// What the manager shows of how dangerous a role is, how much of it is opened, and how a source signs.
import { cleanup, configure, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeBackend } from '../fake/backend';
import { development, production, role, session, source, usual } from '../fake/example';
import type { Snapshot } from '../generated/Snapshot';
import { words } from '../words';
import Manager from './Manager.svelte';

const NOW = Date.parse('2026-03-02T16:57:30Z');

// Only a machine under load takes longer than a moment; nothing here waits for time to pass.
configure({ asyncUtilTimeout: 10_000 });

afterEach(cleanup);

async function manager(snapshot: Snapshot = usual(NOW)) {
  const backend = new FakeBackend(snapshot, { now: () => NOW });
  render(Manager, { backend, clock: () => NOW });
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toBeTruthy());
  return { backend, user: userEvent.setup() };
}

const row = (name: string): HTMLElement => screen.getByRole('heading', { level: 3, name: new RegExp(`${name}$`) }).closest('[data-row]') as HTMLElement;
const focused = (): string => document.activeElement?.getAttribute('aria-label') ?? '';

describe('roles and how much of them', () => {
  test('say what they are: read-only, production by themselves, a step of a chain', async () => {
    const step = role('step', development, { production: true, read_only: true, via: 'AWSEC2FULLACCESS' });
    await manager({ ...usual(NOW), roles: [role('AWSEC2FULLACCESS', development), step] });
    expect(row('step').textContent).toMatch(/PRODUCTION.*read-only.*from work.*through AWSEC2FULLACCESS/s);
    expect(within(row('step')).getByRole('button', { name: 'Open with full access as step in acme-dev, PRODUCTION' })).toBeTruthy();
    expect(row('AWSEC2FULLACCESS').textContent).not.toMatch(/PRODUCTION|^read-only/);
  });

  test('open read-only and with full access by a key and by a button', async () => {
    const { backend, user } = await manager();
    await waitFor(() => expect(focused()).toContain('AWSEC2FULLACCESS'));
    await user.keyboard('r');
    await user.click(within(row('Admin')).getByRole('button', { name: /^Open with full access/ }));
    await waitFor(() => expect(backend.asked).toHaveLength(2));
    expect(backend.asked).toEqual([
      { intent: 'open-console', role: 'AWSEC2FULLACCESS', access: 'read-only' },
      { intent: 'open-console', role: 'Admin', access: 'full' },
    ]);
  });

  test('say that they wait for the person', async () => {
    await manager({ ...usual(NOW), roles: [role('Admin', production, { activity: { kind: 'asking', prompt: 2 } })] });
    expect(within(row('Admin')).getByText(words.roles.waitingForYou)).toBeTruthy();
  });
});

describe('sessions', () => {
  test('say how much they may, and copy just that', async () => {
    const { backend, user } = await manager({ ...usual(NOW), sessions: [session('Admin', production, NOW, 42.5)] });
    await user.keyboard('{Control>}[Digit3]{/Control}');
    await waitFor(() => expect(focused()).toContain('Open console as Admin'));
    expect(screen.getByRole('heading', { level: 2, name: 'Admin' }).closest('li')?.textContent).toMatch(/PRODUCTION.*read-only/s);
    await user.keyboard('c');
    expect(backend.asked).toEqual([{ intent: 'copy-credentials', role: 'Admin', access: 'read-only' }]);
  });
});

describe('sources', () => {
  test('that are profiles have no key to show, and devices are told', async () => {
    const serial = 'arn:aws:iam::111122223333:mfa/ada';
    const profile = source('sso', development, { access_key_id: null, profile: 'acme-sso', mfa_serial: serial });
    const { user } = await manager({ ...usual(NOW), sources: [profile] });
    await user.keyboard('{Control>}[Digit2]{/Control}');
    expect(screen.getByText('acme-sso')).toBeTruthy();
    expect(screen.getByText(serial)).toBeTruthy();
    expect(screen.queryByText(words.sources.keyId)).toBeNull();
  });
});
