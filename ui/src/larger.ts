// Larger text by the keys of every browser: all sizes are told in the page's own, which this sets.

/** In parts of a hundred. */
const STEPS = [100, 110, 125, 150, 175, 200];

let step = 0;

/** Control or Command with plus, minus or zero. */
export function larger(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const by = { '+': 1, '=': 1, '-': -1, '0': -step }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  step = Math.min(Math.max(step + by, 0), STEPS.length - 1);
  document.documentElement.style.fontSize = step === 0 ? '' : `${STEPS[step]}%`;
}
