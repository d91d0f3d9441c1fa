import type { CountryPack, PackHours } from '../countries/country-pack.ts';
import { addDays, isHoliday, weekdayOf, type LocalDate } from './holidays.ts';
import { instantOf, localTime } from './zone-clock.ts';

/** What of a country's pack decides when a text may go. */
export type HoursPack = Pick<
  CountryPack,
  'name' | 'zones' | 'hours' | 'unknownRegion' | 'regions' | 'holidays' | 'holidaysAreMoved'
>;

/** Minutes after local midnight: open from `from` (included) to `to` (excluded). */
export interface OpenHours {
  from: number;
  to: number;
}

/** One hint of where a fan is: the number's area code, a stated address, the zone of a browser (R46). */
export interface PlaceSignal {
  source: 'number' | 'address' | 'browser';
  /** IANA zones the fan may be in; a text waits until it is open in all of them. Empty: the signal says nothing. */
  zones: readonly string[];
  /** Region of the pack's country, `FL`; null if unknown. */
  region: string | null;
  seenAt: Date;
}

export interface OpeningQuestion {
  now: Date;
  signals: readonly PlaceSignal[];
  /** Of the country that the text goes to: `packFor`. */
  pack: HoursPack;
}

/** `until` is when it closes again: what a spread must stay inside of. */
export type Opening = { open: true } | { open: false; at: Date; until: Date };

/** A zone with the hours that hold in it; a marketing text needs every one of them open. */
interface Place {
  zone: string;
  hours: PackHours;
  pack: HoursPack;
  /** R46: where the hours of all signals have nothing in common, the newest one's middle of the day counts. */
  cut: OpenHours | null;
}

const dayMs = 86_400_000;
const browserSignalMs = 30 * dayMs;

/** Hours repeat weekly, and no run of closed days is longer than a week and a few holidays. */
const searchDays = 12;
const searchMs = searchDays * dayMs;

const middleOfDay: OpenHours = { from: 12 * 60, to: 18 * 60 };

/**
 * Whether a marketing text may go now, and if not, the first moment at which it may (R46). Open is
 * what is open in every zone of every signal, each by the hours of its own region; a browser's zone
 * counts for 30 days. No signal: the pack's hours for an unknown region, in its mainland zones. If
 * the signals leave no common time at all, the newest alone counts, cut to 12–18 local; should its
 * own zones have nothing in common either, the mainland zones do. Exemptions are the caller's.
 */
export function nextOpening({ now, signals, pack }: OpeningQuestion): Opening {
  const found = search(signals, pack, now.getTime());
  if (found.at === now.getTime()) return { open: true };
  return { open: false, at: new Date(found.at), until: new Date(found.until) };
}

/**
 * The first moment from `instant` on that is open by the best reading that has an answer. A lesser
 * reading holds only while the better ones are empty: one that gets an answer by and by (a change to
 * summer time, a holiday that passes) takes over `searchMs` ahead of it, and the promise minds that.
 */
function search(
  signals: readonly PlaceSignal[],
  pack: HoursPack,
  instant: number,
): { at: number; until: number } {
  const changesAt = nextForgetting(signals, instant);
  const empty: (readonly Place[])[] = [];
  for (const places of readings(signals, pack, instant)) {
    const at = firstCommonOpening(places, instant, instant + searchMs);
    if (at === null) {
      empty.push(places);
      continue;
    }
    // By then something that counts now is forgotten: what counts then decides.
    if (at >= changesAt) return search(signals, pack, changesAt);
    let until = Math.min(changesAt, ...places.map((place) => closingOf(place, at)));
    for (const better of empty) {
      const opening = firstCommonOpening(better, at, until + searchMs);
      if (opening === null) continue;
      const takeOver = opening - searchMs;
      if (takeOver <= at) return search(signals, pack, Math.max(takeOver, instant + 1));
      until = Math.min(until, takeOver);
    }
    return { at, until };
  }
  throw new Error(`country pack ${pack.name} is never open in ${pack.zones.join(', ')}`);
}

/** What to try, best first; built one by one because the first nearly always has an answer. */
function* readings(signals: readonly PlaceSignal[], pack: HoursPack, instant: number): Generator<Place[]> {
  const held = signals.filter((signal) => saysSomething(signal, instant));
  const [first, ...others] = held;
  if (first !== undefined) {
    yield held.flatMap((signal) => placesOf(signal, pack, null));
    const newest = others.reduce((best, signal) => (signal.seenAt > best.seenAt ? signal : best), first);
    yield placesOf(newest, pack, middleOfDay);
    yield mainland(pack, middleOfDay);
  }
  yield mainland(pack, null);
}

function saysSomething(signal: PlaceSignal, instant: number): boolean {
  if (signal.zones.length === 0) return false;
  return signal.source !== 'browser' || instant - signal.seenAt.getTime() < browserSignalMs;
}

/** When the next browser's zone is too old to count; never: infinity. */
function nextForgetting(signals: readonly PlaceSignal[], instant: number): number {
  const ends = signals.flatMap(({ source, seenAt, zones }) =>
    source === 'browser' && zones.length > 0 ? [seenAt.getTime() + browserSignalMs] : [],
  );
  return Math.min(Infinity, ...ends.filter((end) => end > instant));
}

function placesOf(signal: PlaceSignal, pack: HoursPack, cut: OpenHours | null): Place[] {
  const hours = hoursIn(pack, signal.region);
  return signal.zones.map((zone) => ({ zone, hours, pack, cut }));
}

function hoursIn(pack: HoursPack, region: string | null): PackHours {
  if (region === null) return pack.unknownRegion ?? pack.hours;
  return pack.regions[region]?.hours ?? pack.hours;
}

function mainland(pack: HoursPack, cut: OpenHours | null): Place[] {
  return pack.zones.map((zone) => ({ zone, hours: hoursIn(pack, null), pack, cut }));
}

/** Moves from place to place, each time to the next moment that suits it, until one suits all. */
function firstCommonOpening(places: readonly Place[], instant: number, last: number): number | null {
  let at = instant;
  for (let before = -1; before !== at;) {
    before = at;
    for (const place of places) {
      const next = openingOf(place, at, last);
      if (next === null) return null;
      at = next;
    }
  }
  return at;
}

/** The first moment from `instant` on that is open in this place; null if there is none up to `last`. */
function openingOf(place: Place, instant: number, last: number): number | null {
  const today = localTime(place.zone, instant);
  if (contains(openHoursOn(place, today), today.minutes)) return instant;
  for (let days = 0; days <= searchDays + 1; days++) {
    const date = addDays(today, days);
    const open = openHoursOn(place, date);
    if (open === null) continue;
    const opening = instantOf(place.zone, date, open.from);
    if (opening > last) return null;
    if (opening >= instant) return opening;
  }
  return null;
}

function closingOf(place: Place, instant: number): number {
  const local = localTime(place.zone, instant);
  const open = openHoursOn(place, local);
  return open === null ? instant : instantOf(place.zone, local, open.to);
}

function openHoursOn({ hours, pack, cut }: Place, date: LocalDate): OpenHours | null {
  const onWeekday = openHours(dayIn(hours, weekdayOf(date)));
  const isClosedMore = hours.holidays !== undefined && isHoliday(pack, date);
  const open = isClosedMore ? overlap(onWeekday, openHours(hours.holidays ?? null)) : onWeekday;
  return cut === null ? open : overlap(open, cut);
}

function dayIn({ weekdays, saturday, sunday }: PackHours, weekday: number) {
  if (weekday === 0) return sunday;
  return weekday === 6 ? saturday : weekdays;
}

/** From hours of the clock, as packs write them. */
export function openHours(day: readonly [number, number] | null): OpenHours | null {
  return day === null ? null : { from: day[0] * 60, to: day[1] * 60 };
}

function overlap(a: OpenHours | null, b: OpenHours | null): OpenHours | null {
  if (a === null || b === null) return null;
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from < to ? { from, to } : null;
}

function contains(open: OpenHours | null, minutes: number): boolean {
  return open !== null && open.from <= minutes && minutes < open.to;
}
