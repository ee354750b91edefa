// What the person is doing in the pane of roles. It outlives the pane: whoever looks at another one finds all as it was left.
import { SvelteSet } from 'svelte/reactivity';
import type { RoleEntry } from '../../generated/RoleEntry';
import type { Direction, Grouping, Sorting } from './listing';

export type Writing = { kind: 'role'; editing: string | undefined; before: RoleEntry } | { kind: 'account'; account: string } | { kind: 'many'; roles: string[] };

export class RolesPage {
  words = $state('');
  grouping = $state<Grouping>('account');
  sorting = $state<Sorting>('name');
  direction = $state<Direction>('ascending');
  present = $state('');
  /** What is written beside the list, if anything is. */
  writing = $state.raw<Writing>();
  /** The role that is being written. */
  entry = $state<RoleEntry>({ ...nothing });
  readonly selected = new SvelteSet<string>();
  readonly open = new SvelteSet<string>();
  /** Where a selection of a whole range begins. */
  anchor = '';
  scrolled = 0;

  sort(by: Sorting): void {
    this.direction = this.sorting === by && this.direction === 'ascending' ? 'descending' : 'ascending';
    this.sorting = by;
  }

  /** Selects a role or not any more, or all from the one before to it. */
  select(role: string, how: 'one' | 'range', shown: string[]): void {
    if (how === 'one') {
      if (!this.selected.delete(role)) this.selected.add(role);
      this.anchor = role;
      return;
    }
    const from = Math.max(0, shown.indexOf(this.anchor || role));
    const to = shown.indexOf(role);
    for (const name of shown.slice(Math.min(from, to), Math.max(from, to) + 1)) this.selected.add(name);
  }

  write(entry: RoleEntry, editing: string | undefined): void {
    this.writing = { kind: 'role', editing, before: { ...entry } };
    this.entry = { ...entry };
  }

  get isChanged(): boolean {
    const { writing } = this;
    return writing?.kind === 'role' && JSON.stringify(this.entry) !== JSON.stringify(writing.before);
  }

  done(): void {
    this.writing = undefined;
  }
}

/** A role of which nothing is known yet. */
export const nothing: RoleEntry = {
  name: '',
  arn: '',
  source: '',
  via: '',
  region: '',
  destination: '',
  session_name: '',
  duration: '',
  favourite: false,
  external_id: '',
  source_identity: '',
  tags: '',
  transitive_tags: '',
  policy: '',
  policy_arns: '',
  mfa: '',
  mfa_serial: '',
  production: false,
  read_only: '',
  read_only_policy: '',
};
