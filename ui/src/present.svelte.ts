// The present row of a list: the one that Tab reaches and Enter acts on.

export class PresentRow {
  readonly #rows: () => string[];
  #chosen = $state('');
  #place = $state(0);

  constructor(rows: () => string[], chosen = '') {
    this.#rows = rows;
    this.#chosen = chosen;
  }

  /** The chosen row; where it is gone, the one that took its place. */
  get row(): string | undefined {
    const rows = this.#rows();
    return rows.includes(this.#chosen) ? this.#chosen : rows[Math.min(this.#place, rows.length - 1)];
  }

  choose(row: string): void {
    this.#chosen = row;
    this.#place = Math.max(0, this.#rows().indexOf(row));
  }

  /** Back to the first row, as when what is listed is another. */
  reset(): void {
    this.#chosen = '';
    this.#place = 0;
  }
}
