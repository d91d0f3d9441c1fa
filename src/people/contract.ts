import { z } from 'zod';
import { endpoint, permissions } from '#lib/endpoint.ts';
import { id, idParams, time } from '#lib/wire.ts';

export const shortestPassword = 10;
export const longestPassword = 128;

const name = z.string().trim().min(1).max(120);
const email = z.email().max(254);
/** One that exists already: any length, since the rules may have changed. */
const password = z.string().min(1).max(longestPassword);
const newPassword = z
  .string()
  .min(shortestPassword, { error: `At least ${shortestPassword} characters.` })
  .max(longestPassword);
const code = z.string().trim().min(6).max(24);
const role = z.enum(['viewer', 'marketer', 'manager', 'owner']);

const person = z.object({
  id,
  name: z.string(),
  email: z.string().nullable(),
  /** Has a password, so that she can come back without a link. */
  isSetUp: z.boolean(),
  hasTwoFactor: z.boolean(),
  /** Came by a link just now: may set a password without the old one. */
  mayResetPassword: z.boolean(),
});

const me = z.object({
  person,
  /** Of the project named in the header `segue-project`; else of the oldest one. */
  account: z.object({ id, name: z.string(), plan: z.string() }),
  role,
  permissions: z.array(z.enum(permissions)),
  /** Of all accounts that the person belongs to. */
  projects: z.array(
    z.object({
      id,
      name: z.string(),
      slug: z.string(),
      zone: z.string(),
      isLive: z.boolean(),
      accountId: id,
      accountName: z.string(),
    }),
  ),
});
export type Me = z.output<typeof me>;

const own = { scope: null, permission: 'self' } as const;
const open = { ...own, isPublic: true } as const;
const signedIn = z.object({ state: z.enum(['signed_in', 'code_needed']) });

export const signIn = endpoint({
  ...open,
  method: 'POST',
  path: '/session',
  summary: 'Sign in with e-mail and password; the answer sets a cookie. 422 if they do not belong together',
  body: z.strictObject({ email: z.string().trim().max(254), password }),
  response: signedIn,
});

export const signInWithCode = endpoint({
  ...open,
  method: 'POST',
  path: '/session/code',
  summary: 'The second factor of a sign-in: a code of the app, or one of the recovery codes',
  body: z.strictObject({
    code,
    kind: z.enum(['app', 'recovery']).default('app'),
    /** Ask no code in this browser for 30 days. */
    trustDevice: z.boolean().default(false),
  }),
  response: signedIn,
});

export const signOut = endpoint({
  ...open,
  method: 'DELETE',
  path: '/session',
  summary: 'Sign out; also one whose session is over',
});

export const getMe = endpoint({
  ...own,
  method: 'GET',
  path: '/me',
  summary: 'Who is signed in, with role, permissions and projects',
  showsAddresses: true,
  response: me,
});

export const setUpMe = endpoint({
  ...own,
  method: 'POST',
  path: '/me/set-up',
  summary: 'Name, e-mail and password of who came by a link for the first time',
  body: z.strictObject({ name, email, password: newPassword }),
});

export const updateMe = endpoint({
  ...own,
  method: 'PUT',
  path: '/me',
  summary: 'Change name or e-mail; a new e-mail takes the password',
  body: z.strictObject({ name, email, currentPassword: password.optional() }),
});

export const changePassword = endpoint({
  ...own,
  method: 'PUT',
  path: '/me/password',
  summary:
    'Change the password and end all other sessions; within an hour of a sign-in link without the old one',
  body: z.strictObject({ currentPassword: password.optional(), newPassword }),
});

export const endOtherSessions = endpoint({
  ...own,
  method: 'DELETE',
  path: '/me/sessions',
  summary: 'Sign out everywhere else',
});

export const beginTwoFactor = endpoint({
  ...own,
  method: 'POST',
  path: '/me/two-factor',
  summary: 'Begin with a second factor: what the app scans, and recovery codes, shown this once',
  body: z.strictObject({ password }),
  response: z.object({
    uri: z.string(),
    /** The same as an SVG picture. */
    qrCode: z.string(),
    recoveryCodes: z.array(z.string()),
  }),
});

export const confirmTwoFactor = endpoint({
  ...own,
  method: 'POST',
  path: '/me/two-factor/confirm',
  summary: 'Switch the second factor on with a first code of the app',
  body: z.strictObject({ code }),
});

export const disableTwoFactor = endpoint({
  ...own,
  method: 'POST',
  path: '/me/two-factor/disable',
  summary: 'Switch the second factor off',
  body: z.strictObject({ password }),
});

/** For a forgotten password: nothing is sent by mail, a colleague hands it over. */
export const createMemberLink = endpoint({
  method: 'POST',
  path: '/members/{id}/sign-in-link',
  summary: 'A link that signs this person in once, within 15 minutes: for a forgotten password',
  scope: null,
  permission: 'members',
  params: idParams,
  response: z.object({ url: z.string(), expiresAt: time }),
  status: 201,
});

const token = z.string().min(20).max(100);

export const lookAtInvitation = endpoint({
  ...open,
  method: 'POST',
  path: '/invitations/look',
  summary: 'What an invitation link invites to. 404 once it is used, withdrawn or too old',
  body: z.strictObject({ token }),
  showsAddresses: true,
  response: z.object({ accountName: z.string(), role, invitedBy: z.string().nullable(), expiresAt: time }),
});

export const acceptInvitation = endpoint({
  ...open,
  method: 'POST',
  path: '/invitations/accept',
  summary: 'Join the account: as who is signed in, or as a new person with name, e-mail and password',
  body: z.strictObject({ token, person: z.strictObject({ name, email, password: newPassword }).optional() }),
});
