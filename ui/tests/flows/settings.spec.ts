// The manager's settings by keyboard alone: each kind of control, what it takes, and back to what is usual.
import { words } from '../../src/words';
import { expect, test } from './person';

test.beforeEach(async ({ person }) => {
  await person.opens('manager');
  await person.presses('Control+5');
  await person.sees(words.panes.settings);
});

test('a switch is turned by Space, and set back to what is usual', async ({ person }) => {
  await person.goesTo(/The tray starts when you sign in/);
  await person.presses('Space');
  await person.hasAsked({ intent: 'set', setting: 'start_at_login', value: 'true' });
  await person.goesTo(`${words.settings.toUsual}: start_at_login`);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'set', setting: 'start_at_login', value: '' });
  await person.isAt(/^The tray starts when you sign in/);
});

test('one of several is chosen by arrows, and is so at once', async ({ person }) => {
  await person.goesTo(/^combobox Whether windows are light or dark/);
  await person.presses('ArrowDown');
  await person.hasAsked({ intent: 'set', setting: 'theme', value: 'light' });
  await person.presses('ArrowDown');
  await person.hasAsked({ intent: 'set', setting: 'theme', value: 'dark' });
});

test('a text is taken by Enter; what it cannot be is said beneath it, and Escape takes it back', async ({ person }) => {
  await person.goesTo(/^textbox For how many seconds/);
  await person.writes('20');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'set', setting: 'clipboard_seconds', value: '20' });
  await person.writes('7000');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'set', setting: 'clipboard_seconds', value: '7000' });
  await person.sees('clipboard_seconds takes a number of seconds from 5 to 600');
  await person.isAt(/^For how many seconds/);
  const field = person.page.locator('#setting-clipboard_seconds');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await person.presses('Escape');
  await expect(field).toHaveValue('20');
  await person.doesNotSee('clipboard_seconds takes a number of seconds from 5 to 600');
});
