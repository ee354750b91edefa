// What the manager's panes ask of the agent in memory: settings, the journal, sources, sessions.
import type { EntryView } from '../generated/EntryView';
import type { KeyView } from '../generated/KeyView';
import type { SettingPart } from '../generated/SettingPart';
import type { SettingView } from '../generated/SettingView';
import type { Snapshot } from '../generated/Snapshot';
import type { Takes } from '../generated/Takes';
import type { WindowIntent } from '../generated/WindowIntent';
import type { WindowReply } from '../generated/WindowReply';

export type PanesIntent = Extract<
  WindowIntent,
  { intent: 'set' | 'read-journal' | 'read-diagnostics' | 'read-profiles' | 'source-keys' | 'edit-source' | 'rotate-source' | 'delete-old-key' | 'remove-source' | 'end-all-sessions' | 'renew-session' | 'cancel' }
>;

type Answered = { reply: WindowReply; change?: Partial<Snapshot> };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function setting(name: string, part: SettingPart, about: string, takes: Takes, value: string): SettingView {
  return { name, part, about, takes, value, usual: value };
}

/** Settings of each kind, as the agent tells them. */
export function settings(): SettingView[] {
  const text = (example: string): Takes => ({ kind: 'text', example });
  const oneOf = (...values: string[]): Takes => ({ kind: 'one-of', values });
  return [
    setting('browser', 'desktop', 'Which browser opens the console: `system`, or one that this computer knows by name', oneOf('system', 'chromium', 'firefox-esr'), 'system'),
    setting('clipboard_seconds', 'copies', 'For how many seconds what Guise copied stays on the clipboard, from 5 to 600', text('45'), '45'),
    setting('credentials_format', 'copies', 'How copied credentials are written: for which shell, or as JSON for `credential_process`', oneOf('sh', 'fish', 'powershell', 'cmd', 'json'), 'sh'),
    setting('start_at_login', 'desktop', 'The tray starts when you sign in to this computer', { kind: 'switch' }, 'false'),
    setting('fips', 'aws', 'AWS is asked at its FIPS hosts, where it has them', { kind: 'switch' }, 'false'),
    setting('second_region', 'aws', 'Where STS is asked when that of the first region does not work; empty for nowhere', text('eu-central-1'), ''),
    setting('production_confirm', 'production', 'How you say that you mean production: by a click, or by typing the role’s name', oneOf('click', 'word'), 'click'),
    setting('production_duration', 'production', 'The longest that a session of a production role lasts', text('30m'), '30m'),
    setting('notifications', 'desktop', 'What you are told while you look elsewhere: all, only what failed or waits for you, or nothing', oneOf('all', 'important', 'none'), 'all'),
    setting('theme', 'desktop', 'Whether windows are light or dark, or follow the desktop', oneOf('system', 'light', 'dark'), 'system'),
  ];
}

export class FakePanes {
  #keys: KeyView[] | undefined;

  /** What an intent of a pane is answered with, and what is to be seen of it. */
  carryOut(intent: PanesIntent, snapshot: Snapshot, now: number): Answered {
    switch (intent.intent) {
      case 'set': {
        const set = (each: SettingView): SettingView => (each.name === intent.setting ? { ...each, value: intent.value || each.usual } : each);
        const number = Number(intent.value);
        if (intent.setting === 'clipboard_seconds' && intent.value && !(number >= 5 && number <= 600)) {
          const message = `\`${intent.value}\` is nothing that clipboard_seconds can be`;
          return { reply: { result: 'failed', failure: { code: 'invalid-input', message, hint: 'clipboard_seconds takes a number of seconds from 5 to 600' } } };
        }
        return { reply: done(), change: { settings: snapshot.settings.map(set) } };
      }
      case 'read-journal':
        return { reply: { result: 'told', answer: { kind: 'journal', entries: journal(snapshot, now).slice(0, intent.last) } } };
      case 'read-diagnostics':
        return { reply: { result: 'told', answer: { kind: 'diagnostics', text: `guise ${snapshot.version}\n\nok       keychain  the Secret Service answers\nok       catalog   2 sources, ${snapshot.roles.length} roles\n` } } };
      case 'read-profiles':
        return { reply: { result: 'told', answer: { kind: 'profiles', profiles: [{ name: 'acme-sso', what: 'signs in to an Identity Center' }, { name: 'billing', what: 'a key in plain text' }] } } };
      case 'source-keys':
        return { reply: { result: 'told', answer: { kind: 'keys', keys: this.#of(intent.source, snapshot, now) } } };
      case 'rotate-source': {
        const old = snapshot.sources.find((each) => each.name === intent.source)?.access_key_id ?? '';
        const fresh = 'AKIAIOSFODNN7EXAMPL2';
        this.#keys = [...this.#of(intent.source, snapshot, now).map((key) => ({ ...key, active: false })), { id: fresh, made: new Date(now).toISOString(), active: true }];
        const sources = snapshot.sources.map((each) => (each.name === intent.source ? { ...each, access_key_id: fresh } : each));
        return { reply: { result: 'told', answer: { kind: 'rotated', old, new: fresh } }, change: { sources } };
      }
      case 'delete-old-key':
        this.#keys = this.#keys?.filter((key) => key.active);
        return { reply: done('Deleted the key `AKIAIOSFODNN7EXAMPLE`') };
      case 'edit-source': {
        const { mfa_serial, region } = intent;
        const sources = snapshot.sources.map((each) => (each.name === intent.source ? { ...each, mfa_serial: mfa_serial || null, region: region || null } : each));
        return { reply: done(), change: { sources } };
      }
      case 'remove-source':
        return { reply: done('Removed, and its key is out of the keychain'), change: { sources: snapshot.sources.filter((each) => each.name !== intent.source) } };
      case 'end-all-sessions':
        return { reply: done('Ended'), change: { sessions: [] } };
      case 'renew-session': {
        const times = { since: new Date(now).toISOString(), expires: new Date(now + HOUR).toISOString() };
        return { reply: done(), change: { sessions: snapshot.sessions.map((each) => (each.role === intent.role ? { ...each, ...times } : each)) } };
      }
      case 'cancel':
        return { reply: done() };
    }
  }

  #of(source: string, snapshot: Snapshot, now: number): KeyView[] {
    const own = snapshot.sources.find((each) => each.name === source)?.access_key_id;
    return this.#keys ?? (own ? [{ id: own, made: new Date(now - 112 * DAY).toISOString(), active: true }] : []);
  }
}

function journal(snapshot: Snapshot, now: number): EntryView[] {
  const entries = snapshot.roles.slice(0, 12).flatMap((role, index): EntryView[] => {
    const time = new Date(now - index * 47 * 60_000).toISOString();
    const entry = { time, about: role.name, account: role.account, session_name: 'ada', by: index % 3 === 0 ? 'guise for terraform' : 'tray' };
    const opened = { ...entry, deed: 'console opened' };
    return [index % 4 === 2 ? { ...entry, deed: 'console not opened', failure: 'access-denied' } : opened, { ...entry, deed: 'session made' }];
  });
  return entries;
}

function done(message = ''): WindowReply {
  return { result: 'done', message };
}
