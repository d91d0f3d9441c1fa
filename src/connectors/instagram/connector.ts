import { z } from 'zod';
import type { ConnectorDefinition } from '../connector.ts';

const moment = z.iso.datetime({ offset: true });

const settings = z.strictObject({
  appId: z
    .string()
    .trim()
    .regex(/^\d{5,25}$/, 'An Instagram app ID is a number.')
    .meta({
      title: 'Instagram app ID',
      description: 'From the page “API setup with Instagram login” of your Meta app.',
    }),
  appSecret: z.string().trim().min(8).max(200).meta({
    title: 'Instagram app secret',
    format: 'password',
    description: 'Beside the Instagram app ID. It proves that what comes in comes from Instagram.',
  }),
  metaAppSecret: z.string().trim().min(8).max(200).optional().meta({
    title: 'Meta app secret',
    format: 'password',
    description: 'Only if webhooks are refused: some apps sign with the secret under “App settings → Basic”.',
  }),
  verifyToken: z.string().trim().min(8).max(200).meta({
    title: 'Verify token',
    description: 'Any words of your own: you enter the same ones at Meta beside the webhook URL.',
  }),
  accessToken: z.string().trim().min(8).max(2_000).optional().meta({
    title: 'Access token',
    format: 'password',
    description: 'Filled in by signing in. Paste one only if signing in is not possible.',
  }),
  accountId: z
    .string()
    .trim()
    .regex(/^\d{1,25}$/, 'An account ID is a number.')
    .optional()
    .meta({
      title: 'Account ID',
      description: 'Of the professional account (“user_id”). Filled in by signing in.',
    }),
  accountName: z.string().trim().min(1).max(60).optional().meta({
    title: 'Account name',
    description: 'Filled in by signing in.',
  }),
  tokenIssuedAt: moment.optional().meta({ title: 'Token given on', isFilledIn: true }),
  tokenExpiresAt: moment.optional().meta({ title: 'Token ends on', isFilledIn: true }),
  messagesPerSecond: z.number().int().min(1).max(300).default(100).meta({
    title: 'Messages a second',
    description: 'Instagram takes 300 at most.',
  }),
  privateRepliesPerHour: z.number().int().min(10).max(750).default(750).meta({
    title: 'Private replies an hour',
    description: 'Instagram takes 750 at most; further ones wait their turn.',
  }),
});

export type InstagramSettings = z.infer<typeof settings>;

/** Instagram API with Instagram login. Browser-safe. */
export const instagram = {
  id: 'instagram',
  label: 'Instagram',
  kind: 'social',
  settings,
  secretSettings: ['appSecret', 'metaAppSecret', 'accessToken'],
  accountSettings: ['accessToken', 'accountId', 'accountName', 'tokenIssuedAt', 'tokenExpiresAt'],
  actions: [],
} as const satisfies ConnectorDefinition;

/** Throws on settings that `instagram.settings` would refuse: they are validated where they enter. */
export function readInstagramSettings(value: Record<string, unknown>): InstagramSettings {
  return settings.parse(value);
}
