// Where the guide stands: what was typed, what the agent makes of it, and what is under way.
import { Asking, type Row } from '../asking.svelte';
import type { Backend } from '../backend';
import type { Failure } from '../generated/Failure';
import type { Field } from '../generated/Field';
import type { GuideNotes } from '../generated/GuideNotes';
import type { GuideStep } from '../generated/GuideStep';
import type { GuideView } from '../generated/GuideView';
import type { SketchView } from '../generated/SketchView';
import type { Snapshot } from '../generated/Snapshot';
import type { SourceView } from '../generated/SourceView';
import type { WindowIntent } from '../generated/WindowIntent';
import type { WindowReply } from '../generated/WindowReply';

export const STEPS: GuideStep[] = ['source', 'role', 'make', 'try', 'open'];

/** Typing goes on for so long before the agent is told. */
const PAUSE = 120;

export class Guide {
  readonly asking: Asking;
  readonly #backend: Backend;
  notes = $state<GuideNotes>({
    step: 'source',
    source: { way: '', name: '', access_key_id: '', profile: '', region: '' },
    form: { source: '', role: '', account: '', policy: '', mfa: false, mfa_serial: '', external_id: '', named_after_user: false, longest: '1h' },
  });
  view = $state.raw<GuideView>();
  snapshot = $state.raw<Snapshot>();
  failure = $state.raw<Failure>();
  /** What was tried last: for which role and source, and the role's name in the catalog where it worked. */
  #trial = $state.raw({ of: '', worked: '' });
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #told = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.asking = new Asking(backend);
  }

  get step(): GuideStep {
    return this.notes.step;
  }

  get sketch(): SketchView | undefined {
    return this.view?.sketch ?? undefined;
  }

  get source(): SourceView | undefined {
    return this.snapshot?.sources.find((each) => each.name === this.notes.form.source);
  }

  /** The role in the catalog that was tried and worked, if it is the one that is written now. */
  get tried(): string {
    return this.#trial.of === this.#aim && this.sketch?.kept === this.#trial.worked ? this.#trial.worked : '';
  }

  /** Why the last trial failed, if it was of the role that is written now. */
  get refused(): Failure | undefined {
    return this.#trial.of === this.#aim ? this.asking.failureAt('form:try') : undefined;
  }

  get #aim(): string {
    return JSON.stringify([this.sketch?.arn, this.notes.form.source]);
  }

  problem(field: Field): Failure | undefined {
    return this.view?.problems.find((each) => each.field === field)?.failure;
  }

  /** Takes up what was typed before the window was closed. */
  async begin(): Promise<void> {
    const view = await this.#ask(null);
    if (!view) return;
    const { form } = view.notes;
    this.notes = { ...view.notes, form: { ...form, longest: form.longest || '1h' } };
    this.view = view;
  }

  /** Tells the agent what was typed, once the typing pauses. */
  typed(): void {
    clearTimeout(this.#waiting);
    this.#backend.holdOpen(true);
    this.#waiting = setTimeout(() => void this.tell(), PAUSE);
  }

  /** Lets the window close, once all that was typed is told. */
  async close(): Promise<void> {
    await this.tell();
    await this.#backend.ask({ intent: 'leave' }).catch(() => undefined);
  }

  /** Tells the agent at once, and takes what follows. */
  async tell(): Promise<void> {
    clearTimeout(this.#waiting);
    const number = ++this.#told;
    const view = await this.#ask($state.snapshot(this.notes));
    // An answer to what has changed since is of no use.
    if (number !== this.#told) return;
    if (view) this.view = view;
    this.#backend.holdOpen(false);
  }

  async go(step: GuideStep): Promise<void> {
    this.notes.step = step;
    await this.tell();
  }

  /** Whether a step makes sense by now. */
  isOpen(step: GuideStep): boolean {
    switch (step) {
      case 'source':
        return true;
      case 'role':
        return this.source !== undefined;
      case 'make':
      case 'try':
        return this.sketch !== undefined;
      case 'open':
        return this.sketch?.kept != null && this.refused === undefined;
    }
  }

  /** Asks for one thing at a time from a place; the guide shows what follows from it. */
  async ask(row: Row, intent: WindowIntent): Promise<WindowReply | undefined> {
    if (this.asking.doingAt(row)) return undefined;
    const reply = await this.asking.ask(row, intent);
    await this.tell();
    return reply;
  }

  /** Tries the role as it is written. */
  async try(): Promise<void> {
    const of = this.#aim;
    const reply = await this.ask('form:try', { intent: 'try-role', form: $state.snapshot(this.notes.form) });
    if (reply) this.#trial = { of, worked: reply.result === 'told' && reply.answer.kind === 'role-tried' ? reply.answer.role : '' };
  }

  async #ask(notes: GuideNotes | null): Promise<GuideView | undefined> {
    try {
      const reply = await this.#backend.ask({ intent: 'guide', notes });
      if (reply.result === 'failed') this.failure = reply.failure;
      else this.failure = undefined;
      return reply.result === 'told' && reply.answer.kind === 'guide' ? reply.answer.view : undefined;
    } catch {
      return undefined;
    }
  }
}
