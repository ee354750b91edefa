// The manager's import and export by keyboard alone: found, chosen, brought in, pasted, taken from a file, and given away.
import { words } from '../../src/words';
import { expect, test } from './person';

const { bringing } = words;

test.beforeEach(async ({ person }) => {
  await person.opens('manager');
  await person.presses('Control+6');
  await person.hasAsked({ intent: 'look-for-import' });
  await person.sees(bringing.foundHere, 'Deploy', bringing.state.differs);
  await person.isAt(bringing.here);
});

test('what is chosen is brought in, and what came of it is told', async ({ person }) => {
  await person.goesTo(/^checkbox Deploy/);
  await person.presses('Space');
  await person.goesTo(/^checkbox Audit/);
  await person.presses('Space');
  await person.sees(bringing.bring(2));
  await person.presses('Control+Enter');
  await person.hasAsked({ intent: 'import', chosen: ['role Deploy', 'role Audit'], replace: false }, { intent: 'look-for-import', again: true });
  await person.sees(bringing.done, 'Added');
  await person.isAt(bringing.done);
  await person.presses('Control+1');
  await person.sees('Audit', 'Deploy');
});

test('a whole group is chosen at once, and what cannot be is not', async ({ person }) => {
  await person.goesTo(bringing.choose('role'));
  await person.presses('Enter');
  await person.sees(bringing.bring(2));
  await person.goesTo(/^checkbox legacy/);
  await person.presses('Space');
  await person.sees(bringing.bring(2));
  await person.goesTo(bringing.bring(2));
  await person.presses('Enter');
  await person.hasAsked({ intent: 'import', chosen: ['role Deploy', 'role Audit'] }, { intent: 'look-for-import' });
});

test('what differs is shown field by field, and changed only where that is said', async ({ person }) => {
  await person.sees('− eu-west-1', '+ us-east-1');
  await person.goesTo(/^checkbox AWSEC2FULLACCESS/);
  await person.presses('Space', 'Control+Enter');
  await person.hasAsked({ intent: 'import', chosen: ['role AWSEC2FULLACCESS'], replace: false }, { intent: 'look-for-import' });
  await person.sees(bringing.left, /is here and differs, so it stays as it is/);
  await person.goesTo(/^checkbox AWSEC2FULLACCESS/);
  await person.presses('Space');
  await person.goesTo(bringing.replace);
  await person.presses('Space', 'Control+Enter');
  await person.hasAsked({ intent: 'import', chosen: ['role AWSEC2FULLACCESS'], replace: true }, { intent: 'look-for-import' });
  await person.sees('Changed');
});

test('a text is pasted, looked in, and gone from its field', async ({ person }) => {
  await person.goesTo(bringing.paste);
  await person.presses('Enter');
  await person.isAt(bringing.pasted);
  await person.presses('Escape');
  await person.isAt(bringing.paste);
  await person.presses('Enter');
  await person.pastes('[profile x]\nrole_arn = arn:aws:iam::111122223333:role/X');
  await person.goesTo(bringing.look);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'look-for-import', text: '[profile x]\nrole_arn = arn:aws:iam::111122223333:role/X' });
  await person.sees(bringing.foundPasted);
  await expect(person.page.locator('#pasted')).toHaveCount(0);
  await person.isAt(bringing.paste);
});

test('a file is chosen, and the catalog given away', async ({ person }) => {
  await person.goesTo(bringing.file);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'look-in-file' });
  await person.sees('config.txt');
  await person.isAt(bringing.file);
  await person.goesTo(bringing.export);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'save-catalog' });
  await person.sees('guise-catalog.toml');
});

test('what takes too long is stopped', async ({ person }) => {
  await person.goesTo(/^checkbox Deploy/);
  await person.presses('Space');
  await person.behind((fake) => void fake.hold());
  await person.presses('Control+Enter');
  await person.hasAsked({ intent: 'import' });
  await person.goesTo(words.stop);
  await person.presses('Enter');
  await person.sees('It was stopped, and nothing was changed');
});
