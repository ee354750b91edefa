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
  /** The role in the catalog that was tried and worked. */
  tried = $state('');
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
    this.#waiting = setTimeout(() => void this.tell(), PAUSE);
  }

  /** Tells the agent at once, and takes what follows. */
  async tell(): Promise<void> {
    clearTimeout(this.#waiting);
    const number = ++this.#told;
    const view = await this.#ask($state.snapshot(this.notes));
    // An answer to what has changed since is of no use.
    if (view && number === this.#told) this.view = view;
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
        return this.sketch?.kept != null;
    }
  }

  /** Asks for something about the role as it was typed. */
  async ask(row: Row, intent: WindowIntent): Promise<WindowReply | undefined> {
    const reply = await this.asking.ask(row, intent);
    await this.tell();
    return reply;
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
