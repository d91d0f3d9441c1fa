import { z } from 'zod';
import type { ConnectorDefinition, LaneRate } from '../connector.ts';
import { senderSettings } from '../kit/email/settings.ts';

const settings = z.strictObject({
  serverToken: z.string().trim().min(8).max(100).meta({ title: 'Server API token', format: 'password' }),
  ...senderSettings,
  messageStream: z
    .string()
    .trim()
    .regex(/^[a-z0-9_-]{1,60}$/, 'The ID of a message stream, as in broadcast.')
    .default('broadcast')
    .meta({
      title: 'Message stream',
      description: 'Marketing belongs into a stream of the kind “broadcasts”.',
    }),
  webhookUser: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[^:]+$/)
    .optional()
    .meta({ title: 'Webhook user name' }),
  webhookPassword: z.string().min(12, 'At least 12 characters.').max(200).optional().meta({
    title: 'Webhook password',
    format: 'password',
    description:
      'Make up both; Postmark signs in with them. Without them bounces and complaints are not heard.',
  }),
});

export type PostmarkSettings = z.infer<typeof settings>;

/** Postmark. Browser-safe. */
export const postmark = {
  id: 'postmark',
  label: 'Postmark',
  kind: 'email',
  settings,
  secretSettings: ['serverToken', 'webhookPassword'],
  actions: [],
} as const satisfies ConnectorDefinition;

/** Throws on settings that `postmark.settings` would refuse: they are validated where they enter. */
export function readPostmarkSettings(value: Record<string, unknown>): PostmarkSettings {
  return settings.parse(value);
}

/** Postmark names no limit but for connections at the same time; this is far below them. */
export const postmarkRate: LaneRate = { count: 50, periodMs: 1_000, burst: 50 };
