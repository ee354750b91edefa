// Times as a person reads them. Pure: every function takes `now`, in milliseconds.
import { words } from './words';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What is left until `until`, in whole minutes that are certainly left: `1 h 05 min`, `42 min`. */
export function timeLeft(until: string, now: number): string {
  const left = Date.parse(until) - now;
  if (left <= 0) return words.time.ended;
  const minutes = Math.floor(left / MINUTE);
  if (minutes < 1) return words.time.lastMinute;
  if (minutes < 60) return words.time.minutes(minutes);
  return words.time.hours(Math.floor(minutes / 60), String(minutes % 60).padStart(2, '0'));
}

/** Whether little enough is left to say so with more weight. */
export function isEnding(until: string, now: number): boolean {
  return Date.parse(until) - now < 10 * MINUTE;
}

/** The time of day, `17:40`, with the day where it is not today's: `24 Nov 02:10`. */
export function timeOfDay(instant: string, now: number): string {
  const at = new Date(instant);
  const time = `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
  const near = Math.abs(at.getTime() - now) < DAY && at.getDate() === new Date(now).getDate();
  if (near) return time;
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' }).format(at);
  return `${day} ${time}`;
}
