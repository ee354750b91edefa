// The manager's panes, in the order of their keys.

export const panes = ['roles', 'sources', 'sessions', 'journal', 'settings', 'import', 'about'] as const;
export type Pane = (typeof panes)[number];

/** The pane that Ctrl or Alt with a digit goes to. By the key's place: with Alt, some layouts write another character. */
export function paneOf(event: KeyboardEvent): Pane | undefined {
  if (!(event.ctrlKey || event.altKey || event.metaKey) || event.shiftKey) return undefined;
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  return digit === undefined ? undefined : panes[Number(digit) - 1];
}
