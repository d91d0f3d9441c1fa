import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { json } from '../../kit/fake/answers.ts';
import { readOptOutWord } from '../opt-out-words.ts';
import { refuse } from './errors.ts';
import type { FakeSetting, TelnyxState } from './state.ts';

const settingBody = z.strictObject({
  op: z.enum(['start', 'stop', 'info']),
  // Of one setting at most twenty.
  keywords: z.array(z.string().min(1)).min(1).max(20),
  country_code: z.string().regex(/^[A-Z]{2}$/),
  // Carriers want a whole sentence.
  resp_text: z.string().min(20).optional(),
});

const reserved = { start: 'start', stop: 'stop', info: 'help' } as const;

interface SettingsRequest {
  method: string;
  profileId: string;
  /** Empty: all of the profile. */
  id: string;
  query: URLSearchParams;
  body: string;
}

/** `/v2/messaging_profiles/{id}/autoresp_configs`: words that a profile takes for START, STOP or HELP. */
export function createSettings(state: TelnyxState, now: () => Date) {
  return async ({ method, profileId, id, query, body }: SettingsRequest): Promise<Response> => {
    const own = state.settingsOf(profileId);
    if (method === 'GET' && id === '') {
      const country = query.get('country_code');
      const data = own.filter((one) => country === null || one.countryCode === country).map(render);
      return json({
        data,
        meta: { page_number: 1, page_size: 20, total_pages: 1, total_results: data.length },
      });
    }
    const known = own.find((one) => one.id === id);
    if (method !== 'POST' && method !== 'PUT') return refuse(10005);
    if (method === 'PUT' ? known === undefined : id !== '') return refuse(10005);
    const asked = readBody(body);
    if (asked === undefined) return refuse(10015);
    const { op, keywords, country_code: countryCode, resp_text: answer = null } = asked;
    const isOthers = (word: string) => ![null, reserved[op]].includes(readOptOutWord(word));
    const isTaken = own.some((one) => one !== known && one.op === op && one.countryCode === countryCode);
    if (keywords.some(isOthers) || isTaken) return refuse(10015);
    const at = now().toISOString();
    const setting: FakeSetting = {
      id: known?.id ?? randomUUID(),
      profileId,
      op,
      keywords,
      countryCode,
      answer,
      createdAt: known?.createdAt ?? at,
      updatedAt: at,
    };
    await state.setSetting(setting);
    return json({ data: render(setting) });
  };
}

function readBody(body: string): z.infer<typeof settingBody> | undefined {
  try {
    return settingBody.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function render({ id, op, keywords, countryCode, answer, createdAt, updatedAt }: FakeSetting) {
  return {
    id,
    op,
    keywords,
    country_code: countryCode,
    ...(answer !== null && { resp_text: answer }),
    created_at: createdAt,
    updated_at: updatedAt,
  };
}
