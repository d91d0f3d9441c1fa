import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';

export const previewMessage = endpoint({
  method: 'POST',
  path: '/messages/preview',
  summary: 'What a text costs: parts as carriers count them (curly quotes are sent plainly)',
  scope: 'read',
  permission: 'see',
  body: z.strictObject({
    channel: z.literal('sms'),
    text: z.string().max(10_000),
    /** Count the programme name too, which begins every text (R124). */
    withProgramme: z.boolean().default(false),
  }),
  response: z.object({
    parts: z.number().int(),
    encoding: z.enum(['GSM-7', 'UCS-2']),
    characters: z.number().int(),
    units: z.number().int(),
    /** To a number of the sender's own country. */
    credits: z.number().int(),
  }),
});
