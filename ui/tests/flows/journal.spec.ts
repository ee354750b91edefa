// The manager's journal by keyboard alone: found in, scrolled, and what it has nothing of.
import { words } from '../../src/words';
import { expect, test } from './person';

test('is found in by words, wherever they stand', async ({ person }) => {
  await person.opens('manager');
  await person.presses('Control+4');
  await person.isAt(words.panes.journal);
  await person.sees(words.journal.count(14), 'access-denied', 'guise for terraform');
  await person.presses('/');
  await person.isAt(words.journal.find);
  await person.types('not opened');
  await person.sees(words.journal.count(2));
  await person.writes('prod session');
  await person.sees(words.journal.count(3));
  await person.writes('nothing like it');
  await person.sees('Nothing in the journal matches');
  await person.goesTo(words.journal.clear);
  await person.presses('Enter');
  await person.isAt(words.journal.find);
  await person.types('billing');
  await person.presses('Escape');
  await person.sees(words.journal.count(14));
  await expect(person.page.getByRole('searchbox')).toHaveValue('');
});

test('is scrolled by the keys of every page', async ({ person }) => {
  await person.opens('manager', 'many');
  await person.presses('Control+4');
  await person.page.setViewportSize({ width: 960, height: 400 });
  await person.isAt(words.panes.journal);
  await person.presses('End');
  await expect.poll(() => person.page.locator('.scroll').evaluate((region) => region.scrollTop)).toBeGreaterThan(100);
});

test('says what will be in it while it is empty', async ({ person }) => {
  await person.opens('manager', 'empty');
  await person.presses('Control+4');
  await person.sees(words.journal.empty);
});
