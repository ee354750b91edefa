// What the keys do in the list of roles.

/** Where a key moves from a row: undefined where it moves nowhere. Where nothing has the focus, the present row gets it. */
export function stepOf(event: KeyboardEvent, from: number, count: number, page: number, inside: boolean): number | undefined {
  if (count === 0 || event.ctrlKey || event.metaKey) return undefined;
  if (event.altKey && event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return undefined;
  const steps: Record<string, number> = { ArrowDown: inside ? from + 1 : from, ArrowUp: inside ? from - 1 : from, PageDown: from + page, PageUp: from - page, Home: 0, End: count - 1 };
  const step = steps[event.key];
  return step === undefined ? undefined : Math.min(Math.max(step, 0), count - 1);
}

export type Deed = 'copy' | 'read-only' | 'full' | 'show' | 'hide' | 'select' | 'all' | 'none' | 'edit' | 'duplicate' | 'remove' | 'favourite';

const PLAIN: Record<string, Deed> = {
  c: 'copy',
  r: 'read-only',
  f: 'full',
  e: 'edit',
  d: 'duplicate',
  s: 'favourite',
  Delete: 'remove',
  ArrowRight: 'show',
  ArrowLeft: 'hide',
};

/** What a key does with the present row. */
export function deedOf(event: KeyboardEvent, inside: boolean): Deed | undefined {
  if (event.altKey) return undefined;
  if (event.ctrlKey || event.metaKey) return event.key === 'a' && inside ? 'all' : undefined;
  if (event.key === 'Escape') return 'none';
  // On a button, Space presses it; only the first one's row is meant.
  if (event.key === ' ') return inside && event.target instanceof HTMLElement && event.target.dataset['primary'] !== undefined ? 'select' : undefined;
  return inside ? PLAIN[event.key] : undefined;
}
