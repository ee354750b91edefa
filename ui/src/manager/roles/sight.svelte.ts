// Which rows of a long list are in sight. Only those are drawn: heights are guessed until a row was seen, then known.

/** How far beyond the edges rows are drawn, so that scrolling finds them there. */
const BEYOND = 320;
/** Where nothing has been laid out yet. */
const ASSUMED = 640;

export class Sight {
  readonly #keys: () => string[];
  readonly #guess: (key: string) => number;
  readonly #heights = new Map<string, number>();
  #measured = $state(0);
  #top = $state(0);
  #room = $state(ASSUMED);
  /** Where each row begins; the last is where the list ends. */
  readonly #starts: Float64Array = $derived.by(() => {
    void this.#measured;
    const keys = this.#keys();
    const starts = new Float64Array(keys.length + 1);
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? '';
      starts[index + 1] = (starts[index] ?? 0) + (this.#heights.get(key) ?? this.#guess(key));
    }
    return starts;
  });

  constructor(keys: () => string[], guess: (key: string) => number) {
    this.#keys = keys;
    this.#guess = guess;
  }

  /** How high the whole list is. */
  get height(): number {
    return this.#starts[this.#starts.length - 1] ?? 0;
  }

  start(index: number): number {
    return this.#starts[index] ?? 0;
  }

  /** The first row that can be seen. */
  get first(): number {
    return this.#at(this.#top);
  }

  /** Whether a row has been scrolled out at the top, at least in part. */
  isPast(index: number): boolean {
    return this.start(index) < this.#top;
  }

  /** The rows to draw: those in sight, and what must stay: the row that has the focus, and the head over the first of them. */
  drawn(kept: number, headOf: (index: number) => number): number[] {
    const count = this.#starts.length - 1;
    const from = this.#at(this.#top - BEYOND);
    const to = Math.min(count, this.#at(this.#top + this.#room + BEYOND) + 1);
    const rows = new Set([headOf(from), kept].filter((index) => index >= 0 && index < count));
    for (let index = from; index < to; index += 1) rows.add(index);
    return [...rows].sort((a, b) => a - b);
  }

  /** How many rows a page has. */
  get page(): number {
    return Math.max(1, Math.floor(this.#room / 64));
  }

  /** Follows the scrolling of the element that the list is in. */
  scrolled(element: HTMLElement, list: HTMLElement): void {
    this.#top = Math.max(0, element.scrollTop - list.offsetTop);
    this.#room = element.clientHeight || ASSUMED;
  }

  /** Where the element must be scrolled to, so that a row is in sight, below what covers the top. */
  reveal(index: number, element: HTMLElement, list: HTMLElement, covered: number): void {
    const top = list.offsetTop + this.start(index);
    const bottom = list.offsetTop + this.start(index + 1);
    if (top - covered < element.scrollTop) element.scrollTop = Math.max(0, top - covered);
    else if (bottom > element.scrollTop + (element.clientHeight || ASSUMED)) element.scrollTop = bottom - (element.clientHeight || ASSUMED);
    this.scrolled(element, list);
  }

  /** Follows how high a row is, for as long as it is drawn. */
  measure(key: string): (element: HTMLElement) => () => void {
    return (element) => {
      if (typeof ResizeObserver === 'undefined') return () => {};
      const watching = new ResizeObserver(() => this.seen(key, element.offsetHeight));
      watching.observe(element);
      return () => watching.disconnect();
    };
  }

  /** A row was laid out. */
  seen(key: string, height: number): void {
    if (height <= 0 || this.#heights.get(key) === height) return;
    this.#heights.set(key, height);
    this.#measured += 1;
  }

  #at(place: number): number {
    let low = 0;
    let high = Math.max(0, this.#starts.length - 2);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
