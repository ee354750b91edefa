// What is done with roles beside opening them: written, copied, removed, put among the favourites and in order there.
import type { Asking } from '../../asking.svelte';
import type { RoleView } from '../../generated/RoleView';
import type { Snapshot } from '../../generated/Snapshot';
import { words } from '../../words';
import { moved } from './listing';
import type { RolesPage } from './page.svelte';

export type Deed = 'edit' | 'duplicate' | 'remove' | 'favourite' | 'account';

export class Deeds {
  readonly #asking: Asking;
  readonly #page: RolesPage;
  readonly #snapshot: () => Snapshot;
  /** The roles that are selected: all are meant where one of them is. */
  readonly #selected: () => string[];

  constructor(asking: Asking, page: RolesPage, snapshot: () => Snapshot, selected: () => string[]) {
    this.#asking = asking;
    this.#page = page;
    this.#snapshot = snapshot;
    this.#selected = selected;
  }

  carryOut(role: RoleView, deed: Deed): void {
    if (deed === 'remove') void this.remove(role.name);
    else if (deed === 'favourite') this.#favourite(role);
    else if (deed === 'account') this.#page.writing = { kind: 'account', account: role.account.id };
    else void this.#write(role.name, deed);
  }

  async remove(role: string): Promise<void> {
    const roles = this.#meant(role);
    const reply = await this.#asking.ask(`role:${role}`, { intent: 'remove-roles', roles });
    if (reply?.result === 'told') for (const name of roles) this.#page.selected.delete(name);
  }

  /** Moves a favourite among the others, and says where it is then. */
  order(role: string, by: number): void {
    const { favourites } = this.#snapshot();
    const roles = moved(favourites, role, by);
    if (roles === favourites) return;
    const said = words.roles.moved(role, roles.indexOf(role) + 1, roles.length);
    void this.#asking.ask(`role:${role}`, { intent: 'order-favourites', roles }).then((reply) => {
      if (reply?.result === 'done') this.#asking.say(said);
    });
  }

  /** Whether one favourite stands before another. */
  isBefore(role: string, other: string): boolean {
    const { favourites } = this.#snapshot();
    return favourites.includes(role) && favourites.indexOf(role) < favourites.indexOf(other);
  }

  /** One favourite was dropped on another, whose place it takes. */
  dropped(role: string, on: string): void {
    const { favourites } = this.#snapshot();
    if (favourites.includes(role) && favourites.includes(on)) this.order(role, favourites.indexOf(on) - favourites.indexOf(role));
  }

  #meant(role: string): string[] {
    const selected = this.#selected();
    return selected.includes(role) ? selected : [role];
  }

  #favourite(role: RoleView): void {
    void this.#asking.ask(`role:${role.name}`, { intent: 'edit-roles', roles: this.#meant(role.name), change: { favourite: !role.favourite } });
  }

  async #write(role: string, as: 'edit' | 'duplicate'): Promise<void> {
    const roles = this.#meant(role);
    if (as === 'edit' && roles.length > 1) {
      this.#page.writing = { kind: 'many', roles };
      return;
    }
    const reply = await this.#asking.ask(`role:${role}`, { intent: 'role-entry', role });
    if (reply?.result !== 'told' || reply.answer.kind !== 'role-entry') return;
    const { form } = reply.answer;
    if (as === 'edit') this.#page.write(form, role);
    else this.#page.write({ ...form, name: words.roles.copyOf(form.name) }, undefined);
  }
}
