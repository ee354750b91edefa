// A person who has a keyboard and nothing else. After each key the focus must be somewhere, in sight, drawn and named.
import { expect, test as base, type Locator, type Page } from '@playwright/test';
import { CALM } from '../../src/prompt/calm';
import type { FakeBackend } from '../../src/fake/backend';
import type { WindowIntent } from '../../src/generated/WindowIntent';
import type { View } from '../views';

type Intent = WindowIntent['intent'];

/** Asked while somebody types or looks, and again whenever something happens: no flow is about them. */
const READING: Intent[] = ['check-role', 'guide', 'read-journal'];

/** Further than any way by Tab should be. */
const FAR = 60;

export class Person {
  readonly page: Page;
  /** How many of the things asked of the agent a flow has spoken of. */
  #spokenOf = 0;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens a window on an agent that answers at once. */
  async opens(window: View['window'], example = 'usual'): Promise<void> {
    this.#spokenOf = 0;
    await this.page.goto(`/?window=${window}&example=${example}&takes=0`);
    await this.page.locator('main').first().waitFor();
    // Nobody answers a question that they have not read.
    if (window === 'prompt') await this.page.waitForTimeout(CALM + 100);
    await this.#looks();
  }

  /** Presses keys, one after the other. */
  async presses(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.#looks();
      await this.page.keyboard.press(key);
      await this.#looks();
    }
  }

  async types(text: string): Promise<void> {
    await this.page.keyboard.type(text);
    await this.#looks();
  }

  /** Replaces what a field holds. */
  async writes(text: string): Promise<void> {
    await this.presses('Control+a');
    await (text ? this.types(text) : this.presses('Delete'));
  }

  async pastes(text: string): Promise<void> {
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await this.presses('Control+v');
  }

  /** Goes by Tab to a control, by what a screen reader calls it. */
  async goesTo(name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    const passed: string[] = [];
    for (let tab = 0; tab <= FAR; tab += 1) {
      const here = await this.hears();
      if (typeof name === 'string' ? here.endsWith(` ${name}`) : name.test(here)) return;
      passed.push(here);
      await this.presses(key);
    }
    throw new Error(`no way by ${key} to ${name}; there was:\n${passed.join('\n')}`);
  }

  /** What a screen reader says of what has the focus: `button Save`. */
  async hears(): Promise<string> {
    const summary = this.page.locator('summary:focus');
    if (await summary.count()) return `button ${(await summary.textContent())?.trim()}`;
    const said = (await this.page.locator('*:focus').ariaSnapshot({ timeout: 2000 })).split('\n')[0] ?? '';
    const [, role = '', name = ''] = /^- '?([a-z]+)(?: "((?:[^"\\]|\\.)*)")?/.exec(said.replaceAll("''", "'")) ?? [];
    return `${role} ${name.replaceAll('\\"', '"')}`;
  }

  async isAt(name: string | RegExp): Promise<void> {
    const wanted = typeof name === 'string' ? name : expect.stringMatching(name);
    await expect.poll(async () => (await this.hears()).replace(/^[a-z]+ /, '')).toEqual(wanted);
  }

  /** What can be seen. Waits for it. */
  async sees(...texts: (string | RegExp)[]): Promise<void> {
    for (const text of texts) await expect(this.#seen(text).first()).toBeVisible();
  }

  async doesNotSee(text: string | RegExp): Promise<void> {
    await expect(this.#seen(text)).toHaveCount(0);
  }

  /** What was asked of the agent since a flow last spoke of it: exactly that, in that order. */
  async hasAsked(...wanted: (Partial<WindowIntent> & { intent: Intent })[]): Promise<void> {
    const like = wanted.map((each) => expect.objectContaining(each));
    await expect.poll(async () => (await this.#asked()).slice(this.#spokenOf)).toEqual(like);
    this.#spokenOf += wanted.length;
  }

  /** Does something to the agent behind the window, as what happens elsewhere would. */
  async behind<T>(does: (fake: FakeBackend, given: T) => void, given?: T): Promise<void> {
    await this.page.evaluate(`(${does.toString()})(window.fake, ${JSON.stringify(given)})`);
  }

  #seen(text: string | RegExp): Locator {
    return this.page.getByText(text).filter({ visible: true });
  }

  async #asked(): Promise<WindowIntent[]> {
    const asked = await this.page.evaluate(() => (window as unknown as { fake: FakeBackend }).fake.asked);
    return asked.filter(({ intent }) => !READING.includes(intent));
  }

  /** Waits until the focus is where a person can go on from. */
  async #looks(): Promise<void> {
    const wrong = async (): Promise<string> => {
      const is = await this.page.evaluate(lost);
      if (is) return is;
      const here = await this.hears();
      return /^[a-z]+ ./.test(here) ? '' : `it has no name: ${here}`;
    };
    await expect.poll(wrong, { intervals: [5, 20, 50, 100], timeout: 3000 }).toBe('');
  }
}

/** What is wrong with where the focus is; nothing where all is well. Runs in the page. */
function lost(): string {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || at === document.body) return 'the focus is nowhere';
  /** The part of an element that nothing cuts off. */
  const inSight = (element: Element): DOMRect => {
    let { left, top, right, bottom } = element.getBoundingClientRect();
    for (let each = element.parentElement; each; each = each.parentElement) {
      if (each !== document.documentElement && getComputedStyle(each).overflowY === 'visible') continue;
      const box = each === document.documentElement ? new DOMRect(0, 0, innerWidth, innerHeight) : each.getBoundingClientRect();
      [left, top, right, bottom] = [Math.max(left, box.left), Math.max(top, box.top), Math.min(right, box.right), Math.min(bottom, box.bottom)];
    }
    return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
  };
  const named = (element: Element): string => `<${element.tagName.toLowerCase()} class="${element.className}"> ${element.textContent?.trim().slice(0, 40)}`;
  const meant = at.getAttribute('aria-activedescendant');
  const option = meant === null ? null : document.getElementById(meant);
  if (meant !== null && !option) return `${meant} is meant, and is not there`;
  for (const element of option ? [at, option] : [at]) {
    const box = inSight(element);
    if (box.width < 1 || box.height < 1) return `out of sight: ${named(element)}`;
    const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!there || !(element.contains(there) || there.contains(element))) return `${named(element)} is covered by ${there ? named(there) : 'nothing'}`;
  }
  // A heading, the pane itself or what has come of something has the focus so that what is new is read from its beginning; there is nothing to press.
  if (at.tabIndex === -1 && at.matches('main, h1, section')) return '';
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const isDrawn = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
  const hasCaret = at instanceof HTMLInputElement && at.type === 'text';
  return at.matches(':focus-visible') && (isDrawn || hasCaret) ? '' : `nothing shows that it has the focus: ${named(at)}`;
}

/** A flow: whatever it asked of the agent, it spoke of; and the page wrote nothing to its console. */
export const test = base.extend<{ person: Person }>({
  context: async ({ context }, use) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await use(context);
  },
  person: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 960, height: 640 });
    const person = new Person(page);
    await use(person);
    await person.hasAsked();
    expect(complaints).toEqual([]);
  },
});

export { expect };
