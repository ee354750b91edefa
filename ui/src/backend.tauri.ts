// The agent, through this window's own process. The only file that imports @tauri-apps.
import { Channel, invoke } from '@tauri-apps/api/core';
import type { Backend } from './backend';
import type { Snapshot } from './generated/Snapshot';
import type { WindowReply } from './generated/WindowReply';

export const tauriBackend: Backend = {
  async watch(listener) {
    let listening = true;
    const channel = new Channel<Snapshot>((snapshot) => {
      if (listening) listener(snapshot);
    });
    await invoke('watch', { channel });
    return () => {
      listening = false;
    };
  },
  ask(intent) {
    return invoke<WindowReply>('ask', { intent });
  },
};
