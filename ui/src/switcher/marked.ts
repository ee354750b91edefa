// Texts with the letters that were found in them, cut into pieces to draw.
import { grouped } from '../account';

export type Span = [number, number];
export type Piece = { text: string; found: boolean };

/** The text in pieces, those that were found marked. */
export function pieces(text: string, spans: Span[]): Piece[] {
  const all: Piece[] = [];
  let at = 0;
  for (const [start, end] of spans) {
    if (start > at) all.push({ text: text.slice(at, start), found: false });
    all.push({ text: text.slice(start, end), found: true });
    at = end;
  }
  if (at < text.length) all.push({ text: text.slice(at), found: false });
  return all;
}

/** An account's digits in groups of four, with what was found in them before they were in groups. */
export function groupedPieces(id: string, spans: Span[]): Piece[] {
  const moved = spans.map(([start, end]): Span => [start + Math.floor(start / 4), end + Math.floor((end - 1) / 4)]);
  return pieces(grouped(id), moved);
}
