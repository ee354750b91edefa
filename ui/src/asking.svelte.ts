// What this window has asked for: what is under way, what did not work and at which row, and what there is to say.
import { SvelteMap } from 'svelte/reactivity';
import type { Backend } from './backend';
import type { Failure } from './generated/Failure';
import type { WindowIntent } from './generated/WindowIntent';
import type { WindowReply } from './generated/WindowReply';
import { words } from './words';

/** Where an intent was asked from, a row or a form: its failure is shown there. */
export type Row = `role:${string}` | `session:${string}` | `source:${string}` | `form:${string}`;

/** How long a message stays: long enough to be read twice. */
const MESSAGE_STAYS = 30_000;

export class Asking {
  readonly #backend: Backend;
  /** What is under way, by its name: where it was asked from, what it does, and how it is stopped. Not the intent, which may hold a secret. */
  readonly #underWay = new SvelteMap<string, { row: Row; does: WindowIntent['intent']; stop: AbortController }>();
  readonly #failures = new SvelteMap<Row, Failure>();
  #message = $state('');
  /** The edit that the message is about. */
  #undo = $state<number>();
  /** Every edit of this window that was not taken back, the last at the end. */
  #edits = $state.raw<{ undo: number; message: string }[]>([]);
  #fading: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** What to tell the person now; empty where there is nothing. */
  get message(): string {
    return this.#message;
  }

  isUnderWay(intent: WindowIntent): boolean {
    return this.#underWay.has(named(intent));
  }

  failureAt(row: Row): Failure | undefined {
    return this.#failures.get(row);
  }

  /** Asks once: the same thing is not asked again while it is under way. Gives what was told, where something was done. */
  async ask(row: Row, intent: WindowIntent): Promise<WindowReply | undefined> {
    const name = named(intent);
    if (this.#underWay.has(name)) return undefined;
    const stop = new AbortController();
    this.#underWay.set(name, { row, does: intent.intent, stop });
    this.forgetFailure(row);
    this.say('');
    const reply = await this.#answer(intent, stop.signal);
    this.#underWay.delete(name);
    if (reply.result === 'done') this.say(reply.message || (intent.intent === 'renew-session' ? words.renewed(intent.role) : ''));
    else if (reply.result === 'failed' && reply.failure.code === 'cancelled') this.say(reply.failure.message);
    else if (reply.result === 'failed') this.#failures.set(row, reply.failure);
    else if (reply.result === 'told' && reply.answer.kind === 'undoable') {
      this.say(reply.answer.message, reply.answer.undo);
    }
    return reply;
  }

  /** Stops what is under way, if it can still be stopped: its own reply says how it ended. */
  stop(intent: WindowIntent): void {
    this.#underWay.get(named(intent))?.stop.abort();
  }

  /** Stops whatever was asked from a row, or from anywhere; false where nothing is under way there. */
  stopAt(row?: Row): boolean {
    const there = [...this.#underWay.values()].filter((each) => row === undefined || each.row === row);
    for (const each of there) each.stop.abort();
    return there.length > 0;
  }

  /** What was asked from a row and is under way, if anything is. */
  doingAt(row: Row): WindowIntent['intent'] | undefined {
    return [...this.#underWay.values()].find((each) => each.row === row)?.does;
  }

  /** Asks for something to read, and touches nothing that is shown: for what is asked while somebody types. */
  read(intent: WindowIntent): Promise<WindowReply> {
    return this.#answer(intent);
  }

  /** Whether the message is about an edit that can be taken back. */
  get offersUndo(): boolean {
    return this.#undo !== undefined;
  }

  /** Whether there is an edit to take back, whatever was said since. */
  get canUndo(): boolean {
    return this.#edits.length > 0;
  }

  /** Takes the last edit back; once more, the one before it. */
  async undo(): Promise<void> {
    const last = this.#edits.at(-1);
    if (!last) return;
    const reply = await this.ask('form:undo', { intent: 'undo', undo: last.undo });
    if (!reply) return;
    // One that cannot be taken back any more does not stand in the way of those before it.
    this.#edits = this.#edits.filter((edit) => edit !== last);
    if (reply.result === 'failed') this.say(reply.failure.message);
    else if (reply.result === 'done') this.say(words.undone(last.message));
  }

  /** Shows at a row what went only half well. */
  failAt(row: Row, failure: Failure): void {
    this.#failures.set(row, failure);
  }

  /** Takes a failure off its row, because it was read or because it is no longer so. */
  forgetFailure(row: Row): void {
    this.#failures.delete(row);
  }

  /** Shows a message for a while, with the edit that it is about where that can be taken back; an empty one takes the last away. */
  say(message: string, undo?: number): void {
    clearTimeout(this.#fading);
    this.#message = message;
    this.#undo = undo;
    if (undo !== undefined) this.#edits = [...this.#edits, { undo, message }];
    if (message) this.#fading = setTimeout(() => this.say(''), MESSAGE_STAYS);
  }

  async #answer(intent: WindowIntent, stop?: AbortSignal): Promise<WindowReply> {
    try {
      return await this.#backend.ask(intent, stop);
    } catch {
      // Only a broken way to the agent rejects. What it says is for engineers, so ours is shown instead.
      return { result: 'failed', failure: words.failures.noAnswer };
    }
  }
}

/** What an intent is called here: all that tells it from others, and nothing that was entered in secret. */
function named(intent: WindowIntent): string {
  return JSON.stringify(intent, (field, value: unknown) => (field === 'answer' || field === 'secret' || field === 'text' ? undefined : value));
}
