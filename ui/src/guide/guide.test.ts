// The setup guide on an agent in memory: the whole way by keyboard, what is kept, and what goes wrong.
import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { FakeBackend } from '../fake/backend';
import { empty, usual } from '../fake/example';
import Guide from './Guide.svelte';

const SECRET = 'SIMULATED/ada/not+a+real+secret/22222222';

function open(backend = new FakeBackend(empty())) {
  const user = userEvent.setup();
  return { user, backend, ...render(Guide, { backend }) };
}

async function clean(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  expect(violations).toEqual([]);
}

type Opened = ReturnType<typeof open>;

async function addSource({ user }: Opened): Promise<void> {
  await user.type(await screen.findByLabelText('Your name for it'), 'work');
  await user.type(screen.getByLabelText('Access key ID'), 'AKIASIMULATEDADA2222');
  await user.type(screen.getByLabelText('Secret access key'), `${SECRET}{Enter}`);
  await screen.findByText(/needs no permission at all/);
}

async function toMaking(opened: Opened): Promise<void> {
  const { user } = opened;
  await addSource(opened);
  await user.keyboard('{Control>}2{/Control}');
  await user.type(await screen.findByLabelText('Role name'), 'Fresh');
  await user.type(screen.getByLabelText('What it may do'), 'AmazonEC2FullAccess{Enter}');
  await screen.findByText('Step 3 of 5');
}

describe('the setup guide', () => {
  it('leads from nothing to the console and back, by keyboard, with nothing that axe finds', async () => {
    const opened = open();
    const { user, backend } = opened;
    await toMaking(opened);
    await clean();
    await user.click(screen.getByRole('tab', { name: 'AWS CLI' }));
    await user.keyboard('{End}');
    await user.click(await screen.findByRole('button', { name: 'Create the role' }));
    await screen.findByText('is in IAM', { exact: false });
    await clean();
    await user.keyboard('{Control>}4{/Control}');
    await user.click(await within(screen.getByRole('main')).findByRole('button', { name: 'Try it' }));
    await screen.findByText('It works:', { exact: false });
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Continue'));
    await clean();
    await user.keyboard('{Enter}');
    await user.click(await screen.findByRole('button', { name: 'Open the console at ec2' }));
    await user.click(await screen.findByRole('button', { name: 'Switch back' }));
    await clean();
    const asked = backend.asked.map((each) => each.intent).filter((each) => each !== 'guide');
    expect(asked).toEqual(['add-source', 'make-role', 'try-role', 'open-console', 'end-session']);
  });

  it('keeps what was typed when it is closed midway, but never the secret', async () => {
    const first = open();
    await first.user.type(await screen.findByLabelText('Your name for it'), 'work');
    await first.user.type(screen.getByLabelText('Secret access key'), SECRET);
    await waitFor(() => expect(JSON.stringify(first.backend.asked)).toContain('"name":"work"'));
    expect(JSON.stringify(first.backend.asked)).not.toContain(SECRET);
    first.unmount();
    open(first.backend);
    await waitFor(() => expect(screen.getByLabelText('Your name for it')).toHaveProperty('value', 'work'));
    expect(screen.getByLabelText('Secret access key')).toHaveProperty('value', '');
  });

  it('empties the field of the secret once it is added', async () => {
    const opened = open();
    await addSource(opened);
    expect(document.body.innerHTML).not.toContain(SECRET);
    expect(opened.backend.asked.filter((each) => JSON.stringify(each).includes(SECRET))).toHaveLength(1);
  });

  it('says what is wrong with a field while it is typed, and goes on to it when the rest is right', async () => {
    const { user } = open(new FakeBackend(usual(0)));
    await user.click(await screen.findByRole('button', { name: 'Continue' }));
    await screen.findByText('Step 2 of 5');
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    const name = screen.getByLabelText('Role name');
    await waitFor(() => expect(document.activeElement).toBe(name));
    await user.type(name, 'a b');
    await screen.findByText(/is not a name that IAM takes/);
    expect(name.getAttribute('aria-invalid')).toBe('true');
    await clean();
  });

  it('offers to go on with a role that is half made, or to take it out', async () => {
    const opened = open();
    opened.backend.guide.halfway = true;
    await toMaking(opened);
    await opened.user.click(screen.getByRole('tab', { name: 'Guise' }));
    await opened.user.click(await screen.findByRole('button', { name: 'Create the role' }));
    await screen.findByText('IAM knows no such policy');
    expect(screen.getByRole('button', { name: 'Go on where it stopped' })).toBeTruthy();
    await opened.user.click(screen.getByRole('button', { name: 'Take it out again' }));
    await screen.findByRole('button', { name: 'Create the role' });
  });

  it('says which step is missing when AWS refuses', async () => {
    const opened = open();
    await toMaking(opened);
    await opened.user.keyboard('{Control>}4{/Control}');
    const attempt = await within(screen.getByRole('main')).findByRole('button', { name: 'Try it' });
    opened.backend.failNext({ code: 'access-denied', message: 'AWS refused to let `work` assume `Fresh`', hint: 'the role’s trust policy must name ada' });
    await opened.user.click(attempt);
    await opened.user.click(await screen.findByRole('button', { name: 'Go to step 3: Make it' }));
    await screen.findByText('Step 3 of 5');
  });

  it('says nothing of a role that is not the one that is written now', async () => {
    const opened = open();
    const { user } = opened;
    await toMaking(opened);
    await user.keyboard('{Control>}4{/Control}');
    await user.click(await within(screen.getByRole('main')).findByRole('button', { name: 'Try it' }));
    await screen.findByText('It works:', { exact: false });
    await user.keyboard('{Control>}2{/Control}');
    await user.type(await screen.findByLabelText('Role name'), 'er');
    await user.keyboard('{Control>}4{/Control}');
    await screen.findByText(/role\/Fresher/);
    expect(screen.queryByText('It works:', { exact: false })).toBeNull();
    opened.backend.failNext({ code: 'access-denied', message: 'AWS refused to let `work` assume `Fresher`' });
    // From its heading a step goes on by Enter.
    await waitFor(() => expect(document.activeElement?.tagName).toBe('H1'));
    await user.keyboard('{Enter}');
    await screen.findByText(/AWS refused/);
    await user.keyboard('{Control>}2{/Control}');
    await user.type(await screen.findByLabelText('Role name'), 'er');
    await user.keyboard('{Control>}4{/Control}');
    await screen.findByText(/role\/Fresherer/);
    expect(screen.queryByText(/AWS refused/)).toBeNull();
  });

  it('says what is missing where a step has nothing to show', async () => {
    const opened = open();
    await toMaking(opened);
    await opened.backend.ask({ intent: 'remove-source', source: 'work' });
    await opened.user.click(await screen.findByRole('button', { name: 'Go to step 1: Who are you?' }));
    await screen.findByText('Step 1 of 5');
  });

  it('keeps what was typed when the window is closed at once', async () => {
    const { user, backend } = open();
    await user.type(await screen.findByLabelText('Your name for it'), 'quick');
    expect(backend.isHeldOpen).toBe(true);
    backend.close();
    await waitFor(() => expect(backend.asked).toContainEqual({ intent: 'leave' }));
    expect(JSON.stringify(backend.asked.filter((each) => each.intent === 'guide').at(-1))).toContain('quick');
  });
});
