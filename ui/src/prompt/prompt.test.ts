// The window of questions on the fake agent: what a person sees, and what of it reaches the agent.
import { cleanup, configure, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeBackend } from '../fake/backend';
import { codeAsked, keychainAsked, productionAsked, usual } from '../fake/example';
import type { PromptView } from '../generated/PromptView';
import { words } from '../words';
import { digitsOf, secondsLeft } from './code';
import Prompt from './Prompt.svelte';

const NOW = Date.parse('2026-03-02T16:57:42Z');
const CODE = '492039';

// Only a machine under load takes longer than a moment; nothing here waits for time to pass.
configure({ asyncUtilTimeout: 10_000 });

beforeEach(() => {
  // As in index.html.
  document.documentElement.lang = 'en';
  // axe asks a canvas whether a glyph is an icon; jsdom has none, and says so at length.
  HTMLCanvasElement.prototype.getContext = () => null;
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

async function asked(...prompts: PromptView[]) {
  const backend = new FakeBackend({ ...usual(NOW), prompts }, { now: () => NOW });
  render(Prompt, { backend, clock: () => NOW, ticks: patient() });
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toBeTruthy());
  return { backend, user: userEvent.setup() };
}

/** A clock of somebody who reads what they are asked. */
const patient = (): (() => number) => {
  let ticks = 0;
  return () => (ticks += 10_000);
};

const field = (): HTMLInputElement => screen.getByRole<HTMLInputElement>('textbox');
const focused = (): string => document.activeElement?.textContent?.trim() ?? '';

describe('a code', () => {
  test('is asked for with all that tells which: the role, its account, the device, and the program', async () => {
    await asked(codeAsked({ program: 'terraform' }));
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Code for AWSEC2FULLACCESS');
    const page = document.body.textContent ?? '';
    for (const part of ['acme-dev', '1111 2222 3333', 'ada', 'arn:aws:iam::111122223333:mfa/ada', 'Wanted by terraform', 'another code in 18 s']) {
      expect(page).toContain(part);
    }
    expect(field().getAttribute('aria-label') ?? field().labels?.[0]?.textContent).toBe('Code of six digits for AWSEC2FULLACCESS');
    expect([field().inputMode, field().autocomplete]).toEqual(['numeric', 'one-time-code']);
    expect(document.activeElement).toBe(field());
  });

  test('is sent by itself with its sixth digit, once, and stays nowhere in the page', async () => {
    const { backend, user } = await asked(codeAsked());
    const release = backend.hold();
    await user.keyboard(CODE.slice(0, 5));
    expect(backend.asked).toEqual([]);
    await user.keyboard(CODE.slice(5));
    expect(backend.asked).toEqual([{ intent: 'answer-prompt', prompt: 1, answer: CODE }]);
    expect(field().value).toBe('');
    await user.keyboard('000000');
    expect(backend.asked).toHaveLength(1);
    expect(document.documentElement.outerHTML).not.toContain(CODE);
    release();
    expect(await screen.findByText(words.prompt.wait)).toBeTruthy();
  });

  test.each([`${CODE.slice(0, 3)} ${CODE.slice(3)}`, `${CODE.slice(0, 3)}-${CODE.slice(3)}`, ` ${CODE}\n`])('is taken as it was copied: %j', async (copied) => {
    const { backend, user } = await asked(codeAsked());
    await user.paste(copied);
    expect(backend.asked).toEqual([{ intent: 'answer-prompt', prompt: 1, answer: CODE }]);
  });

  test('of another length is not sent', async () => {
    const { backend, user } = await asked(codeAsked());
    await user.paste(`${CODE}7`);
    expect(backend.asked).toEqual([]);
    expect(screen.getByText(words.prompt.code.tooLong)).toBeTruthy();
    await user.keyboard('{Backspace}');
    expect(backend.asked).toEqual([{ intent: 'answer-prompt', prompt: 1, answer: CODE }]);
  });

  test('that was wrong is asked for again, with what was wrong and an empty field', async () => {
    const { backend, user } = await asked(codeAsked());
    await user.keyboard('12');
    const again = { code: 'mfa-code-refused' as const, message: 'that code was used already', hint: 'wait until the device shows the next one' };
    backend.show({ prompts: [codeAsked({ id: 7, again })] });
    expect((await screen.findByText('That code was used already')).closest('[role=alert]')).toBeTruthy();
    expect(screen.getByText('Wait until the device shows the next one')).toBeTruthy();
    expect([field().value, document.activeElement]).toEqual(['', field()]);
    await user.keyboard(CODE);
    expect(backend.asked).toEqual([{ intent: 'answer-prompt', prompt: 7, answer: CODE }]);
  });

  test('half typed survives that something else happens', async () => {
    const { backend, user } = await asked(codeAsked());
    await user.keyboard('123');
    backend.show({ status: 'working' });
    expect(field().value).toBe('123');
  });

  test.each([
    ['Escape', (user: ReturnType<typeof userEvent.setup>) => user.keyboard('12{Escape}')],
    ['Cancel', (user: ReturnType<typeof userEvent.setup>) => user.click(screen.getByRole('button', { name: /Cancel/ }))],
  ])('is refused with %s', async (_, refuse) => {
    const { backend, user } = await asked(codeAsked());
    await refuse(user);
    expect(backend.asked).toEqual([{ intent: 'dismiss-prompt', prompt: 1 }]);
  });

  test('and then the next question, the oldest first', async () => {
    const { user } = await asked(codeAsked(), productionAsked());
    await user.keyboard(CODE);
    expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('Open Admin?');
  });

  test('counts down by itself', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let now = NOW;
    render(Prompt, { backend: new FakeBackend({ ...usual(NOW), prompts: [codeAsked()] }), clock: () => now, ticks: patient() });
    expect(await screen.findByText('another code in 18 s')).toBeTruthy();
    now += 1_000;
    vi.advanceTimersByTime(1_000);
    expect(await screen.findByText('another code in 17 s')).toBeTruthy();
  });

  test('lasts until the next half minute', () => {
    expect(['16:57:00', '16:57:29', '16:57:30', '16:57:59'].map((time) => secondsLeft(Date.parse(`2026-03-02T${time}Z`)))).toEqual([30, 1, 30, 1]);
    expect(digitsOf('12-3 4')).toBe('1234');
  });
});

describe('production', () => {
  test('is said in words, with the account, how much and how long, and what is pressed unread cancels', async () => {
    const { backend, user } = await asked(productionAsked());
    expect(screen.getByText('PRODUCTION')).toBeTruthy();
    const facts = screen.getAllByRole('definition').map((each) => each.textContent);
    expect(facts).toEqual(['acme-prod (4444 5555 6666)', 'read-only', '1 h']);
    expect(focused()).toMatch(/^Cancel/);
    await user.keyboard('{Enter}');
    expect(backend.asked).toEqual([{ intent: 'dismiss-prompt', prompt: 2 }]);
  });

  test('is opened by its button', async () => {
    const { backend, user } = await asked(productionAsked());
    await user.dblClick(screen.getByRole('button', { name: words.prompt.production.confirm }));
    expect(backend.asked).toEqual([{ intent: 'answer-prompt', prompt: 2, answer: '' }]);
  });

  test('with full access says so', async () => {
    await asked(productionAsked(undefined, { question: { kind: 'production', access: 'full', through: [], itself: true, lasts: '15 min' } }));
    expect(screen.getAllByRole('definition').map((each) => each.textContent).slice(1)).toEqual(['full access', '15 min']);
  });

  test('on the way is named with its account, and a policy that may do more than read is not called reading', async () => {
    const { account } = productionAsked();
    const narrowed = 'arn:aws:iam::111122223333:policy/Half';
    const question = { kind: 'production', access: 'read-only', narrowed_by: narrowed, through: [{ role: 'Hub', account }], itself: false, lasts: '1 h' } as const;
    await asked(productionAsked(undefined, { question: { ...question, through: [...question.through] } }));
    expect(screen.getByText(words.prompt.production.onTheWay)).toBeTruthy();
    expect(screen.getAllByRole('term').map((each) => each.textContent)).toContain('Through Hub');
    const told = screen.getAllByRole('definition').map((each) => each.textContent);
    expect(told[1]).toBe(`narrowed by ${narrowed}`);
    expect(told.at(-1)).toMatch(/, not read-only$/);
    expect(screen.getByRole('button', { name: words.prompt.production.confirmThrough })).toBeTruthy();
  });

  test('is opened by its word where one is wanted, and by nothing else', async () => {
    const { backend, user } = await asked(productionAsked('Admin'));
    expect(document.activeElement).toBe(field());
    expect(field().labels?.[0]?.textContent).toBe('To go on, type Admin');
    await user.keyboard('{Enter}');
    await user.click(screen.getByRole('button', { name: words.prompt.production.confirm }));
    expect(backend.asked).toEqual([]);
    await user.type(field(), 'admin{Enter}');
    expect(await screen.findByText('That is not the name of the role')).toBeTruthy();
    expect(field().value).toBe('');
    await user.type(field(), 'Admin{Enter}');
    expect(backend.asked.slice(1)).toEqual([{ intent: 'answer-prompt', prompt: 2, answer: 'Admin' }]);
    expect(await screen.findByText(words.prompt.wait)).toBeTruthy();
  });
});

describe('the keychain', () => {
  test('is said to wait, for whom and where; nothing can be typed, and it can be hidden', async () => {
    const { backend, user } = await asked(keychainAsked({ program: 'terraform' }));
    const said = document.body.textContent;
    for (const part of [words.prompt.keychain.title, 'AWSEC2FULLACCESS', 'acme-dev', 'terraform', words.prompt.keychain.leave]) expect(said).toContain(part);
    expect(document.querySelector('input')).toBeNull();
    await user.keyboard('{Escape}');
    expect(backend.asked).toEqual([{ intent: 'dismiss-prompt', prompt: 3 }]);
  });
});

describe('every question', () => {
  const again = { code: 'mfa-code-refused' as const, message: 'that code was used already' };
  test.each<[string, PromptView[]]>([
    ['a code', [codeAsked({ program: 'terraform', again })]],
    ['the keychain', [keychainAsked({ program: 'terraform' })]],
    ['production', [productionAsked()]],
    ['production with a word', [productionAsked('Admin', { again })]],
    ['nothing', []],
  ])('breaks no rule of axe: %s', async (_, prompts) => {
    await asked(...prompts);
    const { violations, passes } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
    expect(passes.length).toBeGreaterThan(8);
    expect(violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`))).toEqual([]);
  });

  test('of an agent that is gone is a sentence and a next step', async () => {
    const { backend, user } = await asked(codeAsked());
    backend.breakDown();
    await user.keyboard(CODE);
    expect((await screen.findByText(words.failures.noAnswer.message)).closest('[role=alert]')).toBeTruthy();
  });
});

describe('a question that comes up while somebody types elsewhere', () => {
  async function under(prompt: PromptView) {
    const now = { ticks: 0 };
    const backend = new FakeBackend({ ...usual(NOW), prompts: [prompt] }, { now: () => NOW });
    render(Prompt, { backend, clock: () => NOW, ticks: () => now.ticks });
    await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toBeTruthy());
    return { backend, now, user: userEvent.setup() };
  }

  test('is answered neither yes nor no by their keys or a click, until they pause', async () => {
    const { backend, now, user } = await under(productionAsked());
    const yes = screen.getByRole('button', { name: words.prompt.production.confirm });
    const no = screen.getByRole('button', { name: words.prompt.cancel });
    for (; now.ticks < 1500; now.ticks += 200) await user.keyboard('{Tab}{Tab}{Enter} {Escape}');
    expect(backend.asked).toEqual([]);
    now.ticks += 700;
    yes.focus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(backend.asked).toMatchObject([{ intent: 'answer-prompt' }]));
    expect(no.isConnected).toBe(false);
  });

  test('is not answered by a click that was meant for what stood there', async () => {
    const { backend, now, user } = await under(productionAsked());
    await user.click(screen.getByRole('button', { name: words.prompt.production.confirm }));
    expect(backend.asked).toEqual([]);
    now.ticks = 700;
    await user.click(screen.getByRole('button', { name: words.prompt.cancel }));
    await waitFor(() => expect(backend.asked).toMatchObject([{ intent: 'dismiss-prompt' }]));
  });

  test('takes a code at once, and the keys of whoever has seen it', async () => {
    const { backend, now, user } = await under(codeAsked());
    await user.keyboard('12');
    await user.keyboard('{Escape}');
    expect(backend.asked).toEqual([]);
    expect(field().value).toBe('12');
    for (; now.ticks < 2600; now.ticks += 200) await user.keyboard('{Escape}');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(backend.asked).toMatchObject([{ intent: 'dismiss-prompt' }]));
  });
});
