// What is under way with a role, in words.
import type { RoleView } from './generated/RoleView';
import { words } from './words';

/** Empty where nothing is. */
export function underWay(role: RoleView): string {
  switch (role.activity.kind) {
    case 'signing-in':
      return words.roles.signingIn;
    case 'asking':
      return words.roles.waitingForYou;
    case 'waiting-for-keychain':
      return words.roles.waitingForKeychain;
    case 'idle':
    case 'failed':
      return '';
  }
}
