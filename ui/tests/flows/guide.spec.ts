// The setup guide by keyboard alone: from nothing to the open console and back, each form of the role to copy, and what goes wrong.
import type { WrittenPart } from '../../src/generated/WrittenPart';
import { words } from '../../src/words';
import { expect, test, type Person } from './person';

const { guide } = words;
const SECRET = 'SIMULATED/ada/not+a+real+secret/22222222';

/** Step 1, from an empty catalog. */
async function tellsWho(person: Person): Promise<void> {
  await person.goesTo(guide.source.name);
  await person.types('work');
  await person.goesTo(guide.source.id);
  await person.types('AKIASIMULATEDADA2222');
  await person.goesTo(guide.source.secret);
  await person.types(SECRET);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'add-source', name: 'work', key: { kind: 'access-key', id: 'AKIASIMULATEDADA2222', secret: SECRET } });
  await person.sees(guide.source.user, 'arn:aws:iam::111122223333:user/ada');
  await person.isAt(guide.goOn);
}

/** Step 2. */
async function tellsWhat(person: Person): Promise<void> {
  await person.presses('Enter');
  await person.isAt(guide.steps.role);
  await person.goesTo(guide.role.name);
  await person.types('Fresh');
  await person.goesTo(guide.role.policy);
  await person.types('AmazonEC2FullAccess');
  await person.sees('everything in EC2');
  await person.goesTo(guide.goOn);
  await person.presses('Enter');
  await person.isAt(guide.steps.make);
}

test('leads from nothing to the open console, and back out of it', async ({ person }) => {
  await person.opens('guide', 'empty');
  await tellsWho(person);
  expect(await person.page.content()).not.toContain(SECRET);
  await tellsWhat(person);
  await person.goesTo(/^tab AWS CLI/);
  await person.presses('End');
  await person.isAt(guide.make.guise);
  await person.sees('iam:CreateRole', 'iam:AttachRolePolicy', 'arn:aws:iam::aws:policy/AmazonEC2FullAccess');
  await person.goesTo(guide.make.create);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'make-role' });
  await person.sees('is in IAM');
  await person.isAt(guide.make.goOn);
  await person.presses('Enter');
  await person.isAt(guide.steps.try);
  await person.goesTo(/^button Try it/);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'try-role' });
  await person.sees(/It works:/);
  await person.isAt(guide.goOn);
  await person.presses('Enter');
  await person.isAt(guide.steps.open);
  await person.goesTo(guide.open.do('ec2'));
  await person.presses('Enter');
  await person.hasAsked({ intent: 'open-console', role: 'Fresh' });
  await person.goesTo(guide.open.switchBack);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'end-session', session: 's-Fresh' });
  await person.isAt(guide.open.do('ec2'));
  await person.goesTo(guide.copyOf(guide.open.linkName));
  await person.presses('Enter');
  await person.hasAsked({ intent: 'copy-written', part: 'switch-role' });
  await person.goesTo(guide.open.finish);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'show-window', window: 'manager' });
});

test('goes back to any step that was open, and forth again, with what was typed', async ({ person }) => {
  await person.opens('guide', 'empty');
  await person.presses('Control+3');
  await person.sees(guide.stepOf(1));
  await tellsWho(person);
  await tellsWhat(person);
  await person.presses('Control+1');
  await person.isAt(guide.steps.source);
  await person.presses('Control+2');
  await person.isAt(guide.steps.role);
  await person.goesTo(guide.role.name);
  await expect(person.page.getByLabel(guide.role.name)).toHaveValue('Fresh');
  await person.goesTo(/^button Make it/, 'Shift+Tab');
  await person.presses('Enter');
  await person.isAt(guide.steps.make);
});

test('gives each form of the role to copy', async ({ person }) => {
  await person.opens('guide', 'empty');
  await tellsWho(person);
  await tellsWhat(person);
  const copies = async (what: string, part: WrittenPart): Promise<void> => {
    await person.goesTo(guide.copyOf(what));
    await person.presses('Enter');
    await person.hasAsked({ intent: 'copy-written', part });
    await person.sees('Copied');
  };
  await copies(guide.make.trustName, 'trust-policy');
  await person.goesTo(/^tab AWS CLI/);
  await copies(guide.make.cli, 'cli');
  for (const part of ['cloudformation', 'terraform', 'iam-page'] as const) {
    await person.goesTo(/^tab /, 'Shift+Tab');
    await person.presses('ArrowRight');
    await person.isAt(guide.make[part]);
    await copies(guide.make[part], part);
  }
  await person.goesTo(guide.make.openIam, 'Shift+Tab');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'open-iam-page' });
});

test('a role in another account wants the caller’s part too, to copy as well', async ({ person }) => {
  await person.opens('guide', 'empty');
  await tellsWho(person);
  await person.presses('Enter');
  await person.goesTo(guide.role.name);
  await person.types('Fresh');
  await person.goesTo(guide.role.account);
  await person.types('44445555');
  await person.sees(/is not an account id/);
  await person.types('6666');
  await person.doesNotSee(/is not an account id/);
  await person.presses('Enter');
  await person.isAt(guide.steps.make);
  await person.goesTo(guide.copyOf(guide.make.callersName));
  await person.presses('Enter');
  await person.hasAsked({ intent: 'copy-written', part: 'callers-cli' });
});

test('a key that AWS does not take is said, and asked for again', async ({ person }) => {
  await person.opens('guide', 'empty');
  await person.goesTo(guide.source.name);
  await person.types('work');
  await person.goesTo(guide.source.secret);
  await person.types('wrong');
  await person.behind((fake) => fake.failNext({ code: 'wrong-secret', message: 'AWS knows the key, but not with this secret', hint: 'enter both again' }, 'add-source'));
  await person.presses('Enter');
  await person.hasAsked({ intent: 'add-source' });
  await person.sees('AWS knows the key, but not with this secret', 'Enter both again');
  await person.isAt(guide.source.secret);
  await person.writes(SECRET);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'add-source', key: { kind: 'access-key', id: '', secret: SECRET } });
  await person.isAt(guide.goOn);
});

test('a profile is a source as well', async ({ person }) => {
  await person.opens('guide', 'empty');
  await person.goesTo(guide.source.ways['access-key']);
  await person.presses('ArrowDown');
  await person.goesTo(guide.source.name);
  await person.types('sso');
  await person.goesTo(guide.source.profile);
  await person.types('acme-sso');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'add-source', name: 'sso', key: { kind: 'profile', name: 'acme-sso' } });
  await person.isAt(guide.goOn);
});

test('what is not whole leads to the field that is wrong', async ({ person }) => {
  await person.opens('guide');
  await person.goesTo(guide.goOn);
  await person.presses('Enter');
  await person.goesTo(guide.goOn);
  await person.presses('Enter');
  await person.isAt(guide.role.name);
  await person.sees(/the role needs a name/i);
  await person.types('Fresh');
  await person.goesTo(guide.role.mfa);
  await person.presses('Space');
  await person.presses('Enter');
  await person.isAt(guide.role.device);
  await person.types('arn:aws:iam::111122223333:mfa/ada');
  await person.presses('Enter');
  await person.isAt(guide.steps.make);
  await person.sees(/whoever has the key alone is kept out/);
});

test('what AWS refuses leads back to the step that is missing, and is tried again', async ({ person }) => {
  await person.opens('guide', 'empty');
  await tellsWho(person);
  await tellsWhat(person);
  await person.presses('Control+4');
  await person.goesTo(/^button Try it/);
  await person.behind((fake) => fake.failNext({ code: 'access-denied', message: 'AWS refused to let `work` assume `Fresh`', hint: 'the role’s trust policy must name ada' }, 'try-role'));
  await person.presses('Enter');
  await person.hasAsked({ intent: 'try-role' });
  await person.sees(/AWS refused to let/, /Most likely missing/);
  await person.isAt(guide.try.again);
  await person.goesTo(guide.try.goTo(3, guide.steps.make));
  await person.presses('Enter');
  await person.isAt(guide.steps.make);
  await person.presses('Control+4');
  await person.goesTo(/^button Try (it|again)/);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'try-role' });
  await person.sees(/It works:/);
});

test('a role that is half made is finished, or taken out again', async ({ person }) => {
  await person.opens('guide', 'empty');
  await person.behind((fake) => void (fake.guide.halfway = true));
  await tellsWho(person);
  await tellsWhat(person);
  await person.goesTo(/^tab AWS CLI/);
  await person.presses('End');
  await person.goesTo(guide.make.create);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'make-role' });
  await person.sees('IAM knows no such policy');
  await person.isAt(guide.make.finish);
  await person.goesTo(guide.make.takeOut);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'unmake-role' });
  await person.isAt(guide.make.create);
});
