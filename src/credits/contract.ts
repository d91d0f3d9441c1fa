import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, time } from '#lib/wire.ts';

/** More credits than anybody has; keeps sums far from where numbers lose their last digit. */
const mostCredits = 1_000_000_000;
const credits = z.number().int().min(0).max(mostCredits);

/** What happens at the allowance: nothing more is sent; so, and the flows that send pause; it goes on. */
export const limitChoices = ['stop', 'pause', 'go_on'] as const;

const limit = {
  /** Credits a month; null: without limit. */
  allowance: credits.nullable(),
  atLimit: z.enum(limitChoices).default('stop'),
  /** Where it goes on: credits a month beyond the allowance; null: any number. */
  overage: credits.nullable().default(null),
};

const account = z.object({
  used: z.number().int(),
  reserved: z.number().int(),
  /** What may be used this month, with what goes beyond; null: without limit. */
  allowance: z.number().int().nullable(),
  limit: z.object(limit),
});

export const getUsage = endpoint({
  method: 'GET',
  path: '/usage',
  summary: 'Credits of this calendar month, in UTC',
  scope: 'read',
  permission: 'see',
  response: z.object({ periodStart: time, periodEnd: time, sms: account, email: account }),
});

const spent = {
  sms: z.number().int(),
  email: z.number().int(),
  /** About how much that costs, in millionths of the currency. */
  micros: z.number().int(),
};

export const getUsageDetails = endpoint({
  method: 'GET',
  path: '/usage/details',
  summary:
    'What the month cost, about: as a whole, by day and by flow. Days are UTC, by the start of the run',
  scope: 'read',
  permission: 'see',
  response: z.object({
    currency: z.string(),
    periodStart: time,
    periodEnd: time,
    /** Used so far, and what reserved sends may add. */
    used: z.object(spent),
    reserved: z.object(spent),
    days: z.array(z.object({ day: z.iso.date(), ...spent })),
    flows: z.array(z.object({ flowId: id, name: z.string(), isDeleted: z.boolean(), ...spent })),
  }),
});

export const setCreditLimit = endpoint({
  method: 'PUT',
  path: '/usage/limits/{account}',
  summary:
    'What messages of a kind may use a month, and what happens then. Holds from the next message on; what is used already is never taken back',
  scope: 'write',
  permission: 'settings',
  params: z.object({ account: z.enum(['sms', 'email']) }),
  body: z.strictObject(limit),
  response: account,
});

/** What happens at a budget's end: nothing more is sent until the next day or month; so, and the flows pause. */
export const budgetChoices = ['stop', 'pause'] as const;

const budgetPlace = {
  account: z.enum(['sms', 'email']),
  /** Null: the whole project, a day. Otherwise this flow, a month. Days and months are UTC. */
  flowId: id.nullable(),
};
const budget = z.strictObject({ credits, atLimit: z.enum(budgetChoices).default('stop') });
const budgetView = z.object({
  ...budgetPlace,
  ...budget.shape,
  flowName: z.string().nullable(),
  /** In the day or month of now. */
  used: z.number().int(),
  reserved: z.number().int(),
});
const budgetList = z.object({ items: z.array(budgetView) });

export const listBudgets = endpoint({
  method: 'GET',
  path: '/usage/budgets',
  summary: 'What the project may use a day, and flows a month, and what of it is used',
  scope: 'read',
  permission: 'see',
  response: budgetList,
});

export const setBudget = endpoint({
  method: 'PUT',
  path: '/usage/budgets',
  summary:
    'Set a budget, or with null take it away. It holds from the next message on, beside the allowance of the month and every other budget: the one that ends first counts',
  scope: 'write',
  permission: 'settings',
  body: z.strictObject({ ...budgetPlace, budget: budget.nullable() }),
  response: budgetList,
});

const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'Write the country as two capital letters: US.')
  .describe('ISO 3166-1, two letters');
const textPrices = z.object({
  items: z.array(
    z.object({
      country,
      /** Of one part. */
      credits: z.number().int(),
      listCredits: z.number().int(),
      isOwn: z.boolean(),
    }),
  ),
  /** Of a part to any country that is not among them. */
  otherCredits: z.number().int(),
});

export const getTextPrices = endpoint({
  method: 'GET',
  path: '/usage/prices',
  summary: 'Credits of one text part, by country',
  scope: 'read',
  permission: 'see',
  response: textPrices,
});

export const setTextPrice = endpoint({
  method: 'PUT',
  path: '/usage/prices/{country}',
  summary:
    'Set what one text part to a country costs, in all projects of the account; null: what the list says',
  scope: 'write',
  permission: 'settings',
  params: z.object({ country }),
  body: z.strictObject({
    credits: z.number().int().min(1, 'A price is at least one credit.').max(10_000).nullable(),
  }),
  response: textPrices,
});

export const getReconciliation = endpoint({
  method: 'GET',
  path: '/usage/reconciliation',
  summary: 'Texts of the last two weeks by day and connection, as counted here and by the provider',
  scope: 'read',
  permission: 'see',
  response: z.object({
    items: z.array(
      z.object({
        connectionId: id,
        label: z.string(),
        day: z.iso.date(),
        ourTexts: z.number().int(),
        ourParts: z.number().int(),
        theirTexts: z.number().int(),
        theirParts: z.number().int(),
      }),
    ),
  }),
});
