import { z } from 'zod';
import type { ConnectorDefinition, LaneRate } from '../connector.ts';
import { partsPerDaySetting, shortCodeCountrySetting } from '../kit/sms/settings.ts';

const e164 = /^\+[1-9]\d{6,14}$/;
const shortCode = /^\d{3,8}$/;

export const twilioNumberTypes = ['long-code', 'toll-free', 'short-code', '10dlc'] as const;
export type TwilioNumberType = (typeof twilioNumberTypes)[number];

const number = z
  .strictObject({
    number: z
      .string()
      .trim()
      .meta({ title: 'Number', description: 'As +16195550100, or the digits of a short code.' }),
    type: z.enum(twilioNumberTypes).meta({ title: 'Kind of number' }),
    country: shortCodeCountrySetting,
    partsPerSecond: z.number().positive().max(100_000).optional().meta({
      title: 'Parts a second',
      description: 'What your campaign was granted, where that differs from the usual rate of its kind.',
    }),
  })
  .superRefine((value, context) => {
    const pattern = value.type === 'short-code' ? shortCode : e164;
    if (pattern.test(value.number)) return;
    context.addIssue({
      code: 'custom',
      path: ['number'],
      message:
        value.type === 'short-code'
          ? 'A short code has 3 to 8 digits.'
          : 'Write the number with + and country code, digits only, as in +16195550100.',
    });
  });

const settings = z.strictObject({
  accountSid: z
    .string()
    .trim()
    .regex(/^AC[0-9a-fA-F]{32}$/, 'An Account SID is AC followed by 32 hexadecimal digits.')
    .meta({ title: 'Account SID' }),
  // Not an API key: webhooks are signed with the auth token alone.
  authToken: z.string().trim().min(1).meta({ title: 'Auth token', format: 'password' }),
  numbers: z.array(number).min(1).meta({ title: 'Numbers' }),
  messagingServiceSid: z
    .string()
    .trim()
    .regex(/^MG[0-9a-fA-F]{32}$/, 'A Messaging Service SID is MG followed by 32 hexadecimal digits.')
    .optional()
    .meta({
      title: 'Messaging Service SID',
      description: 'Only if the numbers are in the pool of a Messaging Service.',
    }),
  partsPerDay: partsPerDaySetting,
  optOutHandling: z.enum(['provider', 'segue']).default('provider').meta({
    title: 'Who answers STOP and HELP',
    description: 'Twilio does unless its support has switched that off for these numbers.',
  }),
});

export type TwilioSettings = z.infer<typeof settings>;

/** Twilio Programmable Messaging. Browser-safe. */
export const twilio = {
  id: 'twilio',
  label: 'Twilio',
  kind: 'sms',
  settings,
  secretSettings: ['authToken'],
  actions: [],
} as const satisfies ConnectorDefinition;

/** Throws on settings that `twilio.settings` would refuse: they are validated where they enter. */
export function readTwilioSettings(value: Record<string, unknown>): TwilioSettings {
  return settings.parse(value);
}

/**
 * Parts a second that carriers take from one sender without a grant of its own. A 10DLC campaign of
 * low volume has 3.75; anything better depends on its vetting and is a setting.
 */
const usualPartsPerSecond: Record<TwilioNumberType, number> = {
  'long-code': 1,
  'toll-free': 3,
  'short-code': 100,
  '10dlc': 3.75,
};

/** Twilio queues up to ten hours of a sender, so a short burst only has to leave room for one long text. */
const burstParts = 30;

/** Rate of one sender, in parts. */
export function twilioRate(sender: TwilioSettings['numbers'][number]): LaneRate {
  const perSecond = sender.partsPerSecond ?? usualPartsPerSecond[sender.type];
  return { count: perSecond * 4, periodMs: 4_000, burst: Math.max(burstParts, Math.ceil(perSecond)) };
}
