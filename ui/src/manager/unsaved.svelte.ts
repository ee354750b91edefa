// Forms of the manager whose words would be lost with them, for whoever would take them away.
import { SvelteSet } from 'svelte/reactivity';

class Unsaved {
  readonly #forms = new SvelteSet<symbol>();

  /** Whether something would be lost by another pane. */
  get any(): boolean {
    return this.#forms.size > 0;
  }

  /** Holds a form's words until the function that it gives is called. */
  hold(): () => void {
    const form = Symbol();
    this.#forms.add(form);
    return () => void this.#forms.delete(form);
  }
}

export const unsaved = new Unsaved();
