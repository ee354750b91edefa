// The keys of the switcher. Text keys keep their meaning: what is done to a row goes by Alt, and by arrows where the text ends.

export type Key = { key: string; does: string };

const isMac = /Mac/.test(navigator.platform);
const NAMED: Record<string, string> = { Enter: '⏎', Right: '→', Escape: 'Esc' };

/** Whether a key goes by Alt. */
function isLetter({ key }: Key): boolean {
  return key.length === 1;
}

/** As it is drawn on this system. */
export function drawn(key: Key): string {
  if (!isLetter(key)) return NAMED[key.key] ?? key.key;
  return isMac ? `⌥${key.key}` : `Alt ${key.key}`;
}

/** As a screen reader is told. */
export function shortcut(key: Key): string {
  if (isLetter(key)) return `Alt+${key.key}`;
  return key.key === 'Right' ? 'ArrowRight' : key.key;
}

/** The key that was pressed, by the name that it has here; undefined where it is none of ours. */
export function pressed(event: KeyboardEvent): string | undefined {
  const { altKey, ctrlKey, metaKey, shiftKey } = event;
  if (ctrlKey || metaKey) return undefined;
  // By its place: with Option, a Mac writes another letter.
  if (altKey) return /^Key[A-Z]$/.test(event.code) && !shiftKey ? event.code.slice(3) : undefined;
  if (event.key === 'Enter' || event.key === 'Escape') return event.key;
  const field = event.target;
  if (shiftKey || !(field instanceof HTMLInputElement)) return undefined;
  const isEmptySelection = field.selectionStart === field.selectionEnd;
  if (event.key === 'ArrowRight' && isEmptySelection && field.selectionStart === field.value.length) return 'Right';
  if (event.key === 'ArrowLeft' && field.value === '') return 'Left';
  if (event.key === 'Backspace' && field.value === '') return 'Backspace';
  return undefined;
}
