// Codes as people copy them, and how long the present one lasts.

/** How many digits a code has. */
export const DIGITS = 6;

/** Devices show another code twice a minute, by everybody's clock. */
const WINDOW = 30;

/** The digits of what was typed or pasted: `123 456` and `123-456` are the same code. */
export function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

/** For how many seconds more the device shows the present code. */
export function secondsLeft(now: number): number {
  return WINDOW - (Math.floor(now / 1000) % WINDOW);
}
