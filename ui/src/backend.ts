// The port to the agent: all that a window can see, ask or find. None has a place for a secret.
import type { Found } from './generated/Found';
import type { Query } from './generated/Query';
import type { Snapshot } from './generated/Snapshot';
import type { WindowIntent } from './generated/WindowIntent';
import type { WindowReply } from './generated/WindowReply';

export interface Backend {
  /**
   * Shows the listener the present snapshot and then each new one; resolves to the way to stop. `closing` hears that the person
   * wants to close a window in which something is unsaved.
   */
  watch(listener: (snapshot: Snapshot) => void, closing?: () => void): Promise<() => void>;
  /** Says whether something typed would be lost with the window: then it is not closed without a question. */
  holdOpen(unsaved: boolean): void;
  /**
   * Asks for something to be done. What does not work comes back as a reply, not as a rejection. Where `stop` is given, it can be
   * stopped; the reply is how it really ended, for some things can no longer be.
   */
  ask(intent: WindowIntent, stop?: AbortSignal): Promise<WindowReply>;
  /** Finds roles and pages, for the switcher alone: its snapshots have no roles. */
  find(query: Query): Promise<Found>;
}
