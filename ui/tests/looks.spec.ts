// Every view in both themes, from the narrowest window to the widest: nothing is cut off, and axe finds nothing.
import { expect, test, type Page } from '@playwright/test';
import axe from 'axe-core';
import { named, open, views } from './views';

/** CSS pixels. 320 is 640 at 200 % text, and the least that a page must bear (WCAG 1.4.10). */
const WIDTHS = [320, 360, 640, 960, 1920];

for (const view of views) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${named(view)}, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width: 960, height: 640 });
      await open(page, view);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 640 });
        expect(await cutOff(page), `at ${width}`).toEqual([]);
      }
      await page.evaluate(axe.source);
      expect(await broken(page)).toEqual([]);
    });
  }
}

/** What reaches beyond the window, or beyond what has room for it and does not scroll. */
async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
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
      const isControl = element.matches('button, a, input, select');
      if (isControl && element.scrollWidth > element.clientWidth + 1 && style.textOverflow !== 'ellipsis' && element.tagName !== 'INPUT') found.push(`cut off: ${said(element)}`);
    }
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) found.push(`the page is ${page.scrollWidth} wide in ${page.clientWidth}`);
    return found;
  });
}

/** What axe finds, a line a finding. */
async function broken(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const engine = (window as unknown as { axe: typeof axe }).axe;
    const { violations, passes } = await engine.run(document, {
      // For people who speak what they see to choose it: an option of a list is chosen in its field, and says more than is drawn.
      rules: { 'label-content-name-mismatch': { enabled: false } },
    });
    if (passes.length < 10) return ['axe looked at nothing'];
    // A list whose keys come from its field scrolls by them, and needs no focus of its own.
    const byItsField = (rule: string, html: string): boolean => rule === 'scrollable-region-focusable' && html.includes('class="scroll') && document.querySelector('[role="combobox"][aria-controls="results"]') !== null;
    return violations.flatMap((rule) => rule.nodes.filter((node) => !byItsField(rule.id, node.html)).map((node) => `${rule.id}: ${rule.help}: ${node.html}: ${node.failureSummary}`));
  });
}
