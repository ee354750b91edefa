// Example snapshots: for tests and for looking at the windows in an ordinary browser. Accounts and keys are AWS's documented examples.
import { settings } from './panes';
import type { AccountView } from '../generated/AccountView';
import type { PromptView } from '../generated/PromptView';
import type { QuestionView } from '../generated/QuestionView';
import type { RoleView } from '../generated/RoleView';
import type { SessionView } from '../generated/SessionView';
import type { Snapshot } from '../generated/Snapshot';
import type { SourceView } from '../generated/SourceView';

const MINUTE = 60_000;

export const development: AccountView = { name: 'acme-dev', id: '111122223333', production: false };
export const production: AccountView = { name: 'acme-prod', id: '444455556666', production: true };
export const payer: AccountView = { name: 'acme-payer', id: '777788889999', production: false };

export function role(name: string, account: AccountView, more: Partial<RoleView> = {}): RoleView {
  const arn = `arn:aws:iam::${account.id}:role/${name}`;
  const { production } = account;
  const usual = { source: 'work', via: null, region: 'eu-west-1', destination: '', favourite: false, activity: { kind: 'idle' } } as const;
  return { name, arn, account, ...usual, tags: [], through_production: [], production, read_only: production, asks: production, ...more };
}

export function source(name: string, account: AccountView, more: Partial<SourceView> = {}): SourceView {
  return { name, arn: `arn:aws:iam::${account.id}:user/ada`, account, region: 'eu-west-1', access_key_id: 'AKIAIOSFODNN7EXAMPLE', profile: null, mfa_serial: null, ...more };
}

export function session(role: string, account: AccountView, now: number, minutesLeft: number, more: Partial<SessionView> = {}): SessionView {
  const at = (minutes: number): string => new Date(now + minutes * MINUTE).toISOString();
  const { production } = account;
  const access = production ? 'read-only' : 'full';
  return { id: `s-${role}`, role, account, production, access, session_name: 'ada', since: at(minutesLeft - 60), expires: at(minutesLeft), console: null, ...more };
}

export function empty(): Snapshot {
  return { version: '0.1.0', home: null, status: 'idle', sources: [], roles: [], favourites: [], recents: [], most_used: [], recent_pages: [], sessions: [], prompts: [], waiting_for_keychain: false, unusable: [], shortcut: { state: 'works', keys: 'Ctrl+Alt+Space' }, trouble: [], settings: settings() };
}

export function usual(now: number): Snapshot {
  const until = new Date(now + 42.5 * MINUTE).toISOString();
  return {
    ...empty(),
    status: 'live',
    sources: [source('work', development), source('billing', payer, { region: null, access_key_id: 'AKIAI44QH8DHBEXAMPLE' })],
    roles: [
      role('AWSEC2FULLACCESS', development, { destination: 'ec2', favourite: true }),
      role('Billing', payer, { source: 'billing', region: 'us-east-1', destination: 'billing', favourite: true }),
      role('Admin', production),
      role('EC2Ops', production, { destination: 'ec2' }),
      role('ReadOnly', production, { region: 'eu-central-1' }),
      role('ec2-readonly', development, { destination: 'ec2' }),
      role('logs', development, { destination: 'cloudwatch' }),
    ],
    favourites: ['AWSEC2FULLACCESS', 'Billing'],
    recents: ['AWSEC2FULLACCESS', 'ReadOnly'],
    sessions: [
      session('AWSEC2FULLACCESS', development, now, 42.5, { console: { page: 'ec2', region: 'eu-west-1', opened: new Date(now - 17 * MINUTE).toISOString(), until } }),
      session('ReadOnly', production, now, 7.5),
    ],
  };
}

export function codeAsked(more: Partial<PromptView> = {}): PromptView {
  const question = { kind: 'mfa-code', device: 'ada', serial: 'arn:aws:iam::111122223333:mfa/ada' } as const;
  return { id: 1, role: 'AWSEC2FULLACCESS', account: development, source: 'work', question, ...more };
}

export function keychainAsked(more: Partial<PromptView> = {}): PromptView {
  return { id: 3, role: 'AWSEC2FULLACCESS', account: development, source: 'work', question: { kind: 'keychain' }, ...more };
}

export function productionAsked(word?: string, more: Partial<PromptView> = {}): PromptView {
  const question: QuestionView = { kind: 'production', access: 'read-only', through: [], itself: true, lasts: '1 h', ...(word === undefined ? {} : { word }) };
  return { id: 2, role: 'Admin', account: production, source: 'work', question, ...more };
}

/** A role that is reached through production, and is asked about. */
export function through(now: number): Snapshot {
  const base = usual(now);
  const deploy: RoleView = { ...role('Deploy', development), via: 'Admin', through_production: ['Admin'], asks: true };
  const question: QuestionView = { kind: 'production', access: 'full', through: [{ role: 'Admin', account: production }], itself: false, lasts: '1 h' };
  const prompt: PromptView = { id: 4, role: 'Deploy', account: development, source: 'work', question, program: 'aws, terraform' };
  return { ...base, roles: [...base.roles, deploy], prompts: [prompt] };
}

/** Every state that a screen can be in, at once. */
export function troubled(now: number): Snapshot {
  const base = usual(now);
  const activities: Record<string, RoleView['activity']> = {
    EC2Ops: { kind: 'signing-in' },
    logs: { kind: 'waiting-for-keychain' },
    Admin: {
      kind: 'failed',
      failure: {
        code: 'access-denied',
        message: 'AWS refused to let `ada` assume `Admin`',
        hint: 'the role’s trust policy must name arn:aws:iam::111122223333:user/ada\nguise trust-policy Admin prints one that does',
      },
    },
  };
  return {
    ...base,
    home: '/tmp/guise-demo',
    status: 'trouble',
    roles: base.roles.map((role) => ({ ...role, activity: activities[role.name] ?? role.activity })),
    unusable: [
      {
        kind: 'role',
        name: 'from-tomorrow',
        failure: { code: 'catalog-unreadable', message: 'role `from-tomorrow` cannot be used: roles.from-tomorrow: kind `sso` is not known to this version', hint: 'mend it in the catalog, if no newer Guise wrote it; it stays there as it is' },
      },
    ],
    trouble: [{ code: 'catalog-unreadable', message: 'the catalog does not parse at line 12, so it is left as it is', hint: 'correct `~/.config/guise/catalog.toml`; it is read again at once' }],
  };
}

export function many(now: number): Snapshot {
  const accounts = Array.from({ length: 40 }, (_, index): AccountView => ({
    name: `team-${index + 1}-${['dev', 'test', 'prod'][index % 3]}`,
    id: String(111122220000 + index * 7),
    production: index % 3 === 2,
  }));
  const names = ['Admin', 'ReadOnly', 'PowerUser', 'Billing', 'Deploy', 'Network', 'SecurityAudit', 'Support'];
  const roles = accounts.flatMap((account) => names.map((name) => role(`${account.name}-${name}`, account))).slice(0, 300);
  return { ...usual(now), roles, favourites: [], recents: [], sessions: roles.slice(0, 12).map((each, index) => session(each.name, each.account, now, 5 + index * 47)) };
}

export function long(now: number): Snapshot {
  const account: AccountView = { name: 'Contoso Worldwide Holdings – Shared Platform Services – Europe (Frankfurt) – Production', id: '123456789012', production: true };
  const name = 'aws-reserved-sso-platform-engineering-break-glass-administrator-access-eu';
  return {
    ...usual(now),
    sources: [source('the-access-key-of-my-user-in-the-identity-account-of-contoso', account)],
    roles: [role(name, account, { destination: '/cloudwatch/home?region=eu-central-1#logsV2:log-groups', source: 'the-access-key-of-my-user-in-the-identity-account-of-contoso' }), ...usual(now).roles],
    sessions: [session(name, account, now, 601, { session_name: 'ada.lovelace.analytical.engine@contoso-worldwide.example', console: { page: 'https://eu-central-1.console.aws.amazon.com/systems-manager/parameters/a-very-long-parameter-name/description?region=eu-central-1', region: 'eu-central-1', opened: new Date(now - 119 * MINUTE).toISOString(), until: new Date(now + 601 * MINUTE).toISOString() } })],
  };
}

/** One role, of the one source. */
export function one(now: number): Snapshot {
  const all = usual(now);
  return { ...all, sources: all.sources.slice(0, 1), roles: all.roles.slice(0, 1), recents: [], sessions: [], status: 'idle' };
}

/** More roles than anybody can look through: ten thousand in a hundred accounts. */
export function thousands(now: number): Snapshot {
  const accounts = Array.from({ length: 100 }, (_, index): AccountView => ({
    name: `unit-${String(index).padStart(2, '0')}`,
    id: String(200000000000 + index * 7919),
    production: index % 10 === 9,
  }));
  const roles = accounts.flatMap((account) => Array.from({ length: 100 }, (_, index) => role(`${account.name}-role-${String(index).padStart(2, '0')}`, account)));
  return { ...usual(now), roles, recents: [], sessions: [] };
}

/** Names in scripts that run from right to left, beside those that do not. */
export function rightToLeft(now: number): Snapshot {
  const account: AccountView = { name: 'حساب الإنتاج', id: '210987654321', production: true };
  const test: AccountView = { name: 'סביבת בדיקה (dev)', id: '321098765432', production: false };
  return {
    ...usual(now),
    roles: [role('مدير-النظام', account, { favourite: true }), role('קריאה-בלבד', test), role('Admin-مدير', test), ...usual(now).roles],
    sessions: [session('مدير-النظام', account, now, 12)],
  };
}
