import { z } from 'zod';
import type { ConnectorDefinition, LaneRate } from '../connector.ts';
import { senderSettings } from '../kit/email/settings.ts';

const settings = z.strictObject({
  region: z
    .string()
    .trim()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'A region is written as in us-east-1.')
    .meta({ title: 'Region' }),
  accessKeyId: z
    .string()
    .trim()
    .regex(/^[A-Z0-9]{16,128}$/, 'An access key ID is capital letters and digits.')
    .meta({ title: 'Access key ID' }),
  secretAccessKey: z
    .string()
    .trim()
    .min(16)
    .max(200)
    .meta({ title: 'Secret access key', format: 'password' }),
  ...senderSettings,
  configurationSet: z
    .string()
    .trim()
    .regex(/^[\w-]{1,64}$/)
    .optional()
    .meta({ title: 'Configuration set', description: 'The one that publishes events to the topic below.' }),
  topicArn: z
    .string()
    .trim()
    .regex(
      /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]{1,256}$/,
      'A topic ARN is written as in arn:aws:sns:us-east-1:123456789012:segue.',
    )
    .optional()
    .meta({
      title: 'SNS topic ARN',
      description: 'The topic that tells of bounces and complaints. Without it they are not heard.',
    }),
  mailsPerSecond: z.number().positive().max(100_000).default(1).meta({
    title: 'Mails a second',
    description: 'Your account’s sending rate: 1 in the sandbox, usually 14 after it.',
  }),
});

export type AmazonSesSettings = z.infer<typeof settings>;

/** Amazon SES, API v2. Browser-safe. */
export const amazonSes = {
  id: 'amazon-ses',
  label: 'Amazon SES',
  kind: 'email',
  settings,
  secretSettings: ['secretAccessKey'],
  actions: [],
} as const satisfies ConnectorDefinition;

/** Throws on settings that `amazonSes.settings` would refuse: they are validated where they enter. */
export function readAmazonSesSettings(value: Record<string, unknown>): AmazonSesSettings {
  return settings.parse(value);
}

export function amazonSesRate({ mailsPerSecond }: AmazonSesSettings): LaneRate {
  return { count: mailsPerSecond, periodMs: 1_000, burst: Math.max(1, Math.floor(mailsPerSecond)) };
}
