// @vitest-environment node
import { expect, test } from 'vitest';
import { changed } from './changed';
import { development, empty, role } from './fake/example';

const names = (roles: { name: string }[]): string[] => roles.map((each) => each.name);

test('a change makes of a snapshot the one that is now, and leaves alone what stays', () => {
  const before = { ...empty(), roles: ['a', 'b', 'd'].map((name) => role(name, development)) };
  const favourite = role('b', development, { favourite: true });
  const after = changed(before, { rest: { ...empty(), status: 'live' }, roles: [favourite, role('c', development)], gone: ['a'] });
  expect(after.status).toBe('live');
  expect(names(after.roles)).toEqual(['b', 'c', 'd']);
  expect(after.roles[0]).toBe(favourite);
  expect(after.roles[2]).toBe(before.roles[2]);
});

test('where nothing happened to roles, they are the same list', () => {
  const before = { ...empty(), roles: [role('a', development)] };
  expect(changed(before, { rest: empty(), roles: [], gone: [] }).roles).toBe(before.roles);
});
