// The switcher by keyboard alone: from a few letters, or something pasted, to whatever can be done with a role.
import { words } from '../../src/words';
import { expect, test, type Person } from './person';

const { switcher } = words;

/** The row that is meant, in the words of a screen reader. */
async function isMeant(person: Person, role: string): Promise<void> {
  await expect(person.page.locator('[aria-selected="true"]')).toHaveAttribute('aria-label', new RegExp(`^${role}\\b`));
}

test.beforeEach(async ({ person }) => {
  await person.opens('switcher');
  await person.isAt(switcher.find);
});

test('a few letters and Enter open the console, and the window goes', async ({ person }) => {
  await person.types('ec2 prod');
  await isMeant(person, 'EC2Ops');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'open-console', role: 'EC2Ops', destination: null }, { intent: 'leave' });
  await expect(person.page.getByRole('combobox')).toHaveValue('');
});

test('arrows choose another row, and go round at the ends', async ({ person }) => {
  await person.presses('ArrowDown', 'ArrowDown');
  await isMeant(person, 'Admin');
  await person.presses('ArrowUp', 'ArrowUp', 'ArrowUp');
  await isMeant(person, 'logs');
  await person.presses('PageUp');
  await isMeant(person, 'AWSEC2FULLACCESS');
});

test('Alt C copies credentials, and says until when they lie about', async ({ person }) => {
  await person.types('logs');
  await person.presses('Alt+c');
  await person.hasAsked({ intent: 'copy-credentials', role: 'logs' });
  await person.sees(/the clipboard is cleared at/);
  await person.isAt(switcher.find);
});

test('Alt F copies them as another shell reads them', async ({ person }) => {
  await person.types('logs');
  await person.presses('Alt+f');
  await person.isAt(switcher.findFormat);
  await person.sees('PowerShell', 'export …');
  await person.types('power');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'copy-credentials', role: 'logs', format: 'powershell' });
  await person.isAt(switcher.find);
});

test('Alt R opens as much of a role as Enter does not', async ({ person }) => {
  await person.types('logs');
  await person.presses('Alt+r');
  await person.hasAsked({ intent: 'open-console', role: 'logs', access: 'read-only' }, { intent: 'leave' });
  await person.types('admin');
  await person.sees(switcher.keys.full.does);
  await person.presses('Alt+r');
  await person.hasAsked({ intent: 'open-console', role: 'Admin', access: 'full' }, { intent: 'leave' });
});

test('Right goes on to where: a service by its name', async ({ person }) => {
  await person.types('logs');
  await person.presses('ArrowRight');
  await person.isAt(switcher.findPage);
  await person.types('queue');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'open-console', role: 'logs', destination: 'sqs' }, { intent: 'leave' });
});

test('where: a page of before, and read-only there', async ({ person }) => {
  await person.behind((fake) => fake.show({ recent_pages: ['/cloudwatch/home#logs'] }));
  await person.types('logs');
  await person.presses('ArrowRight');
  await person.sees('/cloudwatch/home#logs', switcher.origins.recent);
  await person.presses('Alt+r');
  await person.hasAsked({ intent: 'open-console', role: 'logs', destination: '/cloudwatch/home#logs', access: 'read-only' }, { intent: 'leave' });
});

test('where: a path that was pasted; what is none is refused, and Escape goes back', async ({ person }) => {
  await person.types('logs');
  await person.presses('ArrowRight');
  await person.types('no such page');
  await person.sees(/is not a page of the console/);
  await person.presses('Enter');
  await person.hasAsked();
  await person.presses('Escape');
  await person.isAt(switcher.find);
  await expect(person.page.getByRole('combobox')).toHaveValue('logs');
  await person.presses('ArrowRight');
  await person.pastes('/athena/home?region=eu-west-1');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'open-console', role: 'logs', destination: '/athena/home?region=eu-west-1' }, { intent: 'leave' });
});

test('Alt E ends the session of a role that has one, and is not offered where there is none', async ({ person }) => {
  await person.types('ReadOnly');
  await person.sees(/7 min/, switcher.keys.end.does);
  await person.presses('Alt+e');
  await person.hasAsked({ intent: 'end-session', session: 's-ReadOnly' });
  await person.sees(/copies stay valid until/);
  await expect(person.page.getByRole('button', { name: switcher.keys.end.does })).toHaveCount(0);
  await person.presses('Alt+e');
  await person.hasAsked();
});

test('Alt S makes a favourite, and no favourite again', async ({ person }) => {
  await person.types('logs');
  await person.presses('Alt+s');
  await person.hasAsked({ intent: 'set-favourite', role: 'logs', favourite: true });
  await person.sees('★', switcher.keys.notFavourite.does);
  await person.presses('Alt+s');
  await person.hasAsked({ intent: 'set-favourite', role: 'logs', favourite: false });
});

test('a console link that is pasted opens that page as the role that is chosen for it', async ({ person }) => {
  const link = 'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:';
  await person.pastes(link);
  await person.sees(switcher.whichAccount, switcher.chip.page);
  await person.types('prod');
  await person.presses('Enter');
  await isMeant(person, 'Admin');
  await person.types('ops');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'open-console', role: 'EC2Ops', destination: link }, { intent: 'leave' });
});

test('what was pasted is taken away by Backspace, the account that was chosen for it first', async ({ person }) => {
  await person.pastes('https://eu-west-1.console.aws.amazon.com/ec2/home');
  await person.presses('Enter');
  await isMeant(person, 'AWSEC2FULLACCESS');
  await person.presses('Backspace');
  await person.sees(switcher.whichAccount);
  await person.presses('Backspace');
  await expect(person.page.locator('#beside')).toHaveCount(0);
  await isMeant(person, 'AWSEC2FULLACCESS');
});

test('an ARN that is pasted shows the roles of its account, and its cross is reached by Tab', async ({ person }) => {
  const arn = 'arn:aws:sqs:eu-west-1:111122223333:orders';
  await person.pastes(arn);
  await person.sees(switcher.chip.resource, 'acme-dev · 1111 2222 3333');
  await expect(person.page.getByRole('option')).toHaveCount(3);
  await person.goesTo(switcher.chip.remove(switcher.chip.resource), 'Shift+Tab');
  await person.presses('Enter');
  await person.isAt(switcher.find);
  await expect(person.page.getByRole('option')).toHaveCount(7);
});

test('a switch-role link that is pasted shows the role that it is for', async ({ person }) => {
  await person.pastes('https://signin.aws.amazon.com/switchrole?account=444455556666&roleName=EC2Ops&displayName=ops');
  await person.sees(switcher.chip.role);
  await isMeant(person, 'EC2Ops');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'open-console', role: 'EC2Ops' }, { intent: 'leave' });
});

test('an account id that is pasted shows the roles of that account', async ({ person }) => {
  await person.pastes('7777-8888-9999');
  await isMeant(person, 'Billing');
  await expect(person.page.getByRole('option')).toHaveCount(1);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'open-console', role: 'Billing' }, { intent: 'leave' });
});

test('a link of an account that nobody has a role in leads to the manager', async ({ person }) => {
  await person.pastes('arn:aws:sqs:eu-west-1:999999999999:orders');
  await person.sees(switcher.none.inAccount('9999 9999 9999'));
  await person.goesTo(switcher.none.manage);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'show-window', window: 'manager' }, { intent: 'leave' });
});

test('Escape closes, whatever was typed', async ({ person }) => {
  await person.types('nothing like it');
  await person.sees(/No role matches/);
  await person.presses('Escape');
  await person.hasAsked({ intent: 'leave' });
  await expect(person.page.getByRole('combobox')).toHaveValue('');
});

test('every key at the foot is a button that Tab reaches', async ({ person }) => {
  await person.types('logs');
  await person.goesTo(switcher.keys.copy.does);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'copy-credentials', role: 'logs' });
  await person.isAt(switcher.find);
});

test('what is refused is said at the row, and stays until something else is asked', async ({ person }) => {
  await person.behind((fake) => fake.failNext({ code: 'access-denied', message: 'AWS refused to let `ada` assume `logs`', hint: 'ask for it' }));
  await person.types('logs');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'open-console', role: 'logs' });
  await person.sees(/AWS refused to let/, 'Ask for it');
  await person.isAt(switcher.find);
});

test('with no role yet, Enter opens the setup guide', async ({ person }) => {
  await person.opens('switcher', 'empty');
  await person.sees(switcher.empty.title);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'show-window', window: 'guide' }, { intent: 'leave' });
});
