// The manager's sessions by keyboard alone: renewed, copied, ended, one or all.
import { words } from '../../src/words';
import { test, type Person } from './person';

const { actions, sessions } = words;
const PAGE = /^button Go to page as AWSEC2FULLACCESS/;

async function opens(person: Person, example?: string): Promise<void> {
  await person.opens('manager', example);
  await person.presses('Control+3');
  await person.sees(words.panes.sessions);
}

test('shows since when and until when each is live, and opens its console by Enter', async ({ person }) => {
  await opens(person);
  await person.isAt(/^Go to page as AWSEC2FULLACCESS in acme-dev/);
  await person.sees('42 min left', '7 min left', sessions.noConsole);
  await person.presses('ArrowDown');
  await person.isAt(/Open console as ReadOnly in acme-prod, PRODUCTION/);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'open-page', session: 's-ReadOnly' });
});

test('a letter does to the present one what its button does', async ({ person }) => {
  await opens(person);
  await person.presses('n');
  await person.hasAsked({ intent: 'renew-session', role: 'AWSEC2FULLACCESS' });
  await person.sees(/(59 min|1 h \d+ min) left/);
  await person.presses('c');
  await person.hasAsked({ intent: 'copy-credentials', role: 'AWSEC2FULLACCESS' });
  await person.sees(/the clipboard is cleared at/i);
  await person.presses('u');
  await person.hasAsked({ intent: 'copy-signin-url', session: 's-AWSEC2FULLACCESS' });
});

test('one that ends takes its row along, and the focus goes to the next', async ({ person }) => {
  await opens(person);
  await person.presses('e');
  await person.hasAsked({ intent: 'end-session', session: 's-AWSEC2FULLACCESS' });
  await person.sees(/copies stay valid until/i, sessions.count(1));
  await person.isAt(/Open console as ReadOnly/);
  await person.goesTo(/^button End ReadOnly/);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'end-session', session: 's-ReadOnly' });
  await person.sees(sessions.empty);
  await person.isAt(sessions.toRoles);
  await person.presses('Enter');
  await person.isAt(/Open console as/);
});

test('all end at once, when that was meant', async ({ person }) => {
  await opens(person);
  await person.goesTo(sessions.endAll, 'Shift+Tab');
  await person.presses('Enter');
  await person.sees(sessions.endAllAsk(2));
  await person.isAt(words.cancel);
  await person.presses('Escape');
  await person.isAt(sessions.endAll);
  await person.hasAsked();
  await person.presses('Enter');
  await person.goesTo(sessions.endAll, 'Shift+Tab');
  await person.presses('Enter');
  await person.hasAsked({ intent: 'end-all-sessions' });
  await person.sees(sessions.empty);
});

test('what cannot be renewed says so at its row, until it is dismissed', async ({ person }) => {
  await opens(person);
  await person.behind((fake) => fake.failNext({ code: 'access-denied', message: 'AWS refused', hint: 'ask for it' }));
  await person.presses('n');
  await person.hasAsked({ intent: 'renew-session' });
  await person.sees('AWS refused', 'Ask for it');
  await person.goesTo(PAGE);
  await person.goesTo(words.dismiss);
  await person.presses('Enter');
  await person.doesNotSee('AWS refused');
});

test('what is under way says so, and is asked once', async ({ person }) => {
  await opens(person);
  await person.behind((fake) => Object.assign(window, { release: fake.hold() }));
  await person.presses('n', 'n');
  await person.sees(actions.renewSession.doing);
  await person.hasAsked({ intent: 'renew-session' });
  await person.behind(() => (window as unknown as { release(): void }).release());
  await person.doesNotSee(actions.renewSession.doing);
});
