// Watching the agent for as long as a window shows what it tells.
import type { Backend } from './backend';
import type { Snapshot } from './generated/Snapshot';

/**
 * Shows each snapshot until the function that it gives is called; `lost` hears that there is no way to the agent, `closing` that a
 * window with something unsaved in it is to be closed.
 */
export function watching(backend: Backend, show: (snapshot: Snapshot) => void, lost: () => void, closing?: () => void): () => void {
  const begun = backend.watch(show, closing);
  begun.catch(lost);
  return () => void begun.then((stop) => stop()).catch(() => undefined);
}
