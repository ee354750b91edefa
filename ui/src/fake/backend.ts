// An agent in memory, which behaves: it signs in, copies, ends sessions, takes its time and fails when told to.
import type { Backend } from '../backend';
import { FakeBringing } from './bringing';
import { development, role, source } from './example';
import { find } from './find';
import { FakeGuide } from './guide';
import { FakePanes } from './panes';
import { FakeRoles } from './roles';
import type { Activity } from '../generated/Activity';
import type { EnteredKey } from '../generated/EnteredKey';
import type { Failure } from '../generated/Failure';
import type { Found } from '../generated/Found';
import type { PromptView } from '../generated/PromptView';
import type { Query } from '../generated/Query';
import type { SessionView } from '../generated/SessionView';
import type { Snapshot } from '../generated/Snapshot';
import type { SourceView } from '../generated/SourceView';
import type { WindowIntent } from '../generated/WindowIntent';
import type { WindowReply } from '../generated/WindowReply';

const HOUR = 3_600_000;
/** The one code that AWS does not take. */
const REFUSED_CODE = '000000';
export const refusedCode: Failure = { code: 'mfa-code-refused', message: 'AWS did not take the MFA code', hint: 'it was wrong or already used; wait for the next one and try again' };
export const wrongWord: Failure = { code: 'invalid-input', message: 'that is not the name of the role', hint: 'type it to go on' };

type Config = { now?: () => number; takes?: number };

export class FakeBackend implements Backend {
  /** Everything that was asked, in order. */
  readonly asked: WindowIntent[] = [];
  /** What it knows of the setup guide. */
  readonly guide = new FakeGuide();
  #snapshot: Snapshot;
  readonly #bringing = new FakeBringing();
  readonly #roles = new FakeRoles();
  readonly #panes = new FakePanes();
  readonly #now: () => number;
  readonly #takes: number;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  #failing: { failure: Failure; intent: WindowIntent['intent'] | undefined } | undefined;
  #broken = false;
  #closing: (() => void) | undefined;
  #held: Promise<void> | undefined;

  constructor(snapshot: Snapshot, { now = Date.now, takes = 0 }: Config = {}) {
    this.#snapshot = snapshot;
    this.#now = now;
    this.#takes = takes;
  }

  /** Whether the window would ask before it closes. */
  isHeldOpen = false;

  holdOpen(unsaved: boolean): void {
    this.isHeldOpen = unsaved;
  }

  /** The person closes the window; it goes where nothing is in the way. */
  close(): void {
    if (this.isHeldOpen) this.#closing?.();
  }

  watch(listener: (snapshot: Snapshot) => void, closing?: () => void): Promise<() => void> {
    if (this.#broken) return Promise.reject(new Error('the agent is gone'));
    this.#closing = closing;
    this.#listeners.add(listener);
    listener(structuredClone(this.#snapshot));
    return Promise.resolve(() => void this.#listeners.delete(listener));
  }

  async ask(intent: WindowIntent, stop?: AbortSignal): Promise<WindowReply> {
    this.asked.push(intent);
    if (stop) return Promise.race([this.#end(intent), stopped(stop)]);
    return this.#end(intent);
  }

  async #end(intent: WindowIntent): Promise<WindowReply> {
    if (this.#broken) throw new Error('the agent is gone');
    if (intent.intent === 'open-console') this.#act(intent.role, { kind: 'signing-in' });
    await (this.#held ?? new Promise((done) => setTimeout(done, this.#takes)));
    const isMeant = this.#failing && (this.#failing.intent ?? intent.intent) === intent.intent;
    const failure = (isMeant ? this.#failing?.failure : undefined) ?? this.#missing(intent);
    if (isMeant) this.#failing = undefined;
    if (!failure) return this.#carryOut(intent);
    if (intent.intent === 'open-console') this.#act(intent.role, { kind: 'failed', failure });
    return { result: 'failed', failure };
  }

  find(query: Query): Promise<Found> {
    if (this.#broken) return Promise.reject(new Error('the agent is gone'));
    return Promise.resolve(structuredClone(find(this.#snapshot, query)));
  }

  /** The next thing asked fails so; or the next of its kind. */
  failNext(failure: Failure, intent?: WindowIntent['intent']): void {
    this.#failing = { failure, intent };
  }

  /** From now on nothing is answered, as when the agent is gone. */
  breakDown(): void {
    this.#broken = true;
  }

  /** Holds every answer until the function that it gives is called. */
  hold(): () => void {
    let release = (): void => {};
    this.#held = new Promise((done) => {
      release = () => {
        this.#held = undefined;
        done();
      };
    });
    return release;
  }

  /** Shows another snapshot, as the agent does when something happened elsewhere. */
  show(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener(structuredClone(this.#snapshot));
  }

  #carryOut(intent: WindowIntent): WindowReply {
    switch (intent.intent) {
      case 'open-console': {
        this.#act(intent.role, { kind: 'idle' });
        const live = this.#live(intent.role);
        const others = this.#snapshot.sessions.filter((each) => each !== live);
        if (live) this.show({ sessions: [{ ...live, console: { page: this.#snapshot.roles.find((each) => each.name === intent.role)?.destination ?? '', region: 'eu-west-1', opened: new Date(this.#now()).toISOString(), until: live.expires } }, ...others] });
        return done();
      }
      case 'copy-credentials':
        this.#live(intent.role);
        return done(`copied; the clipboard is cleared at ${this.#time(30_000)}`);
      case 'answer-prompt':
        this.#answer(intent.prompt, intent.answer);
        return done();
      case 'dismiss-prompt':
        this.show({ prompts: this.#snapshot.prompts.filter((each) => each.id !== intent.prompt) });
        return done();
      case 'open-page':
        return done();
      case 'copy-signin-url':
        return done(`copied; the clipboard is cleared at ${this.#time(30_000)}`);
      case 'end-session': {
        const ended = this.#snapshot.sessions.find((each) => each.id === intent.session);
        this.show({ sessions: this.#snapshot.sessions.filter((each) => each !== ended) });
        return done(`ended; copies stay valid until ${this.#time(Date.parse(ended?.expires ?? '') - this.#now())}`);
      }
      case 'set-favourite': {
        const { favourite } = intent;
        this.show({ roles: this.#snapshot.roles.map((each) => (each.name === intent.role ? { ...each, favourite } : each)), favourites: this.#favourites(intent.role, favourite) });
        return done();
      }
      case 'add-source': {
        const added = sourceOf(intent.name, intent.key);
        this.show({ sources: [...this.#snapshot.sources, added] });
        return { result: 'told', answer: { kind: 'identity', account: added.account.id, arn: added.arn } };
      }
      case 'test-source': {
        const { account, arn } = this.#snapshot.sources.find((each) => each.name === intent.source) ?? sourceOf(intent.source);
        return { result: 'told', answer: { kind: 'identity', account: account.id, arn } };
      }
      case 'check-role':
      case 'role-entry':
      case 'save-role':
      case 'edit-roles':
      case 'remove-roles':
      case 'order-favourites':
      case 'edit-account':
      case 'undo': {
        const { reply, change } = this.#roles.carryOut(intent, this.#snapshot);
        if (change) this.show(change);
        return reply;
      }
      case 'guide':
        return { result: 'told', answer: { kind: 'guide', view: this.guide.view(intent.notes, this.#snapshot.sources, this.#snapshot.roles.map((each) => each.name)) } };
      case 'make-role':
        return { result: 'told', answer: { kind: 'role-made', made: this.guide.make(intent.form, (this.#snapshot.sources.find((each) => each.name === intent.form.source) ?? sourceOf(intent.form.source))) } };
      case 'unmake-role':
        this.guide.unmake();
        return done();
      case 'try-role': {
        const { role: name, policy, source: by } = intent.form;
        const { account } = (this.#snapshot.sources.find((each) => each.name === by) ?? sourceOf(by));
        const kept = role(name, account, { source: by, destination: policy === 'AmazonEC2FullAccess' ? 'ec2' : '' });
        this.show({ roles: [...this.#snapshot.roles.filter((each) => each.name !== name), kept] });
        this.#live(name);
        return { result: 'told', answer: { kind: 'role-tried', role: name } };
      }
      case 'copy-written':
        return done('Copied');
      case 'open-iam-page':
        return done('Opened in the browser');
      case 'set':
      case 'read-journal':
      case 'read-diagnostics':
      case 'read-profiles':
      case 'source-keys':
      case 'edit-source':
      case 'rotate-source':
      case 'delete-old-key':
      case 'remove-source':
      case 'end-all-sessions':
      case 'renew-session':
      case 'cancel': {
        const { reply, change } = this.#panes.carryOut(intent, this.#snapshot, this.#now());
        if (change) this.show(change);
        return reply;
      }
      case 'look-for-import':
      case 'look-in-file':
      case 'import':
      case 'export-catalog':
      case 'save-catalog': {
        const { reply, change } = this.#bringing.carryOut(intent, this.#snapshot);
        if (change) this.show(change);
        return reply;
      }
      case 'show-window':
      case 'leave':
      case 'unsaved':
        return done();
    }
  }

  #favourites(role: string, favourite: boolean): string[] {
    const others = this.#snapshot.favourites.filter((name) => name !== role);
    return favourite ? [...others, role] : others;
  }

  #missing(intent: WindowIntent): Failure | undefined {
    if ('session' in intent && !this.#snapshot.sessions.some((each) => each.id === intent.session))
      return { code: 'not-found', message: 'that session has ended' };
    if ('role' in intent && !this.#snapshot.roles.some((each) => each.name === intent.role))
      return { code: 'not-found', message: `there is no role \`${intent.role}\``, hint: 'guise role list shows them' };
    return undefined;
  }

  /** The role's live session, begun now where there was none. */
  #live(name: string): SessionView | undefined {
    const live = this.#snapshot.sessions.find((each) => each.role === name);
    const role = this.#snapshot.roles.find((each) => each.name === name);
    if (live || !role) return live;
    const begun: SessionView = {
      id: `s-${name}`,
      role: name,
      account: role.account,
      production: role.production,
      access: role.read_only ? 'read-only' : 'full',
      session_name: 'ada',
      since: new Date(this.#now()).toISOString(),
      expires: new Date(this.#now() + HOUR).toISOString(),
      console: null,
    };
    this.show({ sessions: [begun, ...this.#snapshot.sessions] });
    return this.#snapshot.sessions[0];
  }

  #answer(id: number, answer: string): void {
    const again = (each: PromptView): Failure | undefined => {
      if (each.question.kind === 'mfa-code') return answer === REFUSED_CODE ? refusedCode : undefined;
      if (each.question.kind === 'keychain') return undefined;
      return each.question.word !== undefined && each.question.word !== answer ? wrongWord : undefined;
    };
    const left = (each: PromptView): PromptView[] => {
      const failure = again(each);
      return failure ? [{ ...each, again: failure }] : [];
    };
    this.show({ prompts: this.#snapshot.prompts.flatMap((each) => (each.id === id ? left(each) : [each])) });
  }

  #act(name: string, activity: Activity): void {
    this.show({ roles: this.#snapshot.roles.map((each) => (each.name === name ? { ...each, activity } : each)) });
  }

  #time(ahead: number): string {
    return new Date(this.#now() + ahead).toTimeString().slice(0, 5);
  }
}

function done(message = ''): WindowReply {
  return { result: 'done', message };
}

/** A source as it is shown once AWS has told whose it is. */
function sourceOf(name: string, key?: EnteredKey): SourceView {
  return source(name, development, {
    access_key_id: key?.kind === 'access-key' ? key.id : null,
    profile: key?.kind === 'profile' ? key.name : null,
  });
}

/** The end of what was stopped. */
function stopped(stop: AbortSignal): Promise<WindowReply> {
  const failure: Failure = { code: 'cancelled', message: 'it was stopped, and nothing was changed' };
  return new Promise((done) => stop.addEventListener('abort', () => done({ result: 'failed', failure }), { once: true }));
}
