import { z } from 'zod';
import type { ConnectorDefinition, LaneRate } from '../connector.ts';
import { senderSettings } from '../kit/email/settings.ts';

const settings = z
  .strictObject({
    host: z
      .string()
      .trim()
      .regex(/^[a-z0-9.:[\]-]{1,253}$/i, 'Write the server’s name, as in smtp.yourdomain.com.')
      .meta({ title: 'Server' }),
    port: z.number().int().min(1).max(65_535).default(587).meta({ title: 'Port' }),
    security: z.enum(['starttls', 'tls', 'none']).default('starttls').meta({
      title: 'Encryption',
      description: 'STARTTLS on port 587, TLS on 465. Without encryption only to a server on this machine.',
    }),
    user: z.string().max(320).optional().meta({ title: 'User name' }),
    password: z.string().max(1_000).optional().meta({ title: 'Password', format: 'password' }),
    ...senderSettings,
    dkimPrivateKey: z
      .string()
      .trim()
      .regex(
        /^-----BEGIN [A-Z ]*PRIVATE KEY-----[^]+-----END [A-Z ]*PRIVATE KEY-----$/,
        'A private key in PEM.',
      )
      .optional()
      .meta({
        title: 'DKIM private key',
        format: 'password',
        lines: 5,
        description:
          'Only if your server does not sign itself. Segue then signs with the first selector above.',
      }),
    mailsPerSecond: z.number().positive().max(10_000).default(5).meta({ title: 'Mails a second' }),
    connections: z.number().int().min(1).max(50).default(4).meta({ title: 'Connections at the same time' }),
  })
  .superRefine((value, context) => {
    if (value.dkimPrivateKey !== undefined && value.dkimSelectors.length === 0)
      context.addIssue({
        code: 'custom',
        path: ['dkimSelectors'],
        message: 'Name the selector of the DKIM key.',
      });
    const isHere = ['localhost', '::1', '[::1]'].includes(value.host) || value.host.startsWith('127.');
    if (value.security === 'none' && !isHere)
      context.addIssue({
        code: 'custom',
        path: ['security'],
        message: 'Mails leave this machine encrypted only.',
      });
  });

export type SmtpSettings = z.infer<typeof settings>;

/** Any mail server that takes mails over SMTP. Browser-safe. */
export const smtp = {
  id: 'smtp',
  label: 'SMTP',
  kind: 'email',
  settings,
  secretSettings: ['password', 'dkimPrivateKey'],
  actions: [],
  protocol: 'smtp',
} as const satisfies ConnectorDefinition;

/** Throws on settings that `smtp.settings` would refuse: they are validated where they enter. */
export function readSmtpSettings(value: Record<string, unknown>): SmtpSettings {
  return settings.parse(value);
}

export function smtpRate({ mailsPerSecond }: SmtpSettings): LaneRate {
  return { count: mailsPerSecond, periodMs: 1_000, burst: Math.max(1, Math.floor(mailsPerSecond)) };
}
