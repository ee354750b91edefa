// A question that comes up under somebody's hands must not be answered by what they were typing elsewhere.

/** So long nothing may be pressed before what is pressed is meant for the question. */
export const CALM = 600;
/** Whoever still presses keys then has seen it. */
export const SEEN = 2500;

/** The keys that answer; what is written into a field is no answer yet. */
const ANSWERS = new Set(['Enter', 'Escape', ' ']);

/** Lets no key and no click answer before a pause, from each new question and from each time that the window comes to the front. */
export class Calm {
  readonly #clock: () => number;
  #begun: number;
  #pressed: number;
  #isCalm = false;

  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#begun = this.#pressed = clock();
  }

  /** Something new is to be read. */
  begin(): void {
    this.#begun = this.#pressed = this.#clock();
    this.#isCalm = false;
  }

  /** Whether an event is to be let through. */
  lets(event: Event): boolean {
    const now = this.#clock();
    this.#isCalm ||= now - this.#pressed >= CALM || now - this.#begun >= SEEN;
    this.#pressed = now;
    if (!(event instanceof KeyboardEvent)) return this.#isCalm;
    const isWritten = event.key === ' ' && event.target instanceof HTMLInputElement;
    return this.#isCalm || isWritten || !ANSWERS.has(event.key);
  }
}
