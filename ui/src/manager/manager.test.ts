// The manager on the fake agent: what a person sees and what reaches the agent.
import { cleanup, configure, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakeBackend } from '../fake/backend';
import { development, empty, production, role, session, usual } from '../fake/example';
import type { Failure } from '../generated/Failure';
import type { Snapshot } from '../generated/Snapshot';
import { words } from '../words';
import Manager from './Manager.svelte';

const NOW = Date.parse('2026-03-02T16:57:30Z');
const refused: Failure = {
  code: 'access-denied',
  message: 'AWS refused to let `ada` assume `AWSEC2FULLACCESS`',
  hint: 'the role’s trust policy must name arn:aws:iam::111122223333:user/ada',
};

// Only a machine under load takes longer than a moment; nothing here waits for time to pass.
configure({ asyncUtilTimeout: 10_000 });

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

async function manager(snapshot: Snapshot = usual(NOW), prepare: (backend: FakeBackend) => void = () => {}) {
  const backend = new FakeBackend(snapshot, { now: () => NOW });
  prepare(backend);
  render(Manager, { backend, clock: () => NOW });
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toBeTruthy());
  return { backend, user: userEvent.setup() };
}

const row = (name: string): HTMLElement => screen.getByRole('heading', { level: 3, name: new RegExp(`${name}$`) }).closest('[data-row]') as HTMLElement;
const focused = (): string => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName ?? '';
const goTo = (user: ReturnType<typeof userEvent.setup>, digit: 1 | 2 | 3) => user.keyboard(`{Control>}[Digit${digit}]{/Control}`);

describe('roles', () => {
  test('stand under their accounts, with the digits grouped and production in words', async () => {
    await manager();
    expect(screen.getByRole('rowheader', { name: /acme-prod 4444 5555 6666 PRODUCTION/ })).toBeTruthy();
    const names = screen.getAllByRole('heading', { level: 3 }).map((each) => each.textContent?.trim());
    expect(names.slice(-3)).toEqual(['Admin', 'EC2Ops', 'ReadOnly']);
    expect(document.title).toBe('Guise · Roles');
  });

  test('open by keyboard alone: the last one opened has the focus, arrows move, Enter opens', async () => {
    const { backend, user } = await manager();
    await waitFor(() => expect(focused()).toBe('Open console as AWSEC2FULLACCESS in acme-dev'));
    await user.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(within(row('ec2-readonly')).getByText('1 h 00 min left')).toBeTruthy());
    expect(backend.asked).toEqual([{ intent: 'open-console', role: 'ec2-readonly' }]);
  });

  test('say that they are signing in, and are not asked for twice meanwhile', async () => {
    const { backend, user } = await manager();
    const release = backend.hold();
    const button = within(row('Admin')).getByRole('button', { name: /Open console/ });
    await user.dblClick(button);
    await user.click(button);
    expect(within(row('Admin')).getByText('signing in…')).toBeTruthy();
    expect(button.textContent?.trim()).toBe('Opening…');
    expect(button.getAttribute('aria-disabled')).toBe('true');
    release();
    await waitFor(() => expect(button.textContent?.trim()).toBe('Open console'));
    expect(backend.asked).toHaveLength(1);
  });

  test('a double click sends once even where the answer comes between its clicks', async () => {
    const { backend, user } = await manager();
    await user.dblClick(within(row('Admin')).getByRole('button', { name: /Copy credentials/ }));
    await new Promise((done) => setTimeout(done, 20));
    expect(backend.asked).toHaveLength(1);
  });

  test('show why they could not be opened, and what to do, at their own row', async () => {
    const { user } = await manager(usual(NOW), (backend) => backend.failNext(refused));
    await waitFor(() => expect(focused()).toContain('AWSEC2FULLACCESS'));
    await user.keyboard('{Enter}');
    const alert = await within(row('AWSEC2FULLACCESS')).findByRole('alert');
    expect(alert.textContent).toContain('AWS refused to let ada assume AWSEC2FULLACCESS');
    expect(alert.textContent).toContain('trust policy must name arn:aws:iam::111122223333:user/ada');
    expect(screen.getAllByRole('alert')).toHaveLength(1);
    await user.keyboard('{ArrowRight}');
    expect(within(row('AWSEC2FULLACCESS')).getByText('access-denied')).toBeTruthy();
  });

  test('a failed copy goes from its row when the next attempt begins elsewhere', async () => {
    const { backend, user } = await manager(usual(NOW), (each) => each.failNext(refused));
    await waitFor(() => expect(focused()).toContain('AWSEC2FULLACCESS'));
    await user.keyboard('c');
    await screen.findByRole('alert');
    backend.show({ roles: usual(NOW).roles.map((each) => ({ ...each, activity: { kind: 'signing-in' as const } })) });
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  test('cancelling is said calmly and is no alert', async () => {
    const { user } = await manager(usual(NOW), (backend) => backend.failNext({ code: 'cancelled', message: 'cancelled' }));
    await waitFor(() => expect(focused()).toContain('AWSEC2FULLACCESS'));
    await user.keyboard('c');
    await waitFor(() => expect(screen.getByRole('status', { name: words.message }).textContent).toBe('Cancelled'));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('are found by every word typed, and Enter in the field opens the first', async () => {
    const { backend, user } = await manager();
    await waitFor(() => expect(focused()).toContain('AWSEC2FULLACCESS'));
    await user.keyboard('/prod 4444 ec2');
    expect(screen.getAllByRole('heading', { level: 3 }).map((each) => each.textContent?.trim())).toEqual(['EC2Ops']);
    expect(screen.getByText('1 of 7 roles')).toBeTruthy();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(backend.asked).toEqual([{ intent: 'open-console', role: 'EC2Ops' }]));
    await user.keyboard('{Escape}');
    expect(screen.getByText('7 roles')).toBeTruthy();
    expect(focused()).toContain('Open console as');
  });

  test('letters typed in the field are text, not commands', async () => {
    const { backend, user } = await manager();
    await user.type(screen.getByRole('searchbox'), 'cec');
    expect(backend.asked).toEqual([]);
    expect(screen.getByText(/No role matches/).textContent).toBe('No role matches cec');
  });

  test('nothing yet: each step has its command, in order', async () => {
    await manager(empty());
    const steps = screen.getAllByRole('listitem').map((item) => item.querySelector('code')?.textContent);
    const commands = ['guise source add work --access-key-id ID', 'guise role add NAME --source work --arn ARN'];
    expect(steps.filter((step) => step?.startsWith('guise'))).toEqual(commands);
  });
});

describe('sources', () => {
  test('tell who they are, and which roles need them', async () => {
    const { user } = await manager();
    await goTo(user, 2);
    expect(screen.getByText('arn:aws:iam::111122223333:user/ada')).toBeTruthy();
    expect(screen.getByText('AKIAIOSFODNN7EXAMPLE')).toBeTruthy();
    expect(screen.getByText('6 roles')).toBeTruthy();
  });
});

describe('sessions', () => {
  test('show when they end, in figures that move on by themselves', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let now = NOW;
    render(Manager, { backend: new FakeBackend({ ...empty(), sessions: [session('Admin', production, NOW, 42.5)] }), clock: () => now });
    await goTo(userEvent.setup({ delay: null }), 3);
    expect(await screen.findByText('42 min left')).toBeTruthy();
    expect(screen.getByText('until 17:40')).toBeTruthy();
    now += 60_000;
    vi.advanceTimersByTime(30_000);
    expect(await screen.findByText('41 min left')).toBeTruthy();
  });

  test('end with a key, say until when copies stay valid, and leave the focus on the next', async () => {
    const { backend, user } = await manager();
    await goTo(user, 3);
    await waitFor(() => expect(focused()).toContain('AWSEC2FULLACCESS'));
    await user.keyboard('e');
    await waitFor(() => expect(screen.getByRole('status', { name: words.message }).textContent).toBe('Ended; copies stay valid until 17:40'));
    expect(backend.asked).toEqual([{ intent: 'end-session', session: 's-AWSEC2FULLACCESS' }]);
    await waitFor(() => expect(focused()).toBe('Open console as ReadOnly in acme-prod, PRODUCTION'));
    expect(screen.getByRole('button', { name: 'Sessions 1' })).toBeTruthy();
    await user.keyboard('{Escape}');
    expect(screen.getByRole('status', { name: words.message }).textContent).toBe('');
  });

  test('copy credentials by role and the sign-in URL by session', async () => {
    const { backend, user } = await manager();
    await goTo(user, 3);
    await waitFor(() => expect(focused()).toContain('AWSEC2FULLACCESS'));
    await user.keyboard('cu');
    await waitFor(() => expect(backend.asked).toHaveLength(2));
    expect(backend.asked).toEqual([
      { intent: 'copy-credentials', role: 'AWSEC2FULLACCESS', access: 'full' },
      { intent: 'copy-signin-url', session: 's-AWSEC2FULLACCESS' },
    ]);
  });

  test('none: the way leads back to roles', async () => {
    const { user } = await manager({ ...empty(), roles: [role('Admin', development)] });
    await goTo(user, 3);
    await user.click(screen.getByRole('button', { name: words.sessions.toRoles }));
    expect(document.title).toBe('Guise · Roles');
  });
});

describe('the whole', () => {
  test('names the home of a demonstration, and what is wrong as a whole', async () => {
    await manager({ ...usual(NOW), home: '/tmp/guise-demo', trouble: [{ code: 'catalog-unreadable', message: 'the catalog does not parse', hint: 'correct it' }] });
    expect(screen.getByText('/tmp/guise-demo')).toBeTruthy();
    expect(screen.getByRole('region', { name: words.trouble }).textContent).toMatch(/The catalog does not parse.*Correct it/s);
    cleanup();
    // A command is written as it must be typed.
    await manager({ ...usual(NOW), trouble: [{ code: 'not-found', message: 'there is no role `x`', hint: 'guise role list shows them' }] });
    expect(screen.getByRole('region', { name: words.trouble }).textContent).toMatch(/There is no role x.*guise role list/s);
  });

  test('shows what cannot be used beside what can, with its reason and nothing to press', async () => {
    const failure = { code: 'catalog-unreadable' as const, message: 'role `tomorrow` cannot be used: kind `sso` is not known to this version', hint: 'it stays there as it is' };
    const { user } = await manager({ ...usual(NOW), unusable: [{ kind: 'role', name: 'tomorrow', failure }, { kind: 'source', name: 'sso', failure }] });
    const entries = screen.getByRole('region', { name: words.unusable });
    expect(entries.textContent).toMatch(/tomorrow.*kind sso is not known to this version/s);
    expect(within(entries).queryByRole('button')).toBeNull();
    await goTo(user, 2);
    expect(screen.getByRole('region', { name: words.unusable }).querySelector('h3')?.textContent).toBe('sso');
  });

  test('roles that all cannot be used are not no roles', async () => {
    await manager({ ...empty(), unusable: [{ kind: 'role', name: 'tomorrow', failure: { code: 'catalog-unreadable', message: 'role `tomorrow` cannot be used' } }] });
    expect(screen.queryByText(words.roles.empty)).toBeNull();
    expect(screen.getByRole('heading', { name: 'tomorrow' })).toBeTruthy();
  });

  test('an agent that is gone is a sentence and a next step, at the start and later', async () => {
    const gone = new FakeBackend(usual(NOW));
    gone.breakDown();
    render(Manager, { backend: gone });
    expect((await screen.findByRole('alert')).textContent).toContain(words.failures.noAnswer.message);
    cleanup();
    const { backend, user } = await manager();
    backend.breakDown();
    await user.click(within(row('Admin')).getByRole('button', { name: /Open console/ }));
    expect((await within(row('Admin')).findByRole('alert')).textContent).toContain(words.failures.noAnswer.message);
  });

  test('what is under way is read aloud once, also from another pane', async () => {
    const { backend, user } = await manager();
    const live = screen.getByRole('status', { name: words.underWay });
    expect(live.textContent?.trim()).toBe('');
    await goTo(user, 2);
    backend.show({ roles: usual(NOW).roles.map((each) => (each.name === 'Admin' ? { ...each, activity: { kind: 'signing-in' as const } } : each)) });
    await waitFor(() => expect(live.textContent?.trim()).toBe('Admin: signing in…'));
    backend.show({ roles: usual(NOW).roles, waiting_for_keychain: true });
    await waitFor(() => expect(live.textContent?.trim()).toBe(words.keychain));
  });

  test('a button read alone says what it does, with which role, where, and that it is production', async () => {
    const { backend, user } = await manager();
    const release = backend.hold();
    const admin = within(row('Admin'));
    await user.click(admin.getByRole('button', { name: 'Copy credentials of Admin in acme-prod, PRODUCTION' }));
    expect(admin.getByRole('button', { name: 'Copying… of Admin in acme-prod, PRODUCTION' }).getAttribute('aria-disabled')).toBe('true');
    release();
    await admin.findByRole('button', { name: 'Copy credentials of Admin in acme-prod, PRODUCTION' });
  });

  test('the focus is never lost: not with a message dismissed, nor with the last session ended', async () => {
    const { user } = await manager({ ...usual(NOW), sessions: [session('Admin', production, NOW, 42.5)] });
    await goTo(user, 3);
    await waitFor(() => expect(focused()).toContain('Open console as Admin'));
    await user.keyboard('c');
    const dismiss = await screen.findByRole('button', { name: words.dismiss });
    dismiss.focus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(focused()).toContain('Open console as Admin'));
    await user.keyboard('e');
    await waitFor(() => expect(document.activeElement?.textContent?.trim()).toBe(words.sessions.toRoles));
    await goTo(user, 2);
    await waitFor(() => expect(focused()).toBe(words.source.of(words.source.test, 'work')));
  });

  test('holding Enter down opens one console', async () => {
    const { backend, user } = await manager();
    await waitFor(() => expect(focused()).toContain('AWSEC2FULLACCESS'));
    await user.keyboard('{Enter>5/}');
    await new Promise((done) => setTimeout(done, 20));
    expect(backend.asked).toHaveLength(1);
  });
});
