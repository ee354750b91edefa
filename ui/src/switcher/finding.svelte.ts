// What is looked for, what was found, and which row is the present one. The field, the list and the keys share it.
import type { Backend } from '../backend';
import type { Failure } from '../generated/Failure';
import type { Found } from '../generated/Found';
import type { FoundAccount } from '../generated/FoundAccount';
import type { FoundPage } from '../generated/FoundPage';
import type { FoundRole } from '../generated/FoundRole';
import type { FoundRoles } from '../generated/FoundRoles';
import type { Query } from '../generated/Query';
import type { RoleView } from '../generated/RoleView';
import { words } from '../words';

/** One thing in front at a time: roles, or a choice for one of them. */
export type Step = { kind: 'roles' } | { kind: 'pages'; role: RoleView } | { kind: 'formats'; role: RoleView };

export type Format = (typeof words.switcher.formats)[number];

export type Row =
  | { kind: 'role'; key: string; found: FoundRole }
  | { kind: 'account'; key: string; found: FoundAccount }
  | { kind: 'page'; key: string; found: FoundPage }
  | { kind: 'format'; key: string; format: Format };

/** What was typed and chosen before a second step, to go back to. */
type Before = { text: string; present: string | undefined };

export class Finding {
  readonly #backend: Backend;
  #step = $state.raw<Step>({ kind: 'roles' });
  #text = $state('');
  #pasted = $state<string>();
  #account = $state<string>();
  #roles = $state.raw<FoundRoles>();
  #pages = $state.raw<{ pages: FoundPage[]; failure: Failure | null }>();
  #present = $state<string>();
  #broken = $state.raw<Failure>();
  #before: Before = { text: '', present: undefined };
  #asked = 0;
  #looking: Promise<void> = Promise.resolve();

  readonly rows = $derived.by((): Row[] => {
    switch (this.#step.kind) {
      case 'roles': {
        const accounts = this.#roles?.accounts ?? [];
        if (accounts.length > 0) return accounts.map((found) => ({ kind: 'account', key: found.account.id, found }));
        return (this.#roles?.roles ?? []).map((found) => ({ kind: 'role', key: found.role.name, found }));
      }
      case 'pages':
        return (this.#pages?.pages ?? []).map((found) => ({ kind: 'page', key: `${found.origin} ${found.destination}`, found }));
      case 'formats': {
        const wanted = this.#text.trim().toLowerCase();
        const matches = (format: Format): boolean => `${format.name} ${format.title}`.toLowerCase().includes(wanted);
        return words.switcher.formats.filter(matches).map((format) => ({ kind: 'format', key: format.name, format }));
      }
    }
  });

  readonly place = $derived.by((): number => Math.max(0, this.rows.findIndex((row) => row.key === this.#present)));
  readonly row = $derived.by((): Row | undefined => this.rows[this.place]);

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get step(): Step {
    return this.#step;
  }

  get text(): string {
    return this.#text;
  }

  get roles(): FoundRoles | undefined {
    return this.#roles;
  }

  /** Why what was typed is no page. */
  get pageFailure(): Failure | null {
    return this.#pages?.failure ?? null;
  }

  get broken(): Failure | undefined {
    return this.#broken;
  }

  /** Whether something pasted stands beside the field. */
  get hasChip(): boolean {
    return this.#pasted !== undefined;
  }

  get hasChosenAccount(): boolean {
    return this.#account !== undefined;
  }

  /** What is typed next is looked for. What was pasted, if it is something of AWS's, moves out of the field and leaves it free. */
  async type(text: string, pasted: boolean): Promise<void> {
    this.#text = text;
    this.#present = undefined;
    const before = { pasted: this.#pasted, account: this.#account };
    // Another thing of AWS's takes the place of the one that was pasted before.
    if (pasted && this.#step.kind === 'roles') this.#pasted = this.#account = undefined;
    await this.look();
    if (before.pasted !== undefined && this.#pasted === undefined && this.#text === text && this.#step.kind === 'roles' && !this.#roles?.pasted) {
      this.#pasted = before.pasted;
      this.#account = before.account;
      await this.look();
    }
    const whole = this.#roles?.pasted && this.#pasted === undefined && this.#step.kind === 'roles';
    if (!pasted || !whole || this.#text !== text || /\s/.test(text.trim())) return;
    this.#pasted = text;
    this.#text = '';
    await this.look();
  }

  /** Looks again for the same, as when something has happened. The present row stays, where it is still there. */
  look(): Promise<void> {
    this.#looking = this.#look();
    return this.#looking;
  }

  /** Waits until what is shown is what was typed last. */
  async settled(): Promise<void> {
    let looking;
    do {
      looking = this.#looking;
      await looking;
    } while (looking !== this.#looking);
  }

  move(by: number): void {
    const { rows } = this;
    const last = rows.length - 1;
    const next = this.place + by;
    // Past an end, one step goes to the other one; a page stops there.
    const wrapped = Math.abs(by) === 1 ? (next + rows.length) % Math.max(1, rows.length) : Math.min(Math.max(next, 0), last);
    this.#present = rows[wrapped]?.key;
  }

  choose(key: string): void {
    this.#present = key;
  }

  /** Answers which account a link is of. */
  async chooseAccount(id: string): Promise<void> {
    // A link that was typed, and not pasted, moves out of the field as well.
    this.#pasted ??= this.#text;
    this.#account = id;
    this.#text = '';
    this.#present = undefined;
    await this.look();
  }

  async enter(step: Step): Promise<void> {
    this.#before = { text: this.#text, present: this.row?.key };
    this.#step = step;
    this.#text = '';
    this.#present = undefined;
    this.#pages = undefined;
    await this.look();
  }

  /** One step back; false where there is none. */
  back(): boolean {
    if (this.#step.kind === 'roles') return false;
    this.#step = { kind: 'roles' };
    this.#text = this.#before.text;
    this.#present = this.#before.present;
    void this.look();
    return true;
  }

  /** Takes away what stands beside the field, the last of it first; false where nothing does. */
  takeAway(): boolean {
    if (this.#step.kind !== 'roles') return this.back();
    if (this.#account !== undefined) this.#account = undefined;
    else if (this.#pasted !== undefined) this.#pasted = undefined;
    else return false;
    this.#present = undefined;
    void this.look();
    return true;
  }

  /** From the beginning. */
  reset(): void {
    this.#step = { kind: 'roles' };
    this.#text = '';
    this.#pasted = undefined;
    this.#account = undefined;
    this.#present = undefined;
    void this.look();
  }

  get #query(): Query | undefined {
    switch (this.#step.kind) {
      case 'roles':
        return { find: 'roles', text: this.#text, pasted: this.#pasted ?? null, account: this.#account ?? null };
      case 'pages':
        return { find: 'pages', role: this.#step.role.name, text: this.#text };
      case 'formats':
        return undefined;
    }
  }

  async #look(): Promise<void> {
    const query = this.#query;
    const asked = ++this.#asked;
    if (!query) return;
    let found: Found;
    try {
      found = await this.#backend.find(query);
    } catch {
      this.#broken = words.failures.noAnswer;
      return;
    }
    // An answer that was overtaken is nobody's.
    if (asked !== this.#asked) return;
    if (found.found === 'roles') this.#roles = found;
    else this.#pages = found;
  }
}
