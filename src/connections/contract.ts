import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, idParams, page, pageQuery, time } from '#lib/wire.ts';

/** Never a secret. */
const connection = z.object({
  id,
  connector: z.string(),
  label: z.string(),
  state: z.enum(['ready', 'needs_reconnect', 'error', 'disabled']),
  senders: z.array(z.object({ kind: z.string(), value: z.string() })),
  /** Where the provider sends what comes in; null where nothing does. */
  webhookUrl: z.string().nullable(),
  optOutHandling: z.enum(['provider', 'segue']).nullable(),
  /** Its owner can sign in at the provider, in place of entering a token. */
  canSignIn: z.boolean(),
  /** The provider takes words that lift its block over its API (R98). */
  takesOptInWords: z.boolean(),
  /** What ends unless it is renewed, which happens by itself; `isEnding`: it should have been by now. */
  credential: z.object({ issuedAt: time, endsAt: time, isEnding: z.boolean() }).nullable(),
  lastSuccessAt: time.nullable(),
  /** When the provider last told something that was genuine. */
  lastWebhookAt: time.nullable(),
  /** Whether the provider can be asked something that changes nothing. */
  canBeTested: z.boolean(),
  lastError: z.string().nullable(),
  /** Without its secrets. */
  settings: z.record(z.string(), z.unknown()),
  /** Names of the secrets that are kept. */
  secretsSet: z.array(z.string()),
});

const label = z.string().trim().min(1).max(120);
/** As the connector's own settings form asks for them; checked against it. */
const settings = z.record(z.string(), z.unknown());

export const listConnections = endpoint({
  method: 'GET',
  path: '/connections',
  summary: 'Connections lent to this project, newest first',
  scope: 'read',
  permission: 'see',
  showsAddresses: true,
  query: z.strictObject(pageQuery),
  response: page(connection),
});

export const createConnection = endpoint({
  method: 'POST',
  path: '/connections',
  summary: 'Connect a provider, live or test as the project is, and lend it to the project',
  scope: 'write',
  permission: 'connect',
  body: z.strictObject({ connector: z.string().max(40), label, settings }),
  response: connection,
  status: 201,
});

export const getConnection = endpoint({
  method: 'GET',
  path: '/connections/{id}',
  summary: 'One connection',
  scope: 'read',
  permission: 'see',
  showsAddresses: true,
  params: idParams,
  response: connection,
});

export const updateConnection = endpoint({
  method: 'PUT',
  path: '/connections/{id}',
  summary: 'Change label or settings; secrets that are left out stay',
  scope: 'write',
  permission: 'connect',
  params: idParams,
  body: z.strictObject({ label: label.optional(), settings: settings.optional() }),
  response: connection,
});

export const listPosts = endpoint({
  method: 'GET',
  path: '/connections/{id}/posts',
  summary: 'What the account of a connection posted, newest first, to choose one from',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: z.object({
    items: z.array(z.object({ id: z.string(), caption: z.string(), at: time.nullable() })),
  }),
});

export const beginAccountSignIn = endpoint({
  method: 'POST',
  path: '/connections/{id}/sign-in',
  summary: 'Where the owner of the account signs in at the provider; good for ten minutes',
  scope: 'write',
  permission: 'connect',
  params: idParams,
  response: z.object({ url: z.string() }),
});

export const finishAccountSignIn = endpoint({
  method: 'POST',
  path: '/connection-sign-ins',
  summary: 'End a sign-in with what the provider sent along; once, and by who began it',
  scope: 'write',
  permission: 'connect',
  body: z.strictObject({ state: z.string().max(200), code: z.string().min(1).max(2_000) }),
  response: connection,
});

export const disableConnection = endpoint({
  method: 'POST',
  path: '/connections/{id}/disable',
  summary: 'Use it for nothing from now on',
  scope: 'write',
  permission: 'connect',
  params: idParams,
  response: connection,
});

export const enableConnection = endpoint({
  method: 'POST',
  path: '/connections/{id}/enable',
  summary: 'Use it again',
  scope: 'write',
  permission: 'connect',
  params: idParams,
  response: connection,
});

export const getConnectionLoad = endpoint({
  method: 'GET',
  path: '/connections/{id}/load',
  summary: 'How busy a connection is: calls that wait, fans signed in, and what is left of daily allowances',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: z.object({
    /** Calls that wait for the provider to take more of them. */
    waiting: z.number().int(),
    /** Until when nothing is sent, as the provider asked. */
    pause: z.object({ until: time, reason: z.string() }).nullable(),
    /** Sign-ins of fans; `endingSoon`: within 30 days, of the living. Null: fans do not sign in there. */
    links: z
      .object({ live: z.number().int(), endingSoon: z.number().int(), ended: z.number().int() })
      .nullable(),
    /** Whom alone the provider lets in; null: everybody. */
    namedTesters: z.array(z.string()).nullable(),
    /** `used` on the last day that anything was; what is counted, in the connector's own word. */
    allowances: z.array(
      z.object({ bucket: z.string(), day: z.string(), used: z.number(), most: z.number() }),
    ),
  }),
});

export const testConnection = endpoint({
  method: 'POST',
  path: '/connections/{id}/test',
  summary: 'Ask the provider a question that changes nothing: whether the settings work now',
  scope: 'write',
  permission: 'connect',
  params: idParams,
  response: z.object({
    /** The provider's answer in a sentence; null: it works. */
    trouble: z.string().nullable(),
  }),
});

const loan = z.object({
  projectId: id,
  name: z.string(),
  isLent: z.boolean(),
  /** Names of its active flows that name this connection: what would stop without it. */
  flows: z.array(z.string()),
});
const loans = z.object({ items: z.array(loan) });
const loanParams = idParams.extend({ projectId: id });

export const listLoans = endpoint({
  method: 'GET',
  path: '/connections/{id}/projects',
  summary: 'Projects of the account that a connection is lent to, or could be (R117)',
  scope: null,
  permission: 'see',
  params: idParams,
  response: loans,
});

export const lendConnection = endpoint({
  method: 'PUT',
  path: '/connections/{id}/projects/{projectId}',
  summary: 'Lend a connection to another project of the account, test to test and live to live',
  scope: null,
  permission: 'connect',
  params: loanParams,
  response: loans,
});

export const takeBackConnection = endpoint({
  method: 'DELETE',
  path: '/connections/{id}/projects/{projectId}',
  summary: 'Take a connection back from another project: nothing of it is sent or heard there any more',
  scope: null,
  permission: 'connect',
  params: loanParams,
  response: loans,
});
