// The agent, through this window's own process. The only file that imports @tauri-apps.
import { Channel, invoke } from '@tauri-apps/api/core';
import type { Backend } from './backend';
import { changed } from './changed';
import type { Found } from './generated/Found';
import type { Shown } from './generated/Shown';
import type { Snapshot } from './generated/Snapshot';
import type { WindowReply } from './generated/WindowReply';

/** How much was asked: each ask is called by its number. */
let asked = 0;

export const tauriBackend: Backend = {
  async watch(listener, closing) {
    let listening = true;
    let snapshot: Snapshot | undefined;
    const channel = new Channel<Shown>((shown) => {
      if (shown.kind === 'closing') {
        // Said at once: a page that says nothing holds no window open.
        tauriBackend.holdOpen(listening);
        return listening ? closing?.() : undefined;
      }
      if (shown.kind === 'whole') snapshot = shown.snapshot;
      else if (snapshot) snapshot = changed(snapshot, shown.change);
      if (listening && snapshot) listener(snapshot);
    });
    await invoke('watch', { channel });
    return () => {
      listening = false;
    };
  },
  holdOpen(unsaved) {
    void tauriBackend.ask({ intent: 'unsaved', unsaved }).catch(() => undefined);
  },
  ask(intent, stop) {
    const id = (asked += 1);
    const cancel = (): void => void tauriBackend.ask({ intent: 'cancel', ask: id }).catch(() => undefined);
    stop?.addEventListener('abort', cancel, { once: true });
    return invoke<WindowReply>('ask', { id, intent }).finally(() => stop?.removeEventListener('abort', cancel));
  },
  find(query) {
    return invoke<Found>('find', { query });
  },
};
