import { z } from 'zod';
import type { ConnectorDefinition, LaneRate } from '../connector.ts';
import { senderSettings } from '../kit/email/settings.ts';

const settings = z.strictObject({
  apiKey: z
    .string()
    .trim()
    .regex(/^re_[\w-]{8,}$/, 'An API key begins with re_.')
    .meta({ title: 'API key', format: 'password', description: 'With “Sending access” for your domain.' }),
  ...senderSettings,
  webhookSecret: z
    .string()
    .trim()
    .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/, 'A signing secret begins with whsec_.')
    .optional()
    .meta({
      title: 'Webhook signing secret',
      format: 'password',
      description: 'Shown on the page of the webhook. Without it bounces and complaints are not heard.',
    }),
  mailsPerSecond: z.number().positive().max(10_000).default(2).meta({
    title: 'Mails a second',
    description: 'What your team may send; 2 unless Resend gave you more.',
  }),
});

export type ResendSettings = z.infer<typeof settings>;

/** Resend. Browser-safe. */
export const resend = {
  id: 'resend',
  label: 'Resend',
  kind: 'email',
  settings,
  secretSettings: ['apiKey', 'webhookSecret'],
  actions: [],
} as const satisfies ConnectorDefinition;

/** Throws on settings that `resend.settings` would refuse: they are validated where they enter. */
export function readResendSettings(value: Record<string, unknown>): ResendSettings {
  return settings.parse(value);
}

export function resendRate({ mailsPerSecond }: ResendSettings): LaneRate {
  return { count: mailsPerSecond, periodMs: 1_000, burst: Math.max(1, Math.floor(mailsPerSecond)) };
}
