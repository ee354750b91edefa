// Which roles are shown, and under which account.
import type { AccountView } from './generated/AccountView';
import type { RoleView } from './generated/RoleView';
import { grouped } from './account';

export type AccountRoles = { account: AccountView; roles: RoleView[] };

/** The roles in which every word of `wanted` stands somewhere: name, account, source, region or page. */
export function matching(roles: RoleView[], wanted: string): RoleView[] {
  const parts = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return roles;
  return roles.filter((role) => {
    const text = searched(role);
    return parts.every((part) => text.includes(part));
  });
}

/** Roles under their accounts: accounts by name, and favourites first in each. */
export function byAccount(roles: RoleView[]): AccountRoles[] {
  const groups = new Map<string, AccountRoles>();
  for (const role of roles) {
    const group = groups.get(role.account.id) ?? { account: role.account, roles: [] };
    group.roles.push(role);
    groups.set(role.account.id, group);
  }
  const order = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
  for (const group of groups.values()) {
    group.roles.sort((a, b) => Number(b.favourite) - Number(a.favourite) || order(a.name, b.name));
  }
  return [...groups.values()].sort((a, b) => order(a.account.name, b.account.name));
}

function searched(role: RoleView): string {
  const { account } = role;
  const danger = account.production ? 'production' : '';
  return [role.name, account.name, account.id, grouped(account.id), danger, role.source, role.region, role.destination]
    .join('\n')
    .toLowerCase();
}
