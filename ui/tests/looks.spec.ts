// Every view in both themes, from the narrowest window to the widest, with text of twice its size: nothing is cut off, and axe finds nothing.
import { expect, test as base, type Page } from '@playwright/test';
import axe from 'axe-core';
import { named, open, views, type View } from './views';

/** CSS pixels. 320 is the least that a page must bear (WCAG 1.4.10). */
const WIDTHS = [320, 360, 640, 960, 1920];
/** How wide the window is whose text is made larger. */
const LARGE = 1280;

// One page for all that a worker looks at: a browser's page costs more than what is looked at in it.
const test = base.extend<object, { shared: Page }>({
  shared: [
    async ({ browser }, use, { project }) => {
      const { baseURL = '', timezoneId = '' } = project.use;
      const page = await browser.newPage({ baseURL, timezoneId });
      await page.addInitScript(axe.source);
      await use(page);
      await page.close();
    },
    { scope: 'worker' },
  ],
});

for (const view of views) {
  test(named(view), async ({ shared: page }) => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce', forcedColors: 'none' });
    await page.setViewportSize({ width: 960, height: 640 });
    await open(page, view);
    for (const width of WIDTHS) expect(await cutOffAt(page, width), `at ${width}`).toEqual([]);
    await page.setViewportSize({ width: 960, height: 640 });
    expect(await broken(page, 'everything')).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await broken(page, 'contrast'), 'in the dark').toEqual([]);
    for (const key of Array<string>(6).fill('Control+=')) await page.keyboard.press(key);
    expect(await cutOffAt(page, LARGE), 'with text of twice its size').toEqual([]);
  });
}

const some: View[] = [
  { window: 'manager', example: 'troubled' },
  { window: 'switcher', example: 'troubled' },
  { window: 'prompt', example: 'production' },
  { window: 'guide', example: 'step-make' },
];

for (const view of some) {
  test(`${named(view)}, in the system’s own colours`, async ({ shared: page }) => {
    await page.emulateMedia({ forcedColors: 'active' });
    await page.setViewportSize({ width: 960, height: 640 });
    await open(page, view);
    expect(await cutOffAt(page, 960)).toEqual([]);
    expect(await page.evaluate(unmarked)).toEqual([]);
  });

  test(`${named(view)}, where nothing may move`, async ({ shared: page }) => {
    const running = (): number => document.getAnimations().length;
    await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'none' });
    await open(page, view);
    expect(await page.evaluate(running)).toBe(0);
    const slow = (): string[] => [...new Set([...document.querySelectorAll('*')].flatMap((each) => getComputedStyle(each).transitionDuration.split(', ')))];
    expect(await page.evaluate(slow)).toEqual(['0s']);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    expect((await page.evaluate(slow)).map((each) => Number.parseFloat(each)).filter((each) => each > 0.12)).toEqual([]);
  });
}

/** What is not told from the rest where the system has the colours: the present row, what is chosen, buttons. Runs in the page. */
function unmarked(): string[] {
  const found: string[] = [];
  const isDrawn = ({ outlineStyle, outlineWidth, borderTopStyle, borderTopWidth }: CSSStyleDeclaration): boolean =>
    (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || (borderTopStyle !== 'none' && Number.parseFloat(borderTopWidth) > 0);
  const present = document.querySelector('.row.present, [role="option"][aria-selected="true"]');
  if (document.querySelector('.row, [role="option"]') && !(present && isDrawn(getComputedStyle(present)))) found.push('no row is marked as the present one');
  for (const each of document.querySelectorAll('button, input[type="text"], select')) if (!each.matches('[role="combobox"]') && !isDrawn(getComputedStyle(each))) found.push(`no edge: ${each.outerHTML.slice(0, 80)}`);
  return found;
}

async function cutOffAt(page: Page, width: number): Promise<string[]> {
  await page.setViewportSize({ width, height: 640 });
  // Rows of other heights are laid out a frame later.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return page.evaluate(cutOff);
}

/** What reaches beyond the window, or beyond what has room for it and does not scroll. Runs in the page. */
function cutOff(): string[] {
  const found: string[] = [];
  const said = (element: Element): string => `<${element.tagName.toLowerCase()} class="${element.className}"> ${element.textContent?.trim().slice(0, 60)}`;
  const scrolls = (element: Element | null): boolean => {
    for (let each = element; each; each = each.parentElement) if (['auto', 'scroll'].includes(getComputedStyle(each).overflowX)) return true;
    return false;
  };
  for (const element of document.querySelectorAll('#window *')) {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (box.width === 0 || box.height === 0 || style.visibility === 'hidden' || element.closest('.unseen')) continue;
    if ((box.right > innerWidth + 1 || box.left < -1) && !scrolls(element.parentElement)) found.push(`beyond the window: ${said(element)}`);
    if (!element.matches('button, a, input, select')) continue;
    if (element.scrollWidth > element.clientWidth + 1 && style.textOverflow !== 'ellipsis' && element.tagName !== 'INPUT') found.push(`cut off: ${said(element)}`);
    if (element.scrollHeight > element.clientHeight + 1 && style.overflowY !== 'visible') found.push(`cut off below: ${said(element)}`);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const parent = text.parentElement;
    if (!parent || parent.closest('.unseen, select, script') || !text.textContent?.trim() || scrolls(parent)) continue;
    range.selectNodeContents(text);
    if (getComputedStyle(parent).textOverflow !== 'ellipsis' && [...range.getClientRects()].some((box) => box.right > innerWidth + 1)) found.push(`written beyond the window: ${said(parent)}`);
  }
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) found.push(`the page is ${page.scrollWidth} wide in ${page.clientWidth}`);
  return found;
}

/** What axe finds, a line a finding. */
async function broken(page: Page, rules: 'everything' | 'contrast'): Promise<string[]> {
  return page.evaluate(async (only) => {
    const engine = (window as unknown as { axe: typeof axe }).axe;
    const { violations, passes } = await engine.run(document, {
      ...(only === 'contrast' ? { runOnly: ['color-contrast'] } : {}),
      // For people who speak what they see to choose it: an option of a list is chosen in its field, and says more than is drawn.
      rules: { 'label-content-name-mismatch': { enabled: false } },
    });
    if (passes.length < (only === 'contrast' ? 1 : 10)) return ['axe looked at nothing'];
    // A list whose keys come from its field scrolls by them, and needs no focus of its own.
    const byItsField = (rule: string, html: string): boolean => rule === 'scrollable-region-focusable' && html.includes('class="scroll') && document.querySelector('[role="combobox"][aria-controls="results"]') !== null;
    return violations.flatMap((rule) => rule.nodes.filter((node) => !byItsField(rule.id, node.html)).map((node) => `${rule.id}: ${rule.help}: ${node.html}: ${node.failureSummary}`));
  }, rules);
}
