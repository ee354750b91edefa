// Ten thousand roles: only what is in sight is drawn, and no key waits.
import { expect, test, type Page } from '@playwright/test';
import { open } from './views';

/** Rows that may be drawn at once: those in sight, and some beyond the edges. */
const MOST_DRAWN = 60;
/** In milliseconds, on the slowest of machines and a busy one. A list that drew them all took twenty times as long. */
const AT_MOST = 1000;

const rows = (page: Page) => page.locator('[data-row]');

test.beforeEach(async ({ page }) => {
  await page.setViewportSize({ width: 960, height: 640 });
  await page.addInitScript(() => {
    const times: number[] = [];
    Object.assign(window, { times });
    // From a key to the first frame that shows what it did.
    addEventListener('keydown', () => {
      const begun = performance.now();
      requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - begun)));
    }, true);
  });
  await open(page, { window: 'manager', example: 'thousands' });
  await expect(rows(page).first()).toBeVisible();
});

/** Whether all of what has the focus can be seen. Runs in the page. */
function isSeen(): boolean {
  const { left, top, right, bottom } = document.activeElement?.getBoundingClientRect() ?? new DOMRect();
  const corners = [top + 2, bottom - 2].map((y) => document.elementFromPoint((left + right) / 2, y));
  return corners.every((corner) => document.activeElement?.contains(corner) ?? false);
}

async function slowest(page: Page): Promise<number> {
  const times = await page.evaluate(() => (window as unknown as { times: number[] }).times.splice(0));
  expect(times.length).toBeGreaterThan(0);
  return Math.max(...times);
}

test('the end is a key away, and only what is in sight is drawn', async ({ page }) => {
  await expect(page.getByText('10000 roles')).toBeVisible();
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '10100');
  await page.keyboard.press('End');
  await expect(page.locator('[data-row="unit-99-role-99"]')).toBeInViewport();
  await expect(page.locator('[data-row="unit-99-role-99"] [data-primary]')).toBeFocused();
  expect(await rows(page).count()).toBeLessThan(MOST_DRAWN);
  await page.keyboard.press('Home');
  await expect(page.locator('[data-row="unit-00-role-00"] [data-primary]')).toBeFocused();
  await expect.poll(() => page.locator('.scroll').evaluate((scroller) => scroller.scrollTop)).toBe(0);
  for (const key of ['PageDown', 'PageDown', 'ArrowDown', 'PageUp', 'ArrowUp']) {
    await page.keyboard.press(key);
    // Neither above the list, nor below it, nor under the head that stays at its top.
    await expect.poll(() => page.evaluate(isSeen), { message: key }).toBe(true);
  }
  await expect(page.locator('[data-primary]:focus')).toBeInViewport();
  expect(await slowest(page)).toBeLessThan(AT_MOST);
});

test('a letter to find some is answered in the next frame', async ({ page }) => {
  await page.keyboard.press('/');
  await page.keyboard.type('unit-55 role-07');
  await expect(page.getByText('1 of 10000 roles')).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.getByText('10000 roles')).toBeVisible();
  expect(await rows(page).count()).toBeLessThan(MOST_DRAWN);
  expect(await slowest(page)).toBeLessThan(AT_MOST);
});

test('however it is scrolled, there are rows to be seen', async ({ page }) => {
  const blank = await page.evaluate(async () => {
    const scroller = document.querySelector('.scroll');
    if (!scroller) return ['nothing scrolls'];
    const found: string[] = [];
    const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    for (let part = 0; part <= 20; part += 1) {
      scroller.scrollTop = (scroller.scrollHeight * part) / 20;
      await frame();
      const { top, bottom } = scroller.getBoundingClientRect();
      const inSight = [...document.querySelectorAll('[data-row]')].filter((row) => row.getBoundingClientRect().bottom > top && row.getBoundingClientRect().top < bottom);
      if (inSight.length < 5) found.push(`${inSight.length} rows at ${part} of 20`);
    }
    return found;
  });
  expect(blank).toEqual([]);
  expect(await rows(page).count()).toBeLessThan(MOST_DRAWN);
});
