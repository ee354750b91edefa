// What there is to look at: each window, each pane, each state; and how it is opened.
import type { Page } from '@playwright/test';

export type View = {
  window: 'manager' | 'switcher' | 'prompt' | 'guide';
  /** The state, by the name that the page's address takes. */
  example: string;
  /** What is pressed to come to what is looked at. */
  keys?: string[];
};

const panes = ['roles', 'sources', 'sessions', 'journal', 'settings', 'about'];
const pane = (number: number): string[] => [`Control+${number}`];

export const views: View[] = [
  ...['empty', 'one', 'usual', 'many', 'long', 'right-to-left', 'troubled'].flatMap((example) => [
    { window: 'manager' as const, example },
    { window: 'switcher' as const, example },
  ]),
  ...panes.slice(1).flatMap((_, index) =>
    ['empty', 'usual', 'long', 'right-to-left', 'troubled'].map((example) => ({ window: 'manager' as const, example, keys: pane(index + 2) })),
  ),
  // A role opened, some selected, one written, one changed, many changed; and one of 10,000 at the end.
  ...[['ArrowRight'], ['Space', 'ArrowDown', 'Space'], ['n'], ['e'], ['Control+a', 'e']].flatMap((keys) =>
    ['usual', 'long', 'right-to-left'].map((example) => ({ window: 'manager' as const, example, keys })),
  ),
  { window: 'manager' as const, example: 'thousands', keys: ['End'] },
  ...['code', 'production', 'word'].map((example) => ({ window: 'prompt' as const, example })),
  ...['empty', 'usual'].map((example) => ({ window: 'guide' as const, example })),
];

export function named({ window, example, keys = [] }: View): string {
  return [window, example, ...keys].join(' ');
}

export async function open(page: Page, { window, example, keys = [] }: View): Promise<void> {
  await page.goto(`/?window=${window}&example=${example}`);
  await page.locator('main').first().waitFor();
  for (const key of keys) await page.keyboard.press(key);
}
