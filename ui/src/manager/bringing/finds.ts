// What was found, in groups, and which of it can be chosen.
import type { FindKind } from '../../generated/FindKind';
import type { FindView } from '../../generated/FindView';

/** The order in which groups are shown: what each needs comes before it. */
const ORDER: FindKind[] = ['source', 'account', 'role', 'key', 'vaulted-key', 'identity-center', 'profile'];

export type Group = { kind: FindKind; finds: FindView[] };

export function grouped(finds: FindView[]): Group[] {
  return ORDER.map((kind) => ({ kind, finds: finds.filter((find) => find.kind === kind) })).filter(({ finds }) => finds.length > 0);
}

/** Whether choosing it could do anything. */
export function canBeChosen(find: FindView): boolean {
  return find.state !== 'here' && !find.failure;
}

/** What choosing a group takes: what is new. What differs is chosen one by one. */
export function newOf(group: Group): string[] {
  return group.finds.filter((find) => canBeChosen(find) && find.state === 'new').map((find) => find.id);
}
