import { z } from 'zod';
import { endpoint, scopes } from '#lib/endpoint.ts';
import { id, idParams, page, pageQuery, time } from '#lib/wire.ts';

// ---------------------------------------------------------------- projects

const name = z.string().trim().min(1).max(120);
const zone = z.string().max(64).refine(isZone, { error: 'A time zone such as America/New_York.' });
const country = z.string().regex(/^[A-Z]{2}$/, { error: 'Two capital letters, such as US.' });

/** What an artist decides about her project, besides its name. */
const settings = {
  /** Begins every text (R124). */
  programme: z.string().trim().min(1).max(60),
  /** Who answers for the texts: a person or a company. */
  legalSender: z.string().trim().min(1).max(200),
  /** Where HELP points to: an e-mail or web address, a number. */
  contact: z.string().trim().max(200),
  /** Where letters reach the legal sender: the law wants it in every marketing mail (R113). */
  postalAddress: z.string().trim().max(300),
  zone,
  /** Where texts may go (R127); none: the countries of the project's own numbers. */
  countries: z.array(country).max(250),
  /** Texts a fan may get in a rolling month where her consent names no lower number (R48). */
  monthlyCap: z.number().int().min(1).max(100),
  /** Texts and mails together that a fan may get in a rolling month; null: each channel's limit is enough. */
  allChannelsCap: z.number().int().min(1).max(300).nullable(),
  /** Whether a text that matches nothing gets one answer (R107). */
  answersUnmatched: z.boolean(),
};

const project = z.object({
  id,
  name: z.string(),
  slug: z.string(),
  isLive: z.boolean(),
  programme: z.string(),
  legalSender: z.string(),
  contact: z.string(),
  postalAddress: z.string(),
  zone: z.string(),
  countries: z.array(z.string()),
  monthlyCap: z.number().int(),
  allChannelsCap: z.number().int().nullable(),
  answersUnmatched: z.boolean(),
  createdAt: time,
});
export type ProjectView = z.input<typeof project>;

const projectChange = z.strictObject({ name, ...settings }).partial();
export type ProjectChange = z.output<typeof projectChange>;
const newProject = z.strictObject({ name, isLive: z.boolean(), ...z.strictObject(settings).partial().shape });
export type NewProjectBody = z.output<typeof newProject>;

export const listProjects = endpoint({
  method: 'GET',
  path: '/projects',
  summary: 'Projects of the account, newest first',
  scope: null,
  permission: 'see',
  showsAddresses: true,
  query: z.strictObject(pageQuery),
  response: page(project),
});

export const createProject = endpoint({
  method: 'POST',
  path: '/projects',
  summary: 'Make a project, live or test for good',
  scope: null,
  permission: 'projects',
  body: newProject,
  response: project,
  status: 201,
});

export const getProject = endpoint({
  method: 'GET',
  path: '/projects/{id}',
  summary: 'One project with its settings',
  scope: 'read',
  permission: 'see',
  showsAddresses: true,
  params: idParams,
  response: project,
});

export const updateProject = endpoint({
  method: 'PUT',
  path: '/projects/{id}',
  summary: 'Change name or settings; what is left out stays. Texts follow within a second',
  scope: 'write',
  permission: 'settings',
  params: idParams,
  body: projectChange,
  response: project,
});

// ---------------------------------------------------------------- members

const role = z.enum(['viewer', 'marketer', 'manager', 'owner']);

const member = z.object({
  /** Of the person. */
  id,
  name: z.string(),
  email: z.string().nullable(),
  role,
  joinedAt: time,
  isYou: z.boolean(),
});

export const listMembers = endpoint({
  method: 'GET',
  path: '/members',
  summary: 'Who works in this account',
  scope: null,
  permission: 'see',
  showsAddresses: true,
  response: z.object({ items: z.array(member) }),
});

export const changeRole = endpoint({
  method: 'PUT',
  path: '/members/{id}',
  summary: 'Change a role. Only owners make and unmake owners, and one always stays',
  scope: null,
  permission: 'members',
  params: idParams,
  body: z.strictObject({ role }),
  response: member,
});

export const removeMember = endpoint({
  method: 'DELETE',
  path: '/members/{id}',
  summary: 'Take somebody out of the account, at once. Only owners remove owners, and one always stays',
  scope: null,
  permission: 'members',
  params: idParams,
});

// ---------------------------------------------------------------- invitations

const invitation = z.object({
  id,
  role,
  note: z.string(),
  invitedBy: z.string().nullable(),
  createdAt: time,
  expiresAt: time,
});

export const listInvitations = endpoint({
  method: 'GET',
  path: '/invitations',
  summary: 'Invitations that are still open, newest first',
  scope: null,
  permission: 'members',
  response: z.object({ items: z.array(invitation) }),
});

export const createInvitation = endpoint({
  method: 'POST',
  path: '/invitations',
  summary: 'A link that makes whoever opens it first a member; shown this once, good for 7 days',
  scope: null,
  permission: 'members',
  body: z.strictObject({ role, note: z.string().trim().max(120).default('') }),
  response: invitation.extend({ url: z.string() }),
  status: 201,
});

export const revokeInvitation = endpoint({
  method: 'DELETE',
  path: '/invitations/{id}',
  summary: 'Withdraw an invitation',
  scope: null,
  permission: 'members',
  params: idParams,
});

// ---------------------------------------------------------------- keys

const key = z.object({
  id,
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  createdAt: time,
  revokedAt: time.nullable(),
});

export const listKeys = endpoint({
  method: 'GET',
  path: '/keys',
  summary: 'API keys of this project, newest first, without the keys themselves',
  scope: null,
  permission: 'keys',
  query: z.strictObject(pageQuery),
  response: page(key),
});

export const createKey = endpoint({
  method: 'POST',
  path: '/keys',
  summary: 'Make an API key for this project. It is shown in this answer and never again',
  scope: null,
  permission: 'keys',
  body: z.strictObject({ name, scopes: z.array(z.enum(scopes)).min(1, { error: 'Choose at least one.' }) }),
  response: key.extend({ key: z.string() }),
  status: 201,
});

export const revokeKey = endpoint({
  method: 'DELETE',
  path: '/keys/{id}',
  summary: 'End an API key: it is refused within a second',
  scope: null,
  permission: 'keys',
  params: idParams,
});

// ---------------------------------------------------------------- audit

const auditEntry = z.object({
  id,
  at: time,
  /** Who did it; the name is what she, or the key, is called today. */
  actor: z.object({ kind: z.enum(['person', 'key', 'system']), id: z.string(), name: z.string().nullable() }),
  action: z.string(),
  subject: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});

export const listAudit = endpoint({
  method: 'GET',
  path: '/audit',
  summary: 'Who did what in this project and its account, newest first; entries cannot be altered',
  scope: 'read',
  permission: 'audit',
  query: z.strictObject({
    ...pageQuery,
    /** `person:ID`, `key:ID`. */
    actor: z.string().max(80).optional(),
    /** `flow:ID`. */
    subject: z.string().max(120).optional(),
    /** `flow.activated`, or `flow` for all that begin with it. */
    action: z.string().max(80).optional(),
  }),
  response: page(auditEntry),
});

function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Beyond the projects on the number that a STOP came to: none, those of the same legal sender, all of the account. */
export const optOutScopes = ['number', 'sender', 'account'] as const;
export type OptOutScope = (typeof optOutScopes)[number];
const optOutScope = z.object({ scope: z.enum(optOutScopes) });

export const getOptOutScope = endpoint({
  method: 'GET',
  path: '/account/opt-outs',
  summary: 'How far a STOP by text reaches in the account',
  scope: null,
  permission: 'see',
  response: optOutScope,
});

export const setOptOutScope = endpoint({
  method: 'PUT',
  path: '/account/opt-outs',
  summary:
    'Set how far a STOP by text reaches: the projects on its number, those with the same legal sender, or all of the account. START and consent never reach further',
  scope: null,
  permission: 'settings',
  body: z.strictObject(optOutScope.shape),
  response: optOutScope,
});
