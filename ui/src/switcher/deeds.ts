// What a key does to the present row: which keys there are for it, and what each asks for.
import type { Access } from '../generated/Access';
import type { RoleView } from '../generated/RoleView';
import type { SessionView } from '../generated/SessionView';
import type { WindowIntent } from '../generated/WindowIntent';
import { words } from '../words';
import type { Row, Step } from './finding.svelte';
import type { Key } from './keys';

/** The keys to show at the foot, in the order of their use. */
export function keysFor(row: Row | undefined, step: Step, session: SessionView | undefined): Key[] {
  const { keys } = words.switcher;
  const away = step.kind === 'roles' ? keys.leave : keys.back;
  switch (row?.kind) {
    case 'role': {
      const { role } = row.found;
      const favourite = role.favourite ? keys.notFavourite : keys.favourite;
      return [keys.open, keys.copy, keys.formats, otherAccess(role), keys.where, ...(session ? [keys.end] : []), favourite, away];
    }
    case 'account':
      return [keys.choose, away];
    case 'page':
      return [keys.go, ...(step.kind === 'pages' ? [otherAccess(step.role)] : []), away];
    case 'format':
      return [keys.copyAs, away];
    case undefined:
      return [away];
  }
}

/** What Alt R opens: as much of the role as Enter does not. */
function otherAccess(role: RoleView): Key {
  return role.read_only ? words.switcher.keys.full : words.switcher.keys.readOnly;
}

/** Opening the console as a role, at a page or its own, with as much of the role as the key says. */
export function opening(role: RoleView, destination: string | null | undefined, other: boolean): WindowIntent {
  const access: Access = role.read_only ? 'full' : 'read-only';
  return { intent: 'open-console', role: role.name, destination: destination ?? null, ...(other ? { access } : {}) };
}
