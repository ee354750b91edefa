// The manager's sources by keyboard alone: added, tested, changed, given a new key, removed.
import { words } from '../../src/words';
import { expect, test, type Person } from './person';

const { source } = words;
const SECRET = 'SIMULATED/ada/not+a+real+secret/22222222';

async function opens(person: Person, example?: string): Promise<void> {
  await person.opens('manager', example);
  await person.presses('Control+2');
}

test('the first one is added with its key, which is nowhere afterwards', async ({ person }) => {
  await opens(person, 'empty');
  await person.isAt(source.add);
  await person.presses('Enter');
  await person.isAt(source.name);
  await person.types('work');
  await person.goesTo(source.keyId);
  await person.types('AKIASIMULATEDADA2222');
  await person.goesTo(source.secret);
  await person.types(SECRET);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'add-source', name: 'work', key: { kind: 'access-key', id: 'AKIASIMULATEDADA2222', secret: SECRET } });
  await person.sees('arn:aws:iam::111122223333:user/ada', 'acme-dev');
  await person.isAt(`${source.test}: work`);
  expect(await person.page.content()).not.toContain(SECRET);
});

test('a key that AWS does not take leaves an empty field to try again in', async ({ person }) => {
  await opens(person);
  await person.presses('a');
  await person.isAt(source.name);
  await person.types('other');
  await person.goesTo(source.secret);
  await person.types(SECRET);
  await person.behind((fake) => fake.failNext({ code: 'wrong-secret', message: 'AWS knows the key, but not with this secret' }));
  await person.presses('Enter');
  await person.hasAsked({ intent: 'add-source', name: 'other' });
  await person.sees('AWS knows the key, but not with this secret', source.secretAgain);
  await person.isAt(source.secret);
  await expect(person.page.locator('#source-secret')).toHaveValue('');
  await person.presses('Escape');
  await person.sees(words.entry.unsaved);
  await person.goesTo(words.entry.discard, 'Shift+Tab');
  await person.presses('Enter');
  await person.isAt(`${source.test}: work`);
});

test('a profile is added by choosing it', async ({ person }) => {
  await opens(person);
  await person.presses('a');
  await person.types('sso');
  await person.goesTo(source.accessKey);
  await person.presses('ArrowDown');
  await person.hasAsked({ intent: 'read-profiles' });
  await person.goesTo(words.sources.profile);
  await person.presses('ArrowDown', 'Enter');
  await person.goesTo(source.save);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'add-source', name: 'sso', key: { kind: 'profile', name: 'billing' } });
  await person.sees(/Added/);
});

test('Enter tests it: AWS says who it is', async ({ person }) => {
  await opens(person);
  await person.isAt(`${source.test}: work`);
  await person.presses('ArrowDown', 'Enter');
  await person.hasAsked({ intent: 'test-source', source: 'billing' });
  await person.sees('It is');
  await person.isAt(`${source.test}: billing`);
});

test('a test that hangs is stopped', async ({ person }) => {
  await opens(person);
  await person.behind((fake) => void fake.hold());
  await person.presses('Enter');
  await person.hasAsked({ intent: 'test-source', source: 'work' });
  await person.goesTo(`${words.stop}: work`);
  await person.presses('Enter');
  await person.sees('It was stopped, and nothing was changed');
  await person.isAt(`${source.test}: work`);
});

test('its key is changed for another one, and the old one deleted, each after it was said what happens', async ({ person }) => {
  await opens(person);
  await person.goesTo(`${source.keys}: work`);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'source-keys', source: 'work' });
  await person.sees(/11\d days old/, source.old);
  await person.goesTo(`${source.rotate}: work`);
  await person.presses('Enter');
  await person.sees(source.rotateSteps[1] ?? '');
  await person.isAt(words.cancel);
  await person.presses('Enter');
  await person.isAt(`${source.rotate}: work`);
  await person.presses('Enter');
  await person.goesTo(source.rotate, 'Shift+Tab');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'rotate-source', source: 'work' }, { intent: 'source-keys', source: 'work' });
  await person.sees('AKIAIOSFODNN7EXAMPL2', /switched off/);
  await person.goesTo(`${source.deleteOld}: work`);
  await person.presses('Enter');
  await person.goesTo(source.deleteOld, 'Shift+Tab');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'delete-old-key', source: 'work' });
  await person.doesNotSee(/not in use here/);
});

test('its device and its region are changed', async ({ person }) => {
  await opens(person);
  await person.goesTo(`${source.edit}: work`);
  await person.presses('Enter');
  await person.isAt(source.mfa);
  await person.types('arn:aws:iam::111122223333:mfa/ada');
  await person.goesTo(source.region);
  await person.writes('eu-central-1');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'edit-source', source: 'work', mfa_serial: 'arn:aws:iam::111122223333:mfa/ada', region: 'eu-central-1' });
  await person.sees('arn:aws:iam::111122223333:mfa/ada');
  await person.isAt(`${source.edit}: work`);
});

test('it is removed once its roles were named, and the focus stays in the list', async ({ person }) => {
  await opens(person);
  await person.presses('ArrowDown');
  await person.goesTo(`${source.remove}: billing`);
  await person.presses('Enter');
  await person.sees('One role needs it: Billing', source.removeKey);
  await person.presses('Escape');
  await person.isAt(`${source.remove}: billing`);
  await person.hasAsked();
  await person.presses('Enter');
  await person.goesTo(source.remove, 'Shift+Tab');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'remove-source', source: 'billing' });
  await person.isAt(`${source.test}: work`);
});
