// The manager's roles by keyboard alone: opened, found, ordered, written, changed, removed and brought back.
import { words } from '../../src/words';
import { expect, test, type Person } from './person';

const { entry, roles } = words;
const FIRST = /^button Open console as AWSEC2FULLACCESS in acme-dev/;

/** The names of the rows, from top to bottom. */
function listed(person: Person): Promise<(string | null)[]> {
  return person.page.locator('[data-row] .what .name bdi').allTextContents();
}

async function hasTyped(person: Person, field: keyof typeof entry.fields, text: string): Promise<void> {
  await person.goesTo(entry.fields[field][0]);
  await person.writes(text);
}

test.beforeEach(async ({ person }) => {
  await person.opens('manager');
  await person.goesTo(FIRST);
});

test('the last one that was used has the focus, and a key opens it as it is wanted', async ({ person }) => {
  await person.presses('Enter', 'r', 'c');
  await person.hasAsked(
    { intent: 'open-console', role: 'AWSEC2FULLACCESS' },
    { intent: 'open-console', role: 'AWSEC2FULLACCESS', access: 'read-only' },
    { intent: 'copy-credentials', role: 'AWSEC2FULLACCESS' },
  );
  await person.sees(/the clipboard is cleared at/i);
  await person.presses('End');
  await person.isAt(/^Open console as ReadOnly in acme-prod, PRODUCTION/);
  await person.presses('f');
  await person.hasAsked({ intent: 'open-console', role: 'ReadOnly', access: 'full' });
});

test('details are shown by Right and hidden by Left', async ({ person }) => {
  await person.presses('ArrowRight');
  await person.sees('arn:aws:iam::111122223333:role/AWSEC2FULLACCESS');
  await person.goesTo(roles.aimed(roles.deeds(true).remove, 'AWSEC2FULLACCESS'));
  await person.goesTo(FIRST, 'Shift+Tab');
  await person.presses('ArrowLeft');
  await person.doesNotSee('arn:aws:iam::111122223333:role/AWSEC2FULLACCESS');
});

test('some are found by a few letters; Enter opens the first, Down goes to it, Escape shows all', async ({ person }) => {
  await person.presses('/');
  await person.isAt(roles.find);
  await person.types('ec2 prod');
  await person.sees(roles.found(1, 7));
  await person.presses('Enter');
  await person.hasAsked({ intent: 'open-console', role: 'EC2Ops' });
  await person.presses('ArrowDown');
  await person.isAt(/^Open console as EC2Ops/);
  await person.presses('Control+f');
  await person.isAt(roles.find);
  await person.presses('Escape');
  await person.isAt(/^Open console as EC2Ops/);
  await person.sees(roles.found(7, 7));
  await person.presses('/');
  await person.types('nothing like it');
  await person.sees(/No role matches/);
  await person.goesTo(roles.clearFilter);
  await person.presses('Enter');
  await person.isAt(/^Open console as/);
});

test('they are grouped and sorted as it is wanted', async ({ person }) => {
  await person.goesTo(/^combobox Group by/, 'Shift+Tab');
  await person.presses('End');
  expect(await listed(person)).toEqual(['Admin', 'AWSEC2FULLACCESS', 'Billing', 'ec2-readonly', 'EC2Ops', 'logs', 'ReadOnly']);
  await person.goesTo(/^button Sorted ascending/);
  await person.presses('Enter');
  await person.isAt(/^Sorted descending/);
  expect((await listed(person))[0]).toBe('ReadOnly');
  await person.goesTo(/^combobox Sort by/, 'Shift+Tab');
  await person.presses('End');
  await person.goesTo(/^button Sorted descending/);
  await person.presses('Enter');
  expect((await listed(person)).slice(0, 2).sort()).toEqual(['AWSEC2FULLACCESS', 'ReadOnly']);
});

test('favourites stand in the order that Alt and an arrow give them', async ({ person }) => {
  await person.goesTo(/^combobox Group by/, 'Shift+Tab');
  await person.types('fav');
  await person.goesTo(FIRST);
  await person.presses('Alt+ArrowDown');
  await person.hasAsked({ intent: 'order-favourites', roles: ['Billing', 'AWSEC2FULLACCESS'] });
  await person.sees(/is favourite 2 of 2/);
  await person.isAt(/^Open console as AWSEC2FULLACCESS/);
  expect((await listed(person)).slice(0, 2)).toEqual(['Billing', 'AWSEC2FULLACCESS']);
  await person.presses('Alt+ArrowDown');
  await person.hasAsked();
  await person.presses('Alt+ArrowUp');
  await person.hasAsked({ intent: 'order-favourites', roles: ['AWSEC2FULLACCESS', 'Billing'] });
});

test('one becomes a favourite, and none again', async ({ person }) => {
  await person.presses('ArrowDown', 's');
  await person.hasAsked({ intent: 'edit-roles', roles: ['ec2-readonly'], change: { favourite: true } });
  await expect(person.page.getByRole('img', { name: words.favourite })).toHaveCount(3);
  await person.presses('s');
  await person.hasAsked({ intent: 'edit-roles', roles: ['ec2-readonly'], change: { favourite: false } });
  await person.isAt(/^Open console as ec2-readonly/);
});

test('a new one is written: what is wrong is said where it stands, and the plan grows while it is typed', async ({ person }) => {
  await person.presses('n');
  await person.isAt(entry.fields.name[0]);
  await person.sees(entry.noPlan, entry.fields.arn[1]);
  await person.types('Admin');
  await person.sees('There is already a role', 'Choose another name');
  await person.writes('deploy');
  await person.doesNotSee('There is already a role');
  await hasTyped(person, 'arn', 'arn:aws:iam::1:deploy');
  await person.presses('Tab');
  await person.sees(/is not the ARN of a role/);
  await person.presses('ArrowDown');
  await person.presses('Shift+Tab');
  await person.writes('arn:aws:iam::111122223333:role/deploy');
  await person.doesNotSee(/is not the ARN of a role/);
  await person.sees(/──▶ deploy/, /sts:AssumeRole arn:aws:iam::111122223333:role\/deploy in eu-west-1, 1 h/);
  await hasTyped(person, 'destination', 'lambda');
  await person.sees(/console in eu-west-1 at lambda/);
  await hasTyped(person, 'duration', 'long');
  await person.presses('Tab');
  await person.sees(/is not a duration that AWS takes/);
  await person.presses('Control+Enter');
  await person.isAt(entry.fields.duration[0]);
  await person.writes('2h');
  await person.goesTo(/^checkbox Favourite/);
  await person.presses('Space');
  await person.presses('Control+Enter');
  const form = expect.objectContaining({ name: 'deploy', arn: 'arn:aws:iam::111122223333:role/deploy', source: 'work', destination: 'lambda', duration: '2h', favourite: true });
  await person.hasAsked({ intent: 'save-role', before: null, form: form as never });
  await person.sees('Saved');
  await person.isAt(/^Open console as deploy/);
});

test('saving what is not whole goes to the first field that is wrong', async ({ person }) => {
  await person.presses('n');
  await person.goesTo(entry.save);
  await person.presses('Enter');
  await person.isAt(entry.fields.name[0]);
  await person.sees('A name cannot be empty', 'A role needs its ARN');
  await person.presses('Escape');
  await person.isAt(/^Open console as/);
});

test('one is changed, its further fields too; what is not saved is not lost by a key', async ({ person }) => {
  await person.presses('e');
  await person.hasAsked({ intent: 'role-entry', role: 'AWSEC2FULLACCESS' });
  await person.isAt(entry.fields.name[0]);
  await hasTyped(person, 'region', 'us-east-1');
  await person.sees(/in us-east-1/);
  await person.presses('Escape');
  await person.sees(entry.unsaved);
  await person.isAt(entry.goOn);
  await person.presses('Enter');
  await person.isAt(entry.fields.name[0]);
  await person.presses('Control+3', 'Control+1');
  await person.isAt(entry.fields.name[0]);
  await expect(person.page.locator('#entry-region')).toHaveValue('us-east-1');
  await person.goesTo(/More: MFA/);
  await person.presses('Enter');
  await hasTyped(person, 'tags', 'team=blue');
  await person.presses('Control+Enter');
  const form = expect.objectContaining({ region: 'us-east-1', tags: 'team=blue' });
  await person.hasAsked({ intent: 'save-role', before: expect.objectContaining({ name: 'AWSEC2FULLACCESS' }) as never, form: form as never });
  await person.isAt(/^Open console as AWSEC2FULLACCESS/);
});

test('what was written is given up when that was meant', async ({ person }) => {
  await person.presses('n');
  await person.types('half');
  await person.presses('Escape', 'Tab', 'Enter');
  await person.isAt(/^Open console as AWSEC2FULLACCESS/);
  await person.hasAsked();
});

test('what the agent refuses is said in the form, which stays', async ({ person }) => {
  await person.presses('d');
  await person.hasAsked({ intent: 'role-entry', role: 'AWSEC2FULLACCESS' });
  await expect(person.page.locator('#entry-name')).toHaveValue('AWSEC2FULLACCESS copy');
  await person.behind((fake) => fake.failNext({ code: 'catalog-unreadable', message: 'the catalog does not parse at line 3', hint: 'correct it' }, 'save-role'));
  await person.presses('Control+Enter');
  await person.hasAsked({ intent: 'save-role' });
  await person.sees('The catalog does not parse at line 3', 'Correct it');
  await expect(person.page.locator('#entry-name')).toHaveValue('AWSEC2FULLACCESS copy');
  await person.presses('Control+Enter');
  await person.hasAsked({ intent: 'save-role' });
  await person.isAt(/^Open console as AWSEC2FULLACCESS copy/);
});

test('with nothing there yet, Enter opens the setup guide', async ({ person }) => {
  await person.opens('manager', 'empty');
  await person.isAt(words.first.guide);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'show-window', window: 'guide' });
});

test('a copy of one is saved under its own name', async ({ person }) => {
  await person.presses('d');
  await person.hasAsked({ intent: 'role-entry', role: 'AWSEC2FULLACCESS' });
  await person.isAt(entry.fields.name[0]);
  await person.writes('ec2-b');
  await person.presses('Control+Enter');
  await person.hasAsked({ intent: 'save-role', before: null });
  await person.isAt(/^Open console as ec2-b/);
  await person.sees(roles.found(8, 8));
});

test('many are changed alike, and that is undone', async ({ person }) => {
  await person.presses('Space', 'ArrowDown', 'Space', 'Shift+ArrowDown');
  await person.sees(roles.selection.count(3));
  await person.presses('e');
  await person.sees(entry.many.title(3), entry.many.hint);
  await person.goesTo(/^combobox Region/);
  await person.presses('ArrowDown', 'Tab');
  await person.types('us-west-2');
  await person.goesTo(/^combobox Production/);
  await person.presses('ArrowDown', 'Control+Enter');
  await person.hasAsked({ intent: 'edit-roles', roles: ['AWSEC2FULLACCESS', 'ec2-readonly', 'logs'], change: { region: 'us-west-2', production: true } });
  await person.sees(/changed 3 roles/i);
  await expect(person.page.getByText('us-west-2')).toHaveCount(3);
  await person.isAt(/^Open console as/);
  await person.presses('Control+z');
  await person.hasAsked({ intent: 'undo', undo: 1 });
  await expect(person.page.getByText('us-west-2')).toHaveCount(0);
});

test('what is removed is brought back by the message’s button, which takes nobody’s focus along', async ({ person }) => {
  await person.presses('ArrowDown', 'Delete');
  await person.hasAsked({ intent: 'remove-roles', roles: ['ec2-readonly'] });
  await person.sees(/removed/i);
  await person.isAt(/^Open console as logs/);
  await person.goesTo(words.undo);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'undo', undo: 1 });
  await person.isAt(/^Open console as/);
  expect(await listed(person)).toContain('ec2-readonly');
});

test('all are selected, removed and brought back', async ({ person }) => {
  await person.presses('Control+a');
  await person.sees(roles.selection.count(7));
  await person.presses('Escape');
  await person.doesNotSee(roles.selection.count(7));
  await person.presses('Control+a');
  await person.goesTo(roles.selection.remove);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'remove-roles' });
  await person.sees(roles.empty);
  await person.isAt(roles.add);
  await person.presses('Control+z');
  await person.hasAsked({ intent: 'undo' });
  await expect.poll(() => listed(person)).toHaveLength(7);
  await person.isAt(/^Open console as/);
  await person.presses('Control+a', 'Delete');
  await person.hasAsked({ intent: 'remove-roles' });
  await person.isAt(roles.add);
});

test('an account is given a name, a colour and what it is for', async ({ person }) => {
  await person.presses('ArrowRight');
  await person.goesTo(roles.aimed(roles.deeds(true).account, 'AWSEC2FULLACCESS'));
  await person.presses('Enter');
  await person.sees(entry.account.title('1111 2222 3333'));
  await person.isAt(entry.account.name[0]);
  await person.writes('sandbox');
  await person.goesTo(entry.account.environment[0]);
  await person.types('dev');
  await person.goesTo(entry.account.production[0]);
  await person.presses('Space');
  await person.goesTo(/^radio by its digits/);
  await person.presses('ArrowDown', 'ArrowDown', 'ArrowDown');
  await person.isAt(entry.account.colours.green);
  await person.presses('Control+Enter');
  await person.hasAsked({ intent: 'edit-account', account: '111122223333', change: { name: 'sandbox', environment: 'dev', production: true, colour: 'green' } });
  await person.sees('sandbox', 'dev');
  await person.isAt(/^Open console as AWSEC2FULLACCESS in sandbox, PRODUCTION/);
});

test('the panes are reached by Tab as well', async ({ person }) => {
  await person.goesTo(/^button Journal/, 'Shift+Tab');
  await person.presses('Enter');
  await person.sees(words.journal.count(14));
});

test('a refusal is said at its row and can be read to its end', async ({ person }) => {
  await person.behind((fake) => fake.failNext({ code: 'keychain-locked', message: 'the keychain is locked, and nobody unlocked it', hint: 'unlock it and try again; nothing was changed' }));
  await person.presses('c');
  await person.hasAsked({ intent: 'copy-credentials' });
  await person.sees('The keychain is locked, and nobody unlocked it', 'Unlock it and try again; nothing was changed');
  await person.goesTo(words.dismiss);
  await person.presses('Enter');
  await person.doesNotSee('The keychain is locked, and nobody unlocked it');
  await person.isAt(/^Open console as AWSEC2FULLACCESS/);
});
