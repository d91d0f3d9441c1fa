import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id } from '#lib/wire.ts';

const count = z.number().int();

export const listPageVisits = endpoint({
  method: 'GET',
  path: '/page-visits',
  summary: 'How often each landing page was opened in the last days; programs that look at links are apart',
  scope: 'read',
  permission: 'see',
  query: z.strictObject({ days: z.coerce.number().int().min(1).max(366).default(30) }),
  response: z.object({
    /** Pages that nobody opened are not in it. */
    items: z.array(
      z.object({
        pageId: id,
        /** By people, however they came. */
        people: count,
        /** Of these, by the QR code. */
        byCode: count,
        /** Of these, on another site. */
        framed: count,
        scanners: count,
      }),
    ),
  }),
});
