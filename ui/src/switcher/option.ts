// What a screen reader says of a row: the letters that were found are marks for the eye, and would be read apart.
import { grouped } from '../account';
import { underWay } from '../activity';
import type { AccountView } from '../generated/AccountView';
import type { Failure } from '../generated/Failure';
import type { RoleView } from '../generated/RoleView';
import type { SessionView } from '../generated/SessionView';
import { timeLeft } from '../time';
import { words } from '../words';
import type { Row } from './finding.svelte';

export function said(row: Row, session: SessionView | undefined, failure: Failure | undefined, now: number): string {
  switch (row.kind) {
    case 'role':
      return saidOfRole(row.found.role, session, failure, now);
    case 'account':
      return [...ofAccount(row.found.account), words.switcher.option.rolesOf(row.found.roles)].join(', ');
    case 'page':
      return [row.found.title, words.switcher.origins[row.found.origin]].filter(Boolean).join(', ');
    case 'format':
      return `${row.format.title}, ${row.format.about}`;
  }
}

function saidOfRole(role: RoleView, session: SessionView | undefined, failure: Failure | undefined, now: number): string {
  const { option } = words.switcher;
  const parts = [role.name, ...ofAccount(role.account)];
  if (role.production) parts.push(option.production);
  if (role.read_only) parts.push(option.readOnly);
  if (role.favourite) parts.push(option.favourite);
  const activity = underWay(role);
  if (activity) parts.push(activity);
  else if (failure) parts.push(option.failed);
  else if (session) parts.push(words.time.left(timeLeft(session.expires, now)));
  return parts.join(', ');
}

function ofAccount(account: AccountView): string[] {
  const digits = grouped(account.id);
  const names = account.name === digits ? [digits] : [account.name, digits];
  return account.environment ? [...names, account.environment] : names;
}
