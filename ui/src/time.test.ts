// @vitest-environment node
import { expect, test } from 'vitest';
import { isEnding, timeLeft, timeOfDay } from './time';

const NOW = Date.parse('2026-03-02T16:57:30Z');

test.each([
  ['2026-03-02T17:40:00Z', '42 min'],
  ['2026-03-02T18:02:30Z', '1 h 05 min'],
  ['2026-03-03T04:57:30Z', '12 h 00 min'],
  ['2026-03-02T16:58:30Z', '1 min'],
  ['2026-03-02T16:58:29Z', 'under 1 min'],
  ['2026-03-02T16:57:30Z', 'ended'],
])('until %s there is %s', (until, expected) => {
  expect(timeLeft(until, NOW)).toBe(expected);
});

test('a time of another day says which', () => {
  expect(timeOfDay('2026-03-02T17:40:00Z', NOW)).toBe('17:40');
  expect(timeOfDay('2026-03-03T02:10:00Z', NOW)).toBe('3 Mar 02:10');
});

test('the last ten minutes are said with more weight', () => {
  expect(isEnding('2026-03-02T17:07:29Z', NOW)).toBe(true);
  expect(isEnding('2026-03-02T17:07:30Z', NOW)).toBe(false);
});
