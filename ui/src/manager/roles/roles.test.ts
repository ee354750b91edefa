// The pane of roles on the fake agent: written, chosen, removed and put back, by keyboard.
import { cleanup, configure, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeBackend } from '../../fake/backend';
import { development, empty, one, rightToLeft, role, thousands, usual } from '../../fake/example';
import type { Snapshot } from '../../generated/Snapshot';
import { words } from '../../words';
import Manager from '../Manager.svelte';

const NOW = Date.parse('2026-03-02T16:57:30Z');

configure({ asyncUtilTimeout: 10_000 });

beforeEach(() => {
  document.documentElement.lang = 'en';
  HTMLCanvasElement.prototype.getContext = () => null;
});
afterEach(cleanup);

async function manager(snapshot: Snapshot = usual(NOW)) {
  const backend = new FakeBackend(snapshot, { now: () => NOW });
  render(Manager, { backend, clock: () => NOW });
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toBeTruthy());
  if (snapshot.roles.length > 0) await waitFor(() => expect(focused()).toContain('Open console as'));
  return { backend, user: userEvent.setup() };
}

const focused = (): string => document.activeElement?.getAttribute('aria-label') ?? '';
const names = (): (string | undefined)[] => [...document.querySelectorAll('[data-row] :is(h2, h3)')].map((each) => each.textContent?.replace('★', '').trim());
const asked = (backend: FakeBackend, intent: string) => backend.asked.filter((each) => each.intent === intent);

async function found(): Promise<string[]> {
  const { violations, passes } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
  expect(passes.length).toBeGreaterThan(15);
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.html}`));
}

describe('a list of 10,000 roles', () => {
  test('draws those in sight, says how many there are, and moves through all by keyboard', async () => {
    const { user } = await manager(thousands(NOW));
    expect(names().length).toBeLessThan(40);
    const count = Number(screen.getByRole('grid').getAttribute('aria-rowcount'));
    expect(count).toBeGreaterThan(10_000);
    await user.keyboard('{End}');
    await waitFor(() => expect(document.activeElement?.closest('[role=row]')?.getAttribute('aria-rowindex')).toBe(String(count)));
    expect(screen.getAllByRole('rowheader')).toHaveLength(1);
    expect(await found()).toEqual([]);
    expect(names().length).toBeLessThan(40);
    await user.keyboard('{Home}{PageDown}');
    await waitFor(() => expect(Number(document.activeElement?.closest('[role=row]')?.getAttribute('aria-rowindex'))).toBeLessThan(40));
    expect(await found()).toEqual([]);
  });
});

describe('a role is written', () => {
  test('from nothing, by keyboard alone: what is wrong stands at its field, the plan beside it', async () => {
    const { backend, user } = await manager();
    await user.keyboard('n');
    await user.keyboard('fresh{Tab}arn:aws:iam::111122223333:role/fresh{Tab}');
    const choices = () => [...screen.getByLabelText<HTMLSelectElement>('Assumed by').options].map((option) => option.value);
    const offered = choices();
    await user.selectOptions(screen.getByLabelText('Assumed by'), 'source work');
    // A web view remembers the place that was chosen, not what stood there.
    expect(choices()).toEqual(offered);
    await user.type(screen.getByLabelText('Lasts'), '13 hours{Tab}');
    await screen.findByText(/is not a duration that AWS takes/);
    expect(screen.getByLabelText('Lasts').getAttribute('aria-invalid')).toBe('true');
    expect(await screen.findByText(/sts:AssumeRole arn:aws:iam::111122223333:role\/fresh/)).toBeTruthy();
    expect(await found()).toEqual([]);
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(asked(backend, 'save-role')).toEqual([]);
    await user.clear(screen.getByLabelText('Lasts'));
    await user.keyboard('12h{Control>}{Enter}{/Control}');
    await waitFor(() => expect(focused()).toBe('Open console as fresh in acme-dev'));
    expect(screen.getByRole('status', { name: words.message }).textContent).toBe('Saved fresh');
    expect(names()).toContain('fresh');
  });

  test('where nothing was given, each field that is needed says so once it is tried', async () => {
    const { user } = await manager();
    await user.keyboard('n');
    expect(screen.queryByText('A name cannot be empty')).toBeNull();
    await user.click(screen.getByRole('button', { name: words.entry.save }));
    await screen.findByText('A name cannot be empty');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Name')));
  });

  test('what was written is not lost: not by Escape, and not by a look at another pane', async () => {
    const { user } = await manager();
    await user.keyboard('e');
    const name = await screen.findByLabelText('Name');
    await user.type(name, '-2');
    await user.keyboard('{Control>}[Digit2]{/Control}{Control>}[Digit1]{/Control}');
    expect((await screen.findByLabelText<HTMLInputElement>('Name')).value).toBe('AWSEC2FULLACCESS-2');
    await user.keyboard('{Escape}');
    expect(screen.getByRole('alertdialog', { name: words.entry.unsaved })).toBeTruthy();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('alertdialog')).toBeNull();
    await user.keyboard('{Escape}');
    await user.click(screen.getByRole('button', { name: words.entry.discard }));
    await waitFor(() => expect(focused()).toContain('AWSEC2FULLACCESS in'));
  });

  test('with what it was before, so that what became otherwise meanwhile stays; one that went meanwhile is added anew', async () => {
    const { backend, user } = await manager();
    await user.keyboard('e');
    await user.type(await screen.findByLabelText('Region'), '-9');
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(asked(backend, 'save-role')).toMatchObject([{ before: { name: 'AWSEC2FULLACCESS', region: 'eu-west-1' }, form: { region: 'eu-west-1-9' } }]));
    await waitFor(() => expect(focused()).toContain('AWSEC2FULLACCESS in'));
    await user.keyboard('e');
    await screen.findByLabelText('Region');
    await backend.ask({ intent: 'remove-roles', roles: ['AWSEC2FULLACCESS'] });
    await screen.findByText(/was removed meanwhile/);
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(asked(backend, 'save-role').at(-1)).toMatchObject({ before: null, form: { name: 'AWSEC2FULLACCESS' } }));
  });

  test('a duplicate is a new one with another name', async () => {
    const { backend, user } = await manager();
    await user.keyboard('d');
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('AWSEC2FULLACCESS copy'));
    await user.click(screen.getByRole('button', { name: words.entry.save }));
    await waitFor(() => expect(asked(backend, 'save-role')).toMatchObject([{ before: null, form: { name: 'AWSEC2FULLACCESS copy' } }]));
  });
});

describe('many roles', () => {
  test('are selected by keyboard, changed at once, and changed back', async () => {
    const { backend, user } = await manager();
    await user.keyboard(' {Shift>}{ArrowDown}{ArrowDown}{/Shift}');
    expect(screen.getByText('3 roles selected')).toBeTruthy();
    expect(await found()).toEqual([]);
    await user.keyboard('e');
    await user.selectOptions(await screen.findByLabelText('Region'), 'set');
    await user.type(screen.getByRole('textbox', { name: 'Region' }), 'us-west-2');
    expect(await found()).toEqual([]);
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(screen.getAllByText('us-west-2')).toHaveLength(3));
    expect(asked(backend, 'edit-roles')).toEqual([{ intent: 'edit-roles', roles: ['AWSEC2FULLACCESS', 'ec2-readonly', 'logs'], change: { region: 'us-west-2' } }]);
    await user.click(screen.getByRole('button', { name: words.undo }));
    await waitFor(() => expect(screen.queryByText('us-west-2')).toBeNull());
  });

  test('are removed with a way back, and the focus stays in the list', async () => {
    const { user } = await manager();
    await user.keyboard('{Delete}');
    await waitFor(() => expect(names()).not.toContain('AWSEC2FULLACCESS'));
    expect(screen.getByRole('status', { name: words.message }).textContent).toBe('Removed AWSEC2FULLACCESS');
    await waitFor(() => expect(focused()).toContain('Open console as'));
    await user.keyboard('{Control>}z{/Control}');
    await waitFor(() => expect(names()).toContain('AWSEC2FULLACCESS'));
  });

  test('one after the other come back one after the other, whatever was said since', async () => {
    const { user } = await manager();
    const before = names();
    await user.keyboard('{Delete}');
    await waitFor(() => expect(names()).toHaveLength(before.length - 1));
    await user.keyboard('{Delete}');
    await waitFor(() => expect(names()).toHaveLength(before.length - 2));
    await user.keyboard('{Escape}{Control>}[Digit2]{/Control}{Control>}[Digit1]{/Control}');
    await user.keyboard('{Control>}z{/Control}');
    await waitFor(() => expect(names()).toHaveLength(before.length - 1));
    expect(screen.getByRole('status', { name: words.message }).textContent).toMatch(/^Undone: removed/);
    await user.keyboard('{Control>}z{/Control}');
    await waitFor(() => expect(names()).toEqual(before));
  });

  test('are meant by a key in one of them; a key in another row means that row', async () => {
    const { backend, user } = await manager();
    await user.keyboard(' {ArrowDown}');
    await user.keyboard('{Delete}');
    await waitFor(() => expect(asked(backend, 'remove-roles')).toEqual([{ intent: 'remove-roles', roles: ['ec2-readonly'] }]));
    expect(screen.getByText('1 role selected')).toBeTruthy();
  });

  test('by mouse: a range with Shift, one more with Ctrl, all with a key, none with Escape', async () => {
    const { user } = await manager();
    await user.click(screen.getByRole('checkbox', { name: 'Select logs' }));
    await user.keyboard('{Shift>}');
    await user.click(screen.getByText('Billing'));
    await user.keyboard('{/Shift}{Control>}');
    await user.click(screen.getByText('EC2Ops'));
    await user.keyboard('{/Control}');
    expect(screen.getByText('3 roles selected')).toBeTruthy();
    await user.keyboard('{Control>}a{/Control}');
    expect(screen.getByText('7 roles selected')).toBeTruthy();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('region', { name: words.roles.selection.label })).toBeNull();
  });
});

describe('favourites', () => {
  test('are put in order by keyboard, and it is said where each is', async () => {
    const { backend, user } = await manager();
    await user.selectOptions(screen.getByLabelText(words.roles.group), 'favourites');
    expect(names().slice(0, 2)).toEqual(['AWSEC2FULLACCESS', 'Billing']);
    screen.getByRole('button', { name: /^Open console as AWSEC2FULLACCESS/ }).focus();
    await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
    await waitFor(() => expect(names().slice(0, 2)).toEqual(['Billing', 'AWSEC2FULLACCESS']));
    expect(screen.getByRole('status', { name: words.message }).textContent).toBe('AWSEC2FULLACCESS is favourite 2 of 2');
    expect(asked(backend, 'order-favourites')).toHaveLength(1);
  });

  test('come and go with a key', async () => {
    const { user } = await manager();
    await user.keyboard('s');
    await waitFor(() => expect(screen.getAllByRole('img', { name: words.favourite })).toHaveLength(1));
  });
});

test('an account has a name, a word, a colour and a mark', async () => {
  const { backend, user } = await manager();
  await user.click(screen.getByRole('button', { name: 'Edit account acme-dev' }));
  await user.type(screen.getByLabelText('Environment'), 'staging');
  await user.click(screen.getByRole('radio', { name: 'teal' }));
  expect(await found()).toEqual([]);
  await user.click(screen.getByRole('button', { name: words.entry.save }));
  await waitFor(() => expect(screen.getByRole('rowheader', { name: /acme-dev.*staging/ })).toBeTruthy());
  expect(asked(backend, 'edit-account')).toEqual([{ intent: 'edit-account', account: '111122223333', change: { environment: 'staging', colour: 'teal' } }]);
});

test('an account whose word is production is production', async () => {
  const { backend, user } = await manager();
  await user.click(screen.getByRole('button', { name: words.roles.editAccount('acme-dev') }));
  await user.clear(await screen.findByLabelText('Environment'));
  await user.type(screen.getByLabelText('Environment'), 'Production');
  expect(screen.getByLabelText<HTMLInputElement>('Production').checked).toBe(true);
  await user.click(screen.getByRole('button', { name: words.entry.save }));
  await waitFor(() => expect(asked(backend, 'edit-account')).toEqual([{ intent: 'edit-account', account: '111122223333', change: { environment: 'Production', production: true } }]));
});

test('sorting and grouping are chosen, and what is chosen is said', async () => {
  const { user } = await manager();
  await user.selectOptions(screen.getByLabelText(words.roles.group), 'none');
  expect(names()[0]).toBe('Admin');
  expect(await found()).toEqual([]);
  await user.click(screen.getByRole('button', { name: words.roles.turn('ascending') }));
  expect(names()[0]).toBe('ReadOnly');
  expect(screen.getByRole('button', { name: words.roles.turn('descending') })).toBeTruthy();
});

test.each([
  ['none', { ...empty(), sources: usual(NOW).sources }],
  ['one', one(NOW)],
  ['right to left', rightToLeft(NOW)],
])('with %s, the list and the form break no rule of axe', async (_, snapshot) => {
  const { user } = await manager(snapshot);
  expect(await found()).toEqual([]);
  await user.keyboard('n');
  await screen.findByLabelText('Name');
  expect(await found()).toEqual([]);
});

test('a failure at its row has its sentence, and what is open stays open when others change', async () => {
  const { backend, user } = await manager();
  await user.keyboard('{ArrowRight}');
  expect(screen.getByText('arn:aws:iam::111122223333:role/AWSEC2FULLACCESS')).toBeTruthy();
  backend.show({ roles: [...usual(NOW).roles, role('zeta', development)] });
  await waitFor(() => expect(names()).toContain('zeta'));
  expect(within(screen.getByRole('grid')).getByText('arn:aws:iam::111122223333:role/AWSEC2FULLACCESS')).toBeTruthy();
});
