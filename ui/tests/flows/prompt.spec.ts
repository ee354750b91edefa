// The window of questions by keyboard alone: a code, a confirmation, and no.
import { words } from '../../src/words';
import { expect, test } from './person';

const { prompt } = words;
const FIELD = prompt.code.field('AWSEC2FULLACCESS');

test.describe('a code', () => {
  test.beforeEach(async ({ person }) => {
    await person.opens('prompt', 'code');
    await person.isAt(FIELD);
    await person.sees('AWSEC2FULLACCESS', 'acme-dev', 'terraform', 'arn:aws:iam::111122223333:mfa/ada');
  });

  test('goes off at the sixth digit, without Enter', async ({ person }) => {
    await person.types('12345');
    await person.hasAsked();
    await person.types('6');
    await person.hasAsked({ intent: 'answer-prompt', answer: '123456' });
    await person.sees(prompt.wait);
  });

  test('is cleaned when it is pasted as a device or a password safe writes it', async ({ person }) => {
    await person.pastes(' 123-456\n');
    await person.hasAsked({ intent: 'answer-prompt', answer: '123456' });
  });

  test('is not sent where it is too long to be one', async ({ person }) => {
    await person.pastes('1234567');
    await person.sees(prompt.code.tooLong);
    await person.presses('Backspace');
    await person.hasAsked({ intent: 'answer-prompt', answer: '123456' });
  });

  test('is asked for again where AWS did not take it, in an empty field', async ({ person }) => {
    await person.types('000000');
    await person.hasAsked({ intent: 'answer-prompt', answer: '000000' });
    await person.sees('AWS did not take the MFA code', /wait for the next one/i);
    await person.isAt(FIELD);
    await expect(person.page.getByRole('textbox')).toHaveValue('');
    await person.types('123456');
    await person.hasAsked({ intent: 'answer-prompt', answer: '123456' });
  });

  test('is refused by Escape, and by the button that Tab reaches', async ({ person }) => {
    await person.types('123');
    await person.presses('Escape');
    await person.hasAsked({ intent: 'dismiss-prompt' });
    await person.opens('prompt', 'code');
    await person.goesTo(prompt.cancel);
    await person.presses('Enter');
    await person.hasAsked({ intent: 'dismiss-prompt' });
  });

  test('leaves the next question a field of its own', async ({ person }) => {
    await person.behind((fake) => {
      let first: never[] = [];
      void fake.watch(({ prompts }) => (first = prompts as never[]));
      fake.show({ prompts: [...first, { ...(first[0] as never as object), id: 9, role: 'logs' } as never] });
    });
    await person.types('1');
    await person.presses('Escape');
    await person.hasAsked({ intent: 'dismiss-prompt' });
    await person.isAt(prompt.code.field('logs'));
    await expect(person.page.getByRole('textbox')).toHaveValue('');
    await person.types('654321');
    await person.hasAsked({ intent: 'answer-prompt', prompt: 9, answer: '654321' });
  });
});

test('the seconds that a code is good for are counted, by everybody’s clock', async ({ person }) => {
  await person.page.clock.install({ time: new Date('2026-03-01T12:00:05Z') });
  await person.opens('prompt', 'code');
  // However long that took.
  await person.page.clock.pauseAt(new Date('2026-03-01T12:00:20Z'));
  await person.sees(prompt.code.next(10));
  await person.page.clock.runFor(5000);
  await person.sees(prompt.code.next(5));
  await person.page.clock.runFor(6000);
  await person.sees(prompt.code.next(29));
});

test.describe('production', () => {
  test('is meant by the button, which has not the focus: what is pressed unread does nothing', async ({ person }) => {
    await person.opens('prompt', 'production');
    await person.sees('PRODUCTION', 'acme-prod (4444 5555 6666)', prompt.production.readOnly, '1 h');
    await person.isAt(prompt.cancel);
    await person.goesTo(prompt.production.confirm, 'Shift+Tab');
    await person.presses('Enter');
    await person.hasAsked({ intent: 'answer-prompt', prompt: 2, answer: '' });
  });

  test('no is one key', async ({ person }) => {
    await person.opens('prompt', 'production');
    await person.presses('Enter');
    await person.hasAsked({ intent: 'dismiss-prompt', prompt: 2 });
    await person.sees(prompt.wait);
  });

  test('is meant by its role’s name, typed whole', async ({ person }) => {
    await person.opens('prompt', 'word');
    await person.isAt(/^To go on, type Admin/);
    await person.presses('Enter');
    await person.hasAsked();
    await person.types('Adm');
    await person.presses('Enter');
    await person.hasAsked({ intent: 'answer-prompt', answer: 'Adm' });
    await person.sees(/That is not the name of the role/);
    await person.isAt(/^To go on, type Admin/);
    await person.types('Admin');
    await person.presses('Enter');
    await person.hasAsked({ intent: 'answer-prompt', answer: 'Admin' });
  });
});

test('a locked keychain is said, and no key but Escape and the button does anything', async ({ person }) => {
  await person.opens('prompt', 'keychain');
  await person.isAt(prompt.keychain.title);
  await person.sees('AWSEC2FULLACCESS', 'acme-dev', 'terraform');
  await person.types('my password');
  await person.presses('Enter');
  await person.hasAsked();
  await person.goesTo(prompt.cancel);
  await person.presses('Enter');
  await person.hasAsked({ intent: 'dismiss-prompt', prompt: 3 });
});

test('an answer that does not arrive is said', async ({ person }) => {
  await person.opens('prompt', 'code');
  await person.behind((fake) => fake.breakDown());
  await person.types('123456');
  await person.hasAsked({ intent: 'answer-prompt' });
  await person.sees(words.failures.noAnswer.message);
});
