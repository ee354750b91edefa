// The examples by their names, for pages that no agent is behind.
import type { Backend } from '../backend';
import type { Snapshot } from '../generated/Snapshot';
import { FakeBackend, refusedCode, wrongWord } from './backend';
import { codeAsked, development, empty, keychainAsked, long, many, one, productionAsked, rightToLeft, source, thousands, through, troubled, usual } from './example';

/** The example that the page's address names, for `npm run dev`: `?example=many`, each thing asked taking so long. */
export function exampleBackend(name: string, takes: number): Backend {
  const examples: [string, (now: number) => Snapshot][] = [
    ['empty', empty],
    ['one', one],
    ['many', many],
    ['thousands', thousands],
    ['long', long],
    ['right-to-left', rightToLeft],
    ['troubled', troubled],
    ['code', (now) => ({ ...usual(now), prompts: [codeAsked({ program: 'terraform' })] })],
    ['keychain', (now) => ({ ...usual(now), prompts: [keychainAsked({ program: 'terraform' })] })],
    ['production', (now) => ({ ...usual(now), prompts: [productionAsked()] })],
    ['through', through],
    ['word', (now) => ({ ...usual(now), prompts: [productionAsked('Admin')] })],
    ['again', (now) => ({ ...usual(now), prompts: [codeAsked({ again: refusedCode, program: 'terraform' })] })],
    ['word-again', (now) => ({ ...usual(now), prompts: [productionAsked('Admin', { again: wrongWord })] })],
    ['key-refused', empty],
  ];
  const make = examples.find(([each]) => each === name)?.[1] ?? usual;
  const fake = new FakeBackend(make(Date.now()), { takes });
  guided(fake, name);
  // For whoever sits at the browser's console, and for the tests there.
  return Object.assign(window, { fake }).fake;
}

/** Puts the guide at a step, or before a refusal. */
function guided(fake: FakeBackend, name: string): void {
  const step = (['role', 'make', 'try', 'open'] as const).find((each) => name === `step-${each}`);
  if (step) fake.guide.at(step);
  if (name === 'step-made') fake.guide.at('make', source('work', development));
  if (name === 'step-refused') {
    fake.guide.at('try');
    fake.failNext({ code: 'access-denied', message: 'AWS refused to let `ada` assume `AWSEC2FULLACCESS`', hint: 'the role’s trust policy must name arn:aws:iam::111122223333:user/ada\nguise trust-policy AWSEC2FULLACCESS prints one that does' }, 'try-role');
  }
  if (name === 'key-refused') fake.failNext({ code: 'wrong-secret', message: 'AWS knows the access key, but the secret does not belong to it', hint: 'enter the secret again; IAM shows it only once, so a new key may be needed' }, 'add-source');
}
