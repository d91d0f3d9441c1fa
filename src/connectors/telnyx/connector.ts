import { z } from 'zod';
import type { ConnectorDefinition, LaneRate } from '../connector.ts';
import { partsPerDaySetting, shortCodeCountrySetting } from '../kit/sms/settings.ts';

const e164 = /^\+[1-9]\d{6,14}$/;
const shortCode = /^\d{3,8}$/;

export const telnyxNumberTypes = ['long-code', 'toll-free', 'short-code', '10dlc'] as const;
export type TelnyxNumberType = (typeof telnyxNumberTypes)[number];

const number = z
  .strictObject({
    number: z
      .string()
      .trim()
      .meta({ title: 'Number', description: 'As +16195550100, or the digits of a short code.' }),
    type: z.enum(telnyxNumberTypes).meta({
      title: 'Kind of number',
      description: 'A US number of a registered campaign is 10dlc, any other local number a long-code.',
    }),
    country: shortCodeCountrySetting,
    partsPerSecond: z.number().positive().max(100_000).optional().meta({
      title: 'Parts a second',
      description: 'What your campaign or account was granted, where that differs from the usual rate.',
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
  apiKey: z
    .string()
    .trim()
    .regex(/^KEY[\w-]{8,200}$/, 'An API key begins with KEY.')
    .meta({ title: 'API key', format: 'password' }),
  publicKey: z
    .string()
    .trim()
    // 32 bytes in base64.
    .regex(/^[A-Za-z0-9+/]{43}=$/, 'The public key is 44 characters long and ends with =.')
    .meta({ title: 'Public key', description: 'With it Segue knows that a webhook is from Telnyx.' }),
  numbers: z.array(number).min(1).meta({ title: 'Numbers' }),
  messagingProfileId: z
    .uuid('A messaging profile’s ID looks like 40017f0a-2d5c-4f35-9d1b-7d3f0d2c9a11.')
    .optional()
    .meta({
      title: 'Messaging profile ID',
      description: 'If given, texts from a number that has left this profile are refused.',
    }),
  partsPerDay: partsPerDaySetting,
  optOutHandling: z.enum(['provider', 'segue']).default('provider').meta({
    title: 'Who answers STOP and HELP',
    description: 'Telnyx does unless its support has switched that off for this profile.',
  }),
});

export type TelnyxSettings = z.infer<typeof settings>;

/** Telnyx Messaging, API version 2. Browser-safe. */
export const telnyx = {
  id: 'telnyx',
  label: 'Telnyx',
  kind: 'sms',
  settings,
  secretSettings: ['apiKey'],
  actions: [],
} as const satisfies ConnectorDefinition;

/** Throws on settings that `telnyx.settings` would refuse: they are validated where they enter. */
export function readTelnyxSettings(value: Record<string, unknown>): TelnyxSettings {
  return settings.parse(value);
}

/**
 * Parts a second that one number has without a grant of its own. A long code: 6 a minute outside the
 * United States. 10DLC: the 75 a minute that AT&T gives the lowest class of campaign. A short code
 * could do 1,000, but a new account is held to 50.
 */
const usualPartsPerSecond: Record<TelnyxNumberType, number> = {
  'long-code': 0.1,
  'toll-free': 20,
  'short-code': 50,
  '10dlc': 1.25,
};

/** Telnyx queues four hours of a number, so a short burst only has to leave room for a few long texts. */
const burstParts = 30;

/** Long enough for a whole part from the slowest kind of number. */
const periodMs = 20_000;

/** Rate of one number, in parts. */
export function telnyxRate(sender: TelnyxSettings['numbers'][number]): LaneRate {
  const perSecond = sender.partsPerSecond ?? usualPartsPerSecond[sender.type];
  const count = (perSecond * periodMs) / 1_000;
  return { count, periodMs, burst: Math.max(burstParts, Math.ceil(perSecond)) };
}
