// Sentences as they are shown.
import { cleanup, render } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import Sentence from './Sentence.svelte';

afterEach(cleanup);

test.each([
  ['the role is gone', 'The role is gone'],
  ['arn:aws:iam::111122223333:user/grace needs a policy', 'arn:aws:iam::111122223333:user/grace needs a policy'],
  ['sts.us-east-1.amazonaws.com was not found', 'sts.us-east-1.amazonaws.com was not found'],
  ['guise role list shows them', 'guise role list shows them'],
  ['wait, and try again', 'Wait, and try again'],
  ['removed `ec2`', 'Removed <code>ec2</code>'],
  ['removed `we`ird `name``', 'Removed <code>we`ird `name`</code>'],
  ['`a` and (`b`), `c d`: `e`', '<code>a</code> and (<code>b</code>), <code>c d</code>: <code>e</code>'],
])('%s', (text, shown) => {
  const { container } = render(Sentence, { text });
  expect(container.innerHTML.replaceAll(/<!--.*?-->/g, '')).toBe(shown);
});
