// @vitest-environment node
import { expect, test } from 'vitest';
import { colourClass, grouped } from './account';

test('the digits of an account stand in three groups', () => {
  expect(grouped('111122223333')).toBe('1111 2222 3333');
});

test('an account keeps its colour, and neighbouring ids spread over all eight', () => {
  expect(colourClass('111122223333')).toBe(colourClass('111122223333'));
  const colours = new Set(Array.from({ length: 64 }, (_, index) => colourClass(String(111122220000 + index))));
  expect(colours.size).toBe(8);
});
