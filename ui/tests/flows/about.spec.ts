// What Guise is, by keyboard alone: diagnostics to copy, and a package to find.
import { words } from '../../src/words';
import { expect, test } from './person';

const { about } = words;

test('looks at this computer, and copies what it found', async ({ person }) => {
  await person.opens('manager');
  await person.presses('Control+7');
  await person.isAt(about.look);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'read-diagnostics' });
  await person.sees(/the Secret Service answers/);
  await person.goesTo(words.copy);
  await person.presses('Enter');
  await person.sees(words.copied);
  expect(await person.page.evaluate(() => navigator.clipboard.readText())).toContain('keychain  the Secret Service answers');
});

test('stops looking, if that takes too long', async ({ person }) => {
  await person.opens('manager');
  await person.presses('Control+7');
  await person.behind((fake) => void fake.hold());
  await person.presses('Enter');
  await person.hasAsked({ intent: 'read-diagnostics' });
  await person.isAt(about.looking);
  await person.goesTo(words.stop);
  await person.presses('Enter');
  await person.sees('It was stopped, and nothing was changed');
  await person.isAt(about.look);
});

test('names what is inside', async ({ person }) => {
  await person.opens('manager');
  await person.presses('Control+7');
  await person.goesTo(about.find);
  await person.types('nucleo');
  await person.sees(/^nucleo-matcher/);
});
