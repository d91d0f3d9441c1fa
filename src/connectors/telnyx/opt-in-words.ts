import { z } from 'zod';
import { GiveUp } from '#lib/errors.ts';
import type { TelnyxApi } from './api.ts';

/** Of one setting of a profile. */
export const maxWords = 20;

const settingSchema = z.object({
  id: z.string().min(1),
  op: z.string(),
  keywords: z.array(z.string()),
  country_code: z.string(),
  resp_text: z.string().nullish(),
});
const listSchema = z.object({ data: z.array(settingSchema) });
const oneSchema = z.object({ data: settingSchema });
type Setting = z.infer<typeof settingSchema>;

/** Adds words to those that bring a fan of one country back in this profile; one setting a country. */
export async function enterWords(
  api: TelnyxApi,
  profileId: string,
  country: string,
  words: readonly string[],
): Promise<void> {
  const path = `/messaging_profiles/${encodeURIComponent(profileId)}/autoresp_configs`;
  const what = 'words that bring a fan back';
  const found = await api.call({ method: 'GET', path: `${path}?country_code=${country}`, what }, listSchema);
  if (found === null) throw noProfile();
  const known = found.data.find((one) => one.op === 'start' && one.country_code === country);
  const keywords = [...new Set([...(known?.keywords ?? []), ...words].map((word) => word.toUpperCase()))];
  if (known !== undefined && keywords.length === known.keywords.length) return;
  if (keywords.length > maxWords)
    throw new GiveUp(
      `Telnyx takes ${maxWords} words that bring a fan back, and with these there would be ${keywords.length}.`,
    );
  const body = { op: 'start', keywords, country_code: country, ...answerOf(known) };
  const written =
    known === undefined
      ? await api.call({ method: 'POST', path, what, body }, oneSchema)
      : await api.call({ method: 'PUT', path: `${path}/${known.id}`, what, body }, oneSchema);
  if (written === null) throw noProfile();
}

/** What somebody wrote there as the answer to START stays. */
function answerOf(known: Setting | undefined): { resp_text?: string } {
  return known?.resp_text == null ? {} : { resp_text: known.resp_text };
}

function noProfile(): GiveUp {
  return new GiveUp('Telnyx has no messaging profile with this ID; check it in the settings.');
}
