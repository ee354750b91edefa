// What stands in the list of roles: which, in which order, under which heads. Made for 10,000 of them.
import { grouped } from '../../account';
import type { AccountView } from '../../generated/AccountView';
import type { RoleView } from '../../generated/RoleView';

export const groupings = ['account', 'source', 'environment', 'favourites', 'none'] as const;
export type Grouping = (typeof groupings)[number];

export const sortings = ['name', 'account', 'source', 'region', 'session'] as const;
export type Sorting = (typeof sortings)[number];
export type Direction = 'ascending' | 'descending';

export type Group = { key: string; kind: Grouping; label: string; account?: AccountView; count: number };
export type Item = { kind: 'group'; key: string; group: Group } | { kind: 'role'; key: string; role: RoleView };

export type Wanted = { words: string; grouping: Grouping; sorting: Sorting; direction: Direction };
/** What the order depends on beside the roles: the person's order of favourites, and who is live. */
export type Standing = { favourites: string[]; live: (role: string) => number };

const compare = new Intl.Collator('en', { numeric: true }).compare;

export class Listing {
  #roles: RoleView[] = [];
  #byName: RoleView[] = [];
  /** Where each role by name stands in the list as it comes: the costly part, made anew only when there are other names. */
  #order: number[] = [];
  #texts = new WeakMap<RoleView, string>();

  /** The list's items from top to bottom. */
  items(roles: RoleView[], { words, grouping, sorting, direction }: Wanted, standing: Standing): Item[] {
    const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
    const named = this.#named(roles);
    const found = parts.length === 0 ? named : named.filter((role) => parts.every((part) => this.#text(role).includes(part)));
    const sorted = inOrder(found, sorting, direction, standing);
    return grouping === 'none' ? sorted.map(item) : underHeads(sorted, grouping, sorting, standing);
  }

  #named(roles: RoleView[]): RoleView[] {
    if (roles === this.#roles) return this.#byName;
    const same = roles.length === this.#roles.length && roles.every((role, index) => role.name === this.#roles[index]?.name);
    if (!same) this.#order = roles.map((_, index) => index).sort((a, b) => compare(roles[a]?.name ?? '', roles[b]?.name ?? ''));
    this.#byName = this.#order.map((index) => roles[index] as RoleView);
    this.#roles = roles;
    return this.#byName;
  }

  #text(role: RoleView): string {
    const known = this.#texts.get(role);
    if (known !== undefined) return known;
    const text = searched(role);
    this.#texts.set(role, text);
    return text;
  }
}

/** What stays the same is the same item. */
const known = new WeakMap<RoleView, Item>();

function item(role: RoleView): Item {
  let made = known.get(role);
  if (!made) known.set(role, (made = { kind: 'role', key: role.name, role }));
  return made;
}

/** Roles come by name; what is equal otherwise stays so. */
function inOrder(roles: RoleView[], sorting: Sorting, direction: Direction, { live }: Standing): RoleView[] {
  const turned = direction === 'descending' ? -1 : 1;
  if (sorting === 'name') return turned > 0 ? roles : [...roles].reverse();
  // Those that end last come first: what is live is what one looks for.
  if (sorting === 'session') return [...roles].sort((a, b) => turned * (live(b.name) - live(a.name)));
  const places = ranks(roles.map((role) => field(role, sorting)));
  return [...roles].sort((a, b) => turned * ((places.get(field(a, sorting)) ?? 0) - (places.get(field(b, sorting)) ?? 0)));
}

/** Few texts stand in many roles: each is compared once. */
function ranks(texts: string[]): Map<string, number> {
  return new Map([...new Set(texts)].sort(compare).map((text, place) => [text, place]));
}

function field(role: RoleView, sorting: Exclude<Sorting, 'name' | 'session'>): string {
  return sorting === 'account' ? role.account.name : role[sorting];
}

function underHeads(roles: RoleView[], grouping: Grouping, sorting: Sorting, { favourites }: Standing): Item[] {
  const groups = new Map<string, { group: Group; roles: RoleView[] }>();
  for (const role of roles) {
    const key = headOf(role, grouping);
    let under = groups.get(key);
    if (!under) {
      const account = grouping === 'account' ? { account: role.account } : {};
      under = { group: { key, kind: grouping, label: grouping === 'account' ? role.account.name : key, ...account, count: 0 }, roles: [] };
      groups.set(key, under);
    }
    under.roles.push(role);
    under.group.count += 1;
  }
  const places = new Map(favourites.map((name, place) => [name, place]));
  const place = (role: RoleView): number => places.get(role.name) ?? favourites.length;
  const heads = [...groups.values()].sort((a, b) => compareHeads(a.group, b.group));
  return heads.flatMap(({ group, roles }) => {
    // In their own group the person's order counts; elsewhere favourites come first where nothing else was asked for.
    if (grouping === 'favourites' && group.key === 'favourites') roles.sort((a, b) => place(a) - place(b));
    else if (sorting === 'name' && roles.some((role) => role.favourite)) roles.sort((a, b) => Number(b.favourite) - Number(a.favourite));
    const head: Item = { kind: 'group', key: `${grouping} ${group.key}`, group };
    return [head, ...roles.map(item)];
  });
}

function headOf(role: RoleView, grouping: Grouping): string {
  switch (grouping) {
    case 'account':
      return role.account.id;
    case 'source':
      return role.source;
    case 'environment':
      return role.account.environment ?? (role.production ? 'production' : '');
    case 'favourites':
      return role.favourite ? 'favourites' : 'others';
    case 'none':
      return '';
  }
}

function compareHeads(a: Group, b: Group): number {
  // What has no environment comes last.
  if ((a.label === '') !== (b.label === '')) return a.label === '' ? 1 : -1;
  return compare(a.label, b.label);
}

function searched(role: RoleView): string {
  const { account } = role;
  const danger = role.production ? 'production' : '';
  const texts = [role.name, account.name, account.id, grouped(account.id), account.environment ?? '', danger, role.source, role.via ?? '', role.region, role.destination];
  return texts.join('\n').toLowerCase();
}

/** A list with one of its own moved by so many places, as far as there are any. */
export function moved(list: string[], one: string, by: number): string[] {
  const from = list.indexOf(one);
  const to = Math.min(Math.max(from + by, 0), list.length - 1);
  if (from < 0 || to === from) return list;
  const others = list.filter((each) => each !== one);
  return [...others.slice(0, to), one, ...others.slice(to)];
}
