import { newIdAt } from '#lib/ids.ts';
import { instantOf, localTime } from '#messages/quiet-hours/zone-clock.ts';
import type { Random } from './random.ts';

/** Somebody on the list. Names and numbers are made up: 555-01xx and 07700 900 are kept for fiction. */
export interface PastFan {
  id: string;
  name: string | null;
  number: string;
  country: 'US' | 'GB';
  zone: string;
  joinedAt: Date;
  /** The streaming service, once she signed in there; `end`: how that ended. */
  link: { at: Date; user: string; end: 'expired' | 'revoked' | null } | null;
  optedOut: { at: Date; word: string } | null;
  /** Agreed to texts, by a keyword whose words say so. */
  hasConsent: boolean;
  /** A sentence that may mean STOP holds all texts (R41). */
  isHeld: boolean;
}

const areas = [
  ['303', 'America/Denver'],
  ['512', 'America/Chicago'],
  ['212', 'America/New_York'],
  ['617', 'America/New_York'],
  ['312', 'America/Chicago'],
  ['206', 'America/Los_Angeles'],
  ['503', 'America/Los_Angeles'],
  ['404', 'America/New_York'],
  ['615', 'America/Chicago'],
  ['602', 'America/Phoenix'],
  ['313', 'America/Detroit'],
  ['215', 'America/New_York'],
] as const;

const first =
  'Maya Leo Priya Tomás Aisha Ben Camille Dario Elif Finn Grace Hugo Imani Jonah Keiko Lena Marcus Nadia Omar Paula Quinn Rosa Sam Theo Uma Vera Wyatt Ximena Yusuf Zoe'.split(
    ' ',
  );
const last =
  'Alvarez Brandt Castellano Dufresne Ekström Farouk Gallagher Hosseini Ivers Jansen Kowalczyk Lindgren Mbeki Novak Ortega Petrov Quiñones Rossi Sato Thibault Ueda Vance Whitlock Xu Yamamoto Ziegler'.split(
    ' ',
  );

/** The `index`th fan, who texted first at `joinedAt`. */
export function makePerson(random: Random, index: number, joinedAt: Date): PastFan {
  const { area, zone } = placeOf(index);
  const line = String(100 + Math.floor(index / areas.length)).padStart(4, '0');
  // A text brings a number and no name; most names come with a sign-in or from the artist.
  const name = random.chance(0.8) ? `${random.pick(first)} ${random.pick(last)}` : null;
  return {
    id: newIdAt(joinedAt),
    name,
    number: `+1${area}555${line}`,
    country: 'US',
    zone,
    joinedAt,
    link: null,
    optedOut: null,
    hasConsent: false,
    isHeld: false,
  };
}

/** Where the `index`th fan lives. */
export function placeOf(index: number): { area: string; zone: string } {
  const [area, zone] = areas[index % areas.length] ?? areas[0];
  return { area, zone };
}

/** An account name at the streaming service. */
export function userOf(fan: PastFan, index: number): string {
  const plain = (fan.name ?? 'listener').normalize('NFD').replaceAll(/[^\w ]/g, '');
  return `${plain.toLowerCase().replaceAll(' ', '-')}-${index}`;
}

/** A moment on that day when people text: from nine to eleven at night where they live. */
export function wakingMoment(random: Random, zone: string, day: Date): Date {
  const { year, month, day: date } = localTime(zone, day.getTime());
  const minutes = Math.floor(random.between(9 * 60, 23 * 60));
  const seconds = Math.floor(random.between(0, 60));
  return new Date(instantOf(zone, { year, month, day: date }, minutes) + seconds * 1_000);
}

/** The first eight o'clock there after `at`. */
export function nextMorning(zone: string, at: Date): Date {
  const { year, month, day, minutes } = localTime(zone, at.getTime());
  const date = new Date(Date.UTC(year, month - 1, day + (minutes < 8 * 60 ? 0 : 1)));
  const morning = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  return new Date(instantOf(zone, morning, 8 * 60));
}
