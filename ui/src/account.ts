// Accounts as a person tells them apart: by name, by grouped digits, and by one of eight colours.

/** `111122223333` as `1111 2222 3333`. */
export function grouped(id: string): string {
  return id.replace(/(\d{4})(?=\d)/g, '$1 ');
}

/** The class of an account's colour in tokens.css: the same for the same account, everywhere and for ever. */
export function colourClass(id: string): string {
  // FNV-1a: spreads neighbouring ids, which adding up the digits would not.
  let hash = 0x811c9dc5;
  for (const digit of id) hash = Math.imul(hash ^ digit.charCodeAt(0), 0x01000193) >>> 0;
  return `account-${((hash >>> 16) ^ hash) & 7}`;
}
