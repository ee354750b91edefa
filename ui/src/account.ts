// Accounts as a person tells them apart: by name, by grouped digits, and by one of eight colours.
import type { Colour } from './generated/Colour';

/** `111122223333` as `1111 2222 3333`. */
export function grouped(id: string): string {
  return id.replace(/(\d{4})(?=\d)/g, '$1 ');
}

/** Whether an environment is the word for production, however it is written. */
export function saysProduction(environment: string): boolean {
  return environment.trim().toLowerCase() === 'production';
}

/** The eight colours, in the order of their classes in tokens.css. */
export const colours: readonly Colour[] = ['blue', 'orange', 'green', 'pink', 'teal', 'yellow', 'violet', 'brown'];

/** The class of an account's colour in tokens.css: the person's own choice, else the same for the same account, everywhere and for ever. */
export function colourClass(id: string, colour?: Colour): string {
  if (colour) return `account-${colours.indexOf(colour)}`;
  // FNV-1a: spreads neighbouring ids, which adding up the digits would not.
  let hash = 0x811c9dc5;
  for (const digit of id) hash = Math.imul(hash ^ digit.charCodeAt(0), 0x01000193) >>> 0;
  return `account-${((hash >>> 16) ^ hash) & 7}`;
}
