// A snapshot and what has changed since, made into the snapshot that is now. Roles to which nothing happened stay the same objects.
import type { RoleView } from './generated/RoleView';
import type { Snapshot } from './generated/Snapshot';
import type { SnapshotChange } from './generated/SnapshotChange';

export function changed(before: Snapshot, change: SnapshotChange): Snapshot {
  return { ...change.rest, roles: rolesAfter(before.roles, change) };
}

/** Both lists are sorted by the same rule, so a role that is new goes before the first that is behind it there. */
function rolesAfter(before: RoleView[], { roles, gone }: SnapshotChange): RoleView[] {
  const left = gone.length === 0 ? before : without(before, new Set(gone));
  if (roles.length === 0) return left;
  const now = new Map(roles.map((role) => [role.name, role]));
  const kept = left.map((role) => {
    const other = now.get(role.name);
    if (other) now.delete(role.name);
    return other ?? role;
  });
  return now.size === 0 ? kept : [...kept, ...now.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function without(roles: RoleView[], gone: Set<string>): RoleView[] {
  return roles.filter((role) => !gone.has(role.name));
}
