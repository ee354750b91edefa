// @vitest-environment node
// Which roles are listed, in which order and under which heads, and how long that takes with 10,000.
import { expect, test } from 'vitest';
import { development, payer, production, role } from '../../fake/example';
import { Listing, moved, type Item, type Wanted } from './listing';

const wanted = (more: Partial<Wanted> = {}): Wanted => ({ words: '', grouping: 'none', sorting: 'name', direction: 'ascending', ...more });
const standing = { favourites: ['Billing', 'a'], live: (name: string) => (name === 'role-10' ? -1 : -9) };
const roles = [
  role('Billing', payer, { favourite: true, source: 'billing', region: 'us-east-1' }),
  role('a', development, { favourite: true }),
  role('role-10', production),
  role('role-9', { ...development, environment: 'staging' }),
];
const said = (items: Item[]): string[] => items.map((item) => (item.kind === 'group' ? `[${item.group.label} ${item.group.count}]` : item.role.name));
const items = (more: Partial<Wanted>): string[] => said(new Listing().items(roles, wanted(more), standing));

test('by name as a person counts, and turned around', () => {
  expect(items({})).toEqual(['a', 'Billing', 'role-9', 'role-10']);
  expect(items({ direction: 'descending' })).toEqual(['role-10', 'role-9', 'Billing', 'a']);
});

test('by account, source, region and session, with what is equal by name', () => {
  expect(items({ sorting: 'account' })).toEqual(['a', 'role-9', 'Billing', 'role-10']);
  expect(items({ sorting: 'source' })).toEqual(['Billing', 'a', 'role-9', 'role-10']);
  expect(items({ sorting: 'region', direction: 'descending' })).toEqual(['Billing', 'a', 'role-9', 'role-10']);
  expect(items({ sorting: 'session' })[0]).toBe('role-10');
  expect(items({ sorting: 'session', direction: 'descending' })[0]).toBe('a');
});

test('under heads: accounts, sources, environments, and favourites in the person’s order', () => {
  expect(items({ grouping: 'source' })).toEqual(['[billing 1]', 'Billing', '[work 3]', 'a', 'role-9', 'role-10']);
  expect(items({ grouping: 'environment' })).toEqual(['[production 1]', 'role-10', '[staging 1]', 'role-9', '[ 2]', 'a', 'Billing']);
  expect(items({ grouping: 'favourites' })).toEqual(['[favourites 2]', 'Billing', 'a', '[others 2]', 'role-9', 'role-10']);
});

test('found by every word, by digits in groups, environment and production', () => {
  expect(items({ words: 'us-east bill' })).toEqual(['Billing']);
  expect(items({ words: '4444 5555 production' })).toEqual(['role-10']);
  expect(items({ words: 'staging' })).toEqual(['role-9']);
  expect(items({ words: 'nothing like it' })).toEqual([]);
});

test('a favourite moves among the others, and no further than there are', () => {
  expect(moved(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 'a', 9)).toEqual(['b', 'c', 'a']);
  const list = ['a'];
  expect(moved(list, 'a', 1)).toBe(list);
  expect(moved(list, 'nobody', 1)).toBe(list);
});

test('what happens to one of 10,000 roles is listed anew without ordering them all again', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => role(`role-${(index * 7919) % 10_000}`, index % 2 ? development : production));
  const listing = new Listing();
  const timed = (roles: typeof many): number => {
    const begun = performance.now();
    expect(listing.items(roles, wanted({ grouping: 'account' }), standing)).toHaveLength(10_002);
    return performance.now() - begun;
  };
  const first = timed(many);
  const later = Array.from({ length: 5 }, (_, index) => timed(many.map((each, at) => (at === index ? { ...each, activity: { kind: 'signing-in' as const } } : each))));
  // In proportion, as a machine that builds something else meanwhile is slow at both.
  expect(Math.min(...later)).toBeLessThan(first / 2);
});
