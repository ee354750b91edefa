// Moving in a list of rows by keyboard. A row is an element with `data-row`; its first action has `data-primary` and takes the focus.
import { tick } from 'svelte';
import type { Attachment } from 'svelte/attachments';

/** How far Page Up and Page Down move. */
const PAGE = 8;

/** What a letter or a sideways arrow does in the focused row; false where it does nothing. */
export type RowKeys = (key: string, row: string) => boolean;

export function rows(entered: (row: string) => void, keys: RowKeys): Attachment<HTMLElement> {
  return (list) => {
    let focused: Element | undefined;
    const onfocusin = (event: FocusEvent): void => {
      focused = event.target instanceof Element ? event.target : undefined;
      const row = rowOf(focused);
      if (row !== undefined) entered(row);
    };
    const onfocusout = (event: FocusEvent): void => {
      if (event.relatedTarget) focused = undefined;
    };
    const onkeydown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || isText(event.target) || isAsked(event.target)) return;
      const inside = list.contains(document.activeElement);
      // From the pane's own head a key leads into the list too.
      if (!inside && document.activeElement !== document.body && !document.activeElement?.closest('header')) return;
      const row = inside ? rowOf(document.activeElement) : undefined;
      // Holding Enter down must not open a console for each repeat.
      const held = event.repeat && event.key === 'Enter';
      if (held || move(list, event.key) || (row !== undefined && !event.repeat && keys(event.key, row))) event.preventDefault();
    };
    const onclick = (event: MouseEvent): void => {
      const clicked = event.target instanceof Element ? event.target : null;
      // A click that ends a selection, or lands on a control, is not meant for the row.
      if (clicked?.closest('button, input, form, [role="alertdialog"]') || !getSelection()?.isCollapsed) return;
      primary(clicked?.closest('[data-row]'))?.focus({ preventScroll: true });
    };
    // When the focused row goes, because its session ended, the focus stays in the list.
    const gone = new MutationObserver(() => {
      if (focused && !focused.isConnected && isNowhere()) enter();
    });
    gone.observe(list, { childList: true, subtree: true });
    list.addEventListener('focusin', onfocusin);
    list.addEventListener('focusout', onfocusout);
    list.addEventListener('click', onclick);
    document.addEventListener('keydown', onkeydown);
    return () => {
      gone.disconnect();
      document.removeEventListener('keydown', onkeydown);
      // The list is gone as a whole; what stands in its place is there a moment later, and may have taken the focus.
      if (focused && isNowhere()) void tick().then(() => isNowhere() && enter());
    };
  };
}

/** Puts the focus on the list's present row: the one that Tab would reach. */
export function focusRow(within: Element | undefined | null): boolean {
  const target = within?.querySelector<HTMLElement>('[data-primary][tabindex="0"]');
  target?.focus();
  return Boolean(target);
}

/** Puts the focus where it is of use in the pane: on the present row, or what stands for one; else on the pane itself. */
export function enter(): void {
  const main = document.querySelector('main');
  if (!focusRow(main)) main?.focus();
}

/** Whether a key pressed there is text being written. */
export function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/** Whether a key is pressed in a question, which has to be answered first. */
function isAsked(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="alertdialog"]') !== null;
}

function isNowhere(): boolean {
  return document.activeElement === document.body;
}

function rowOf(element: Element | undefined | null): string | undefined {
  return element?.closest<HTMLElement>('[data-row]')?.dataset['row'];
}

function primary(row: Element | undefined | null): HTMLElement | null {
  return row?.querySelector<HTMLElement>('[data-primary]') ?? null;
}

function move(list: HTMLElement, key: string): boolean {
  const all = [...list.querySelectorAll<HTMLElement>('[data-row]')];
  const present = all.findIndex((row) => row.contains(document.activeElement));
  const entered = all.findIndex((row) => primary(row)?.tabIndex === 0);
  const last = all.length - 1;
  const steps: Record<string, number> = {
    ArrowDown: present < 0 ? entered : present + 1,
    ArrowUp: present < 0 ? entered : present - 1,
    PageDown: present + PAGE,
    PageUp: present - PAGE,
    Home: 0,
    End: last,
  };
  const step = steps[key];
  if (step === undefined || last < 0) return false;
  const row = all[Math.min(Math.max(step, 0), last)];
  primary(row)?.focus({ preventScroll: true });
  row?.scrollIntoView?.({ block: 'nearest' });
  // A row that is taller than its list is in sight in part: that part must have the focus in it.
  primary(row)?.scrollIntoView?.({ block: 'nearest' });
  return true;
}
