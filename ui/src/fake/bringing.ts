// What the agent in memory has found that can be brought in.
import type { AccountView } from '../generated/AccountView';
import type { FindsView } from '../generated/FindsView';
import type { FindView } from '../generated/FindView';
import type { Snapshot } from '../generated/Snapshot';
import type { WindowIntent } from '../generated/WindowIntent';
import type { WindowReply } from '../generated/WindowReply';
import { development, production, role } from './example';

export type BringingIntent = Extract<WindowIntent, { intent: 'look-for-import' | 'look-in-file' | 'import' | 'export-catalog' | 'save-catalog' }>;
type Done = { reply: WindowReply; change?: Partial<Snapshot> };

export const changedMeanwhile = { code: 'invalid-input' as const, message: 'what can be brought in has changed since it was shown', hint: 'nothing was brought in; look again and choose anew' };

export class FakeBringing {
  #number = 0;
  #found: FindView[] = [];
  #brought = new Set<string>();
  #called: string | null = null;

  carryOut(intent: BringingIntent, snapshot: Snapshot): Done {
    switch (intent.intent) {
      case 'look-for-import':
        if (!intent.again) this.#called = intent.text === undefined ? null : '';
        return { reply: this.#look(snapshot, intent.move_keys) };
      case 'look-in-file':
        this.#called = 'config.txt';
        return { reply: this.#look(snapshot, intent.move_keys) };
      case 'import':
        return this.#bring(intent, snapshot);
      case 'export-catalog':
        return { reply: { result: 'told', answer: { kind: 'catalog', text: '# Sources, roles and accounts of Guise.\n' } } };
      case 'save-catalog':
        return { reply: { result: 'done', message: 'wrote `guise-catalog.toml`' } };
    }
  }

  #look(snapshot: Snapshot, moveKeys: boolean): WindowReply {
    this.#number += 1;
    const isEmpty = snapshot.roles.length === 0 && snapshot.sources.length > 0;
    this.#found = isEmpty ? [] : finds(snapshot, this.#brought, moveKeys);
    const view: FindsView = {
      number: this.#number,
      called: this.#called,
      finds: this.#found,
      passed: isEmpty ? [] : [{ place: '~/.aws/config:41', why: 'profile `loop` asks Guise for credentials' }],
      trouble: [],
      asks_for_source: this.#called !== null,
    };
    return { result: 'told', answer: { kind: 'finds', view } };
  }

  #bring(intent: Extract<BringingIntent, { intent: 'import' }>, snapshot: Snapshot): Done {
    if (intent.number !== this.#number) return { reply: { result: 'failed', failure: changedMeanwhile } };
    const chosen = this.#found.filter((find) => intent.chosen.includes(find.id));
    const kept = chosen.filter((find) => find.state === 'differs' && !intent.replace);
    const brought = chosen.filter((find) => !kept.includes(find));
    for (const find of brought) this.#brought.add(find.id);
    const roles = brought.filter((find) => find.kind === 'role' && find.state === 'new').map((find) => role(find.name, find.account ?? development));
    const moved = brought.filter((find) => find.kind === 'key');
    const imported = {
      done: brought.map((find) => (find.kind === 'key' ? `the key of \`${find.name}\`, arn:aws:iam::111122223333:user/${find.name}, is in the keychain` : find.state === 'new' ? `added \`${find.name}\`` : `changed \`${find.name}\``)),
      next: moved.map((find) => `these can go, as soon as nothing else needs them: ${find.notes[0] ?? ''}`),
      left: kept.map((find) => ({ name: find.name, failure: { code: 'already-exists' as const, message: `\`${find.name}\` is here and differs, so it stays as it is`, hint: 'have what differs changed, if the one that you bring in is better' } })),
      undo: null,
    };
    return { reply: { result: 'told', answer: { kind: 'imported', imported } }, change: { roles: [...snapshot.roles, ...roles] } };
  }
}

function finds(snapshot: Snapshot, brought: Set<string>, moveKeys: boolean): FindView[] {
  const found = (kind: FindView['kind'], name: string, about: string, more: Partial<FindView> = {}): FindView => {
    const id = `${kind === 'role' ? 'role' : 'profile'} ${name}`;
    const plain: FindView = { id, kind, name, about, account: null, by: null, place: null, state: 'new', changes: [], notes: [], failure: null, ...more };
    return brought.has(id) ? { ...plain, state: 'here', changes: [] } : plain;
  };
  const of = (name: string, account: AccountView, line: number, more: Partial<FindView> = {}): FindView =>
    found('role', name, `arn:aws:iam::${account.id}:role/${name}`, { account, by: 'profile work', place: `~/.aws/config:${line}`, ...more });
  const here = snapshot.roles[0];
  const needsKey = { code: 'invalid-input' as const, message: 'profile `legacy` has both a role and the key that assumes it', hint: 'move the key into the keychain with it' };
  return [
    of('Deploy', development, 12, { notes: ['asks for MFA'] }),
    of('Audit', production, 18),
    of('legacy', development, 24, moveKeys ? {} : { failure: needsKey }),
    ...(here ? [of(here.name, here.account, 30, { state: 'differs', changes: [{ field: 'region', old: 'eu-west-1', new: 'us-east-1' }, { field: 'duration', old: null, new: '4h' }] })] : []),
    found('key', 'work', 'AKIAIOSFODNN7EXAMPLE', { notes: ['~/.aws/credentials: lines 2 (aws_access_key_id), 3 (aws_secret_access_key)'] }),
    found('key', 'billing', 'AKIAIOSFODNN7EXAMPL2', { notes: ['~/.aws/credentials: lines 6 (aws_access_key_id), 7 (aws_secret_access_key)'] }),
    found('vaulted-key', 'ops', 'kept by aws-vault', moveKeys ? {} : { failure: { code: 'invalid-input', message: 'the key of profile `ops` is in aws-vault', hint: 'bring the key in with it' } }),
    found('identity-center', 'acme-sso', 'signs in to https://acme.awsapps.com/start', { place: '~/.aws/config:2' }),
  ];
}
