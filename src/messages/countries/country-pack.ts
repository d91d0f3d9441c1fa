import { z } from 'zod';
import { isZone } from '../quiet-hours/zone-clock.ts';

/**
 * Everything that differs by country, as dated data with its sources (R99). One schema for all of
 * them: `index.ts` lists the packs and holds them to it at start. An engineering reading of the law,
 * to be judged by whoever operates Segue; not legal advice.
 */

/** Hours of the clock, halves allowed; open from the first (included) to the second (excluded). */
const openHours = z
  .tuple([z.number().min(0).max(24).multipleOf(0.25), z.number().min(0).max(24).multipleOf(0.25)])
  .refine(([from, to]) => from < to, { error: 'Hours open before they close.' })
  .readonly();
/** Null: closed all day. */
const day = openHours.nullable();

const hours = z
  .strictObject({
    weekdays: day,
    saturday: day,
    sunday: day,
    /** Absent: as on the weekday. */
    holidays: day.optional(),
  })
  .readonly();
export type PackHours = z.infer<typeof hours>;

/** A public holiday that comes every year. */
const holiday = z.union([
  z.strictObject({ month: z.int().min(1).max(12), day: z.int().min(1).max(31) }).readonly(),
  /** Days after Easter Sunday; before it, below zero. */
  z.strictObject({ easter: z.int().min(-60).max(60) }).readonly(),
  /** The nth of a weekday (0 is Sunday) in a month; 5: the last one. */
  z
    .strictObject({
      month: z.int().min(1).max(12),
      weekday: z.int().min(0).max(6),
      nth: z.int().min(1).max(5),
    })
    .readonly(),
]);
export type HolidayRule = z.infer<typeof holiday>;

/** Where a rule is written down, and what for. */
const source = z.strictObject({ about: z.string().min(1), from: z.string().min(1) }).readonly();

const region = z
  .strictObject({
    hours,
    source: z.string().min(1),
    /** How far published tables agree; the narrower one counts. */
    agreement: z.enum(['good', 'medium', 'single', 'poor']),
    /** Most marketing texts to one fan in 24 hours. */
    maxPerDay: z.int().min(1).optional(),
  })
  .readonly();

const shortAge = z.int().min(13).max(21);

export const countryPack = z
  .strictObject({
    /** ISO 3166; null: every country without a pack of its own. */
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .nullable(),
    name: z.string().min(1),
    /** Territories under the same rules. */
    alsoFor: z.array(z.string().regex(/^[A-Z]{2}$/)).readonly(),
    /** When somebody last looked. */
    checkedOn: z.iso.date(),
    sources: z.array(source).min(1).readonly(),
    /** A texted keyword beside a published call to action can be consent (R94). */
    keywordIsConsent: z.boolean(),
    /** A number typed into a form has to be confirmed by its owner's yes (R37, R97). */
    formNeedsYes: z.boolean(),
    /** Stands in every consent text (R115). */
    minimumAge: shortAge,
    /** What every marketing text has to carry beside the programme's name (R124). */
    everyText: z.strictObject({ wayOut: z.boolean(), contact: z.boolean() }).readonly(),
    /** Years; counted from the erasure and from the last message (R87). */
    retention: z.strictObject({ optOut: z.int().min(10), optIn: z.int().min(1) }).readonly(),
    /** Zones in which a fan of whom nothing is known may live. */
    zones: z
      .array(z.string().refine(isZone, { error: 'Not a zone that this machine knows.' }))
      .min(1)
      .readonly(),
    hours,
    /** Where the country has regions and the fan's is not known; absent: `hours`. */
    unknownRegion: hours.optional(),
    regions: z.record(z.string(), region).readonly(),
    holidays: z.array(holiday).readonly(),
    /** A holiday on a weekend is also kept on the nearest weekday. */
    holidaysAreMoved: z.boolean(),
  })
  .readonly();
export type CountryPack = z.infer<typeof countryPack>;
