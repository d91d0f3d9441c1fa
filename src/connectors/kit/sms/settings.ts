import { z } from 'zod';

/** Fields that the forms of SMS connectors share. Browser-safe. */

export const shortCodeCountrySetting = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{2}$/, 'Two letters, as in US.')
  .optional()
  .meta({
    title: 'Country of a short code',
    description:
      'Two letters, US if empty. A short code texts nobody elsewhere; other numbers say it themselves.',
  });

export const partsPerDaySetting = z.number().int().positive().max(100_000_000).optional().meta({
  title: 'Parts a day',
  description:
    'The most that may leave over all these numbers from midnight to midnight in California. T-Mobile counts so for a 10DLC brand: 2,000 a day without vetting. What is more goes on the next day.',
});

/** Null: the number says where it is from. */
export function shortCodeCountry(number: { type: string; country?: string | undefined }): string | null {
  return number.type === 'short-code' ? (number.country ?? 'US') : null;
}
