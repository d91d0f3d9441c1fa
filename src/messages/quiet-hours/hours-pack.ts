/**
 * When a country allows marketing texts, as data. Times are minutes after local midnight; a day is
 * open from `from` (included) to `to` (excluded).
 */
export interface OpenHours {
  from: number;
  to: number;
}

/** Sunday first, as `Date.getUTCDay` counts; null: closed all day. */
export type Week = readonly [
  OpenHours | null,
  OpenHours | null,
  OpenHours | null,
  OpenHours | null,
  OpenHours | null,
  OpenHours | null,
  OpenHours | null,
];

export interface Hours {
  week: Week;
  /** Open hours on the pack's public holidays; absent: as on the weekday. */
  holidays?: OpenHours | null;
}

export interface HoursPack {
  /** ISO 3166 code; null: the pack of every country without one of its own. */
  country: string | null;
  /** Zones in which a fan without any signal may live. */
  mainlandZones: readonly string[];
  /** Where the region is known and has no hours of its own, or the country knows no regions. */
  hours: Hours;
  /** Where nothing, or only a zone, is known of a fan in a country with regions. */
  unknownRegion: Hours;
  regions: ReadonlyMap<string, Hours>;
  isHoliday(date: LocalDate): boolean;
  source: string;
  /** When somebody last looked, `YYYY-MM-DD`. */
  checkedOn: string;
}

/** A day of some zone's calendar; `month` counts from 1. */
export interface LocalDate {
  year: number;
  month: number;
  day: number;
}

export function hours(from: number, to: number): OpenHours {
  return { from: Math.round(from * 60), to: Math.round(to * 60) };
}

/** The same hours from Monday to Friday, others on Saturday and Sunday where given. */
export function week(
  weekday: OpenHours,
  saturday: OpenHours | null = weekday,
  sunday: OpenHours | null = saturday,
): Week {
  return [sunday, weekday, weekday, weekday, weekday, weekday, saturday];
}
