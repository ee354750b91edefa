// What was just said is brought into sight, as far as it must be.
import type { Attachment } from 'svelte/attachments';

/** Scrolls as little as shows the element, once what else moves has come to rest. */
export const intoSight: Attachment<HTMLElement> = (element) => {
  const waiting = requestAnimationFrame(() => element.scrollIntoView?.({ block: 'nearest' }));
  return () => cancelAnimationFrame(waiting);
};
