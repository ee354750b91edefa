// What there is to look at: each window, each pane, each state; and how it is opened.
import type { Page } from '@playwright/test';

export type View = {
  window: 'manager' | 'switcher' | 'prompt' | 'guide';
  /** The state, by the name that the page's address takes. */
  example: string;
  /** What is pressed to come to what is looked at. */
  keys?: string[];
  /** What is typed then. */
  types?: string;
};

const STATES = ['usual', 'long', 'right-to-left'];
const pane = (number: number): string[] => [`Control+${number}`];
const of = (window: View['window'], examples: string[], more: Omit<View, 'window' | 'example'> = {}): View[] => examples.map((example) => ({ window, example, ...more }));

export const views: View[] = [
  ...of('manager', ['empty', 'one', 'many', 'troubled', ...STATES]),
  ...of('switcher', ['empty', 'one', 'many', 'troubled', ...STATES]),
  ...[2, 3, 4, 5, 6, 7].flatMap((number) => of('manager', ['empty', 'troubled', ...STATES], { keys: pane(number) })),
  // A role opened, some selected, one written, one changed, many changed; and one of 10,000 at the end.
  ...[['ArrowRight'], ['Space', 'ArrowDown', 'Space'], ['n'], ['e'], ['Control+a', 'e']].flatMap((keys) => of('manager', STATES, { keys })),
  ...of('manager', ['thousands'], { keys: ['End'] }),
  // A role written half, and saved: everything that is wrong.
  ...of('manager', ['usual'], { keys: ['n', 'Control+Enter'] }),
  ...of('manager', ['usual'], { keys: ['/'], types: 'nothing like it' }),
  // An account.
  ...of('manager', STATES, { keys: ['ArrowRight', ...Array<string>(7).fill('Tab'), 'Enter'] }),
  // A source added, and one about to be removed.
  ...of('manager', ['usual', 'empty'], { keys: [...pane(2), 'a'] }),
  ...of('manager', STATES, { keys: [...pane(2), ...Array<string>(4).fill('Tab'), 'Enter'] }),
  ...of('manager', ['many'], { keys: pane(3) }),
  // A text to look in; and what was brought in.
  ...of('manager', ['usual'], { keys: [...pane(6), 'Tab', 'Tab', 'Enter'] }),
  ...of('manager', STATES, { keys: [...pane(6), ...Array<string>(5).fill('Tab'), 'Enter', 'Control+Enter'] }),
  ...of('prompt', ['code', 'again', 'keychain', 'production', 'through', 'word', 'word-again']),
  ...of('guide', ['empty', 'usual', 'step-role', 'step-make', 'step-made', 'step-try', 'step-open']),
  ...of('guide', ['step-refused'], { keys: ['Tab', 'Enter'] }),
  ...of('guide', ['key-refused'], { keys: ['Tab', 'Tab', 'Enter'] }),
  // IAM's page and Guise's own way, the last of the tabs.
  ...of('guide', ['step-make'], { keys: ['Tab', 'Tab', 'End', 'ArrowLeft'] }),
  ...of('guide', ['step-make'], { keys: ['Tab', 'Tab', 'End'] }),
  ...of('switcher', STATES, { types: 'a' }),
  ...of('switcher', STATES, { keys: ['ArrowRight'] }),
  ...of('switcher', ['usual'], { keys: ['ArrowRight'], types: 'no such page' }),
  ...of('switcher', ['usual'], { keys: ['Alt+f'] }),
  ...of('switcher', ['usual'], { types: 'nothing like it' }),
  ...of('switcher', ['usual', 'long'], { types: 'arn:aws:s3:::a-bucket-of-somebody' }),
  ...of('switcher', ['usual'], { types: 'arn:aws:sqs:eu-west-1:111122223333:orders' }),
];

export function named({ window, example, keys = [], types = '' }: View): string {
  return [window, example, ...keys, ...(types ? [`“${types}”`] : [])].join(' ');
}

export async function open(page: Page, { window, example, keys = [], types = '' }: View): Promise<void> {
  await page.goto(`/?window=${window}&example=${example}&takes=0`);
  await page.locator('main').first().waitFor();
  // Keys are pressed once something has the focus, as a person would.
  await page.waitForFunction(() => document.activeElement !== document.body);
  for (const key of keys) await page.keyboard.press(key);
  await page.keyboard.type(types);
}
