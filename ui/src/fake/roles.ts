// What the agent in memory makes of edits of roles, accounts and favourites.
import type { Checked } from '../generated/Checked';
import type { ManyRoles } from '../generated/ManyRoles';
import type { RoleEntry } from '../generated/RoleEntry';
import type { RoleView } from '../generated/RoleView';
import type { Snapshot } from '../generated/Snapshot';
import type { WindowIntent } from '../generated/WindowIntent';
import type { WindowReply } from '../generated/WindowReply';
import { grouped } from '../account';

type Asked<K extends WindowIntent['intent']> = Extract<WindowIntent, { intent: K }>;
type RolesIntent = Asked<'check-role' | 'role-entry' | 'save-role' | 'edit-roles' | 'remove-roles' | 'order-favourites' | 'edit-account' | 'undo'>;
type Done = { reply: WindowReply; change?: Partial<Snapshot> };

const ARN = /^arn:aws:iam::(\d{12}):role\/[\w+=,.@/-]+$/;

export const emptyForm: RoleEntry = {
  name: '', arn: '', source: '', via: '', region: '', destination: '', session_name: '', duration: '', favourite: false, external_id: '', source_identity: '',
  tags: '', transitive_tags: '', policy: '', policy_arns: '', mfa: '', mfa_serial: '', production: false, read_only: '', read_only_policy: '',
};

export class FakeRoles {
  /** What was there before each edit that can be taken back. */
  readonly #before: Pick<Snapshot, 'roles' | 'favourites'>[] = [];

  carryOut(intent: RolesIntent, snapshot: Snapshot): Done {
    const { roles, favourites = [] } = snapshot;
    const done: WindowReply = { result: 'done', message: '' };
    switch (intent.intent) {
      case 'check-role':
        return { reply: { result: 'told', answer: { kind: 'role-checked', checked: checked(intent.form, intent.before?.name, roles) } } };
      case 'role-entry': {
        const role = roles.find((each) => each.name === intent.role);
        const { arn = '', source = '', destination = '', region = '', favourite = false } = role ?? {};
        const via = role?.via ?? '';
        return { reply: { result: 'told', answer: { kind: 'role-entry', form: { ...emptyForm, name: intent.role, arn, source: via ? '' : source, via, destination, region, favourite } } } };
      }
      case 'save-role': {
        const others = roles.filter((each) => each.name !== intent.before?.name);
        return { reply: done, change: { roles: sorted([...others, shown(intent.form, roles)]) } };
      }
      case 'edit-roles':
        return this.#undoable(snapshot, `changed ${counted(intent.roles)}`, roles.map((each) => (intent.roles.includes(each.name) ? edited(each, intent.change) : each)));
      case 'remove-roles':
        return this.#undoable(snapshot, `removed ${counted(intent.roles)}`, roles.filter((each) => !intent.roles.includes(each.name)));
      case 'order-favourites':
        return { reply: done, change: { favourites: intent.roles } };
      case 'edit-account': {
        const { account: id } = intent;
        const was = roles.find((role) => role.account.id === id)?.account;
        const { name = was?.name, production = was?.production ?? false, environment = was?.environment, colour = was?.colour } = intent.change;
        const account = { id, name: name || grouped(id), production, ...(environment ? { environment } : {}), ...(colour ? { colour: colour as never } : {}) };
        const of = (role: RoleView): RoleView => (role.account.id === id ? { ...role, account, production } : role);
        return { reply: done, change: { roles: roles.map(of) } };
      }
      case 'undo': {
        const change = this.#before[intent.undo - 1];
        if (!change) return { reply: { result: 'failed', failure: { code: 'not-found', message: 'that can no longer be undone' } } };
        return { reply: done, change: { ...change, favourites: favourites.length > 0 ? favourites : change.favourites } };
      }
    }
  }

  #undoable(snapshot: Snapshot, message: string, roles: RoleView[]): Done {
    this.#before.push({ roles: snapshot.roles, favourites: snapshot.favourites });
    const named = roles.filter((each) => each.favourite).map((each) => each.name);
    const placed = snapshot.favourites.filter((name) => named.includes(name));
    const favourites = [...placed, ...named.filter((name) => !placed.includes(name))];
    return { reply: { result: 'told', answer: { kind: 'undoable', message, undo: this.#before.length } }, change: { roles, favourites } };
  }
}

function checked(form: RoleEntry, editing: string | undefined, roles: RoleView[]): Checked {
  const problems: Checked['problems'] = [];
  const wrong = (field: Checked['problems'][number]['field'], message: string, hint?: string): void =>
    void problems.push({ field, failure: { code: 'invalid-input', message, ...(hint ? { hint } : {}) } });
  if (!form.name.trim()) wrong('name', 'a name cannot be empty');
  else if (form.name !== editing && roles.some((each) => each.name === form.name)) wrong('name', `there is already a role \`${form.name}\``, 'choose another name');
  if (!form.arn.trim()) wrong('arn', 'a role needs its ARN');
  else if (!ARN.test(form.arn)) wrong('arn', `\`${form.arn}\` is not the ARN of a role`, 'it looks like arn:aws:iam::111122223333:role/AWSEC2FULLACCESS');
  if (!form.source && !form.via) wrong('assumed_by', 'a role needs a source, or a role, that assumes it');
  if (form.duration && !/^\d+[mhs]$/.test(form.duration)) wrong('duration', `\`${form.duration}\` is not a duration that AWS takes`, 'give 15m to 12h, such as 1h, 90m or 3600s');
  if (!ARN.test(form.arn) || (!form.source && !form.via)) return { problems };
  const region = form.region || 'eu-west-1';
  const details = form.mfa_serial ? [`asks for a code from ${form.mfa_serial}, each time`] : [];
  const plan = {
    way: `${form.source || form.via} (arn:aws:iam::111122223333:user/ada) ──▶ ${form.name || 'the role'}`,
    steps: [
      { does: `sts:AssumeRole ${form.arn} in ${region}, ${form.duration || '1 h'}, session name "ada"`, details },
      { does: `console in ${region} at ${form.destination || 'its home'}, ${form.duration || '1 h'}`, details: [] },
    ],
  };
  return { problems, plan };
}

function shown(form: RoleEntry, roles: RoleView[]): RoleView {
  const id = ARN.exec(form.arn)?.[1] ?? '';
  const account = roles.find((each) => each.account.id === id)?.account ?? { id, name: grouped(id), production: false };
  const production = form.production || account.production;
  const by = { source: form.source || 'work', via: form.via || null };
  return { name: form.name, arn: form.arn, account, ...by, region: form.region || 'eu-west-1', destination: form.destination, tags: [], through_production: [], favourite: form.favourite, production, read_only: production, asks: production, activity: { kind: 'idle' } };
}

function edited(role: RoleView, change: ManyRoles): RoleView {
  const { region = role.region, destination = role.destination, source = role.source, production = role.production, favourite = role.favourite } = change;
  return { ...role, region: region ?? '', destination: destination ?? '', source: source ?? '', production: production ?? false, favourite: favourite ?? false };
}

function sorted(roles: RoleView[]): RoleView[] {
  return roles.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function counted(roles: string[]): string {
  return roles.length === 1 ? `\`${roles[0]}\`` : `${roles.length} roles`;
}
