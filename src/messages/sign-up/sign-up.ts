import { createHash } from 'node:crypto';
import type { ProjectFacts, ProjectFactsReader } from '#accounts/project-facts.ts';
import type { Connections } from '#connections/connections.ts';
import type { Db } from '#db/database.ts';
import type { AcceptResult, Entry, JsonObject } from '#engine/contract.ts';
import { parseEmail } from '#fans/parse-address.ts';
import type { DomainClock } from '#lib/clock.ts';
import type { Sealer } from '#lib/seal.ts';
import { packFor } from '../countries/index.ts';
import { chooseEmailSender, type EmailSenders } from '../email/email-senders.ts';
import { isSenderReady } from '../email/plan-email.ts';
import { countryVerdict } from '../outbound/requirements.ts';
import { reaches, sendersOf } from '../outbound/sender.ts';
import type { LocateNumber } from '../quiet-hours/zones.ts';
import { emailConsentText, smsConsentText, type OfferedText } from './consent-words.ts';
import { createTries } from './limits.ts';
import { parseTypedPhone } from './typed-phone.ts';

export interface SignUpDeps {
  db: Db;
  sealer: Sealer;
  projects: ProjectFactsReader;
  connections: Connections;
  emailSenders: EmailSenders;
  locate: LocateNumber;
  clocks: DomainClock;
  accept: (projectId: string, entry: Entry) => Promise<AcceptResult>;
  publicUrl: () => string;
}

/** `source` of sign-ups and of their confirmations. */
export const signUpSource = 'sign-up';
export const signUpTypes = { sms: 'sms.signed_up', email: 'email.signed_up' } as const;

/** What a form offers; null: this project can confirm nothing on that channel. */
export interface SignUpOffer {
  sms: (OfferedText & { number: string; country: string | null }) | null;
  email: OfferedText | null;
}

/** What somebody typed into a form, and where (R38). */
export interface SignUpForm {
  projectId: string;
  channel: 'sms' | 'email';
  /** As it was typed. */
  address: string;
  /** In which a number without a country code is read. */
  country: string | null;
  agrees: boolean;
  version: string;
  language: string;
  /** Only mails greet by it, and only once the address is proven (R128). */
  name: string | null;
  /** One form that was shown; sent twice it is one sign-up. */
  nonce: string;
  /** Remind of this release on its day (R102). */
  remind: { releaseId: string; outAt: Date } | null;
  source: {
    page: string;
    pageUrl: string;
    networkAddress: string | null;
    userAgent: string | null;
    zone: string | null;
  };
}

export type SignUpAnswer =
  /** The same whether the address was known or not. `isDouble`: it has to be confirmed first. */
  | { kind: 'taken'; isDouble: boolean }
  | { kind: 'refused'; why: 'no_consent' | 'new_words' | 'address' | 'country' | 'limit' | 'not_offered' };

export type SignUps = ReturnType<typeof createSignUps>;

/** Sign-ups by form: what is offered, and what becomes of a form that was sent (R37, R97, R108). */
export function createSignUps(deps: SignUpDeps) {
  const offer = async (projectId: string, language: string): Promise<SignUpOffer> => {
    const project = await deps.projects.find(projectId);
    if (project === undefined) return { sms: null, email: null };
    const [sms, email] = await Promise.all([
      offerTexts(deps, project, language),
      offerMails(deps, project, language),
    ]);
    return { sms, email };
  };
  const takeTry = createTries(deps);
  return {
    offer,
    request: (form: SignUpForm) => request({ ...deps, offer, takeTry }, form),
    /** The link of the one request was tapped; again: nothing more happens. */
    confirm: async (projectId: string, consentId: string): Promise<void> => {
      await deps.accept(projectId, {
        source: signUpSource,
        key: `confirm:${consentId}`,
        type: 'email.opted_in',
        fingerprint: '',
        occurredAt: deps.clocks.now(projectId),
        payload: { consentId },
      });
    },
  };
}

async function offerTexts(
  { connections, locate, publicUrl }: SignUpDeps,
  project: ProjectFacts,
  language: string,
) {
  const sender = (await connections.ofProject(project.id)).flatMap(sendersOf)[0];
  if (sender === undefined) return null;
  const { number } = sender;
  const country = sender.country ?? locate(number).country;
  return {
    ...smsConsentText(project, publicUrl(), language, packFor(country)),
    number,
    country,
  };
}

/** Nobody is asked for an address to which no confirmation could go (R113). */
async function offerMails(deps: SignUpDeps, project: ProjectFacts, language: string) {
  const sender = chooseEmailSender(await deps.connections.ofProject(project.id), null);
  if (sender === null) return null;
  const standing = await deps.emailSenders.standing(sender.connection, deps.clocks.now(project.id));
  return isSenderReady(project, standing) ? emailConsentText(project, deps.publicUrl(), language) : null;
}

interface RequestDeps extends SignUpDeps {
  offer: (projectId: string, language: string) => Promise<SignUpOffer>;
  takeTry: ReturnType<typeof createTries>;
}

async function request({ takeTry, ...deps }: RequestDeps, form: SignUpForm): Promise<SignUpAnswer> {
  const { projectId, channel } = form;
  const offered = (await deps.offer(projectId, form.language))[channel];
  if (offered === null) return { kind: 'refused', why: 'not_offered' };
  if (!form.agrees) return { kind: 'refused', why: 'no_consent' };
  if (form.version !== offered.version) return { kind: 'refused', why: 'new_words' };
  const address = channel === 'sms' ? parseTypedPhone(form.address, form.country) : parseEmail(form.address);
  if (address === null) return { kind: 'refused', why: 'address' };
  if (channel === 'sms' && !(await isReached(deps, projectId, address)))
    return { kind: 'refused', why: 'country' };
  // Of a mailbox nobody knows the country: the strictest reading (R99).
  const isDouble = channel === 'email' || packFor(deps.locate(address).country).formNeedsYes;
  const now = deps.clocks.now(projectId);
  const { networkAddress } = form.source;
  if (!(await takeTry({ projectId, address, networkAddress }, now))) return { kind: 'refused', why: 'limit' };
  const perMonth = channel === 'sms' ? ((await deps.projects.find(projectId))?.monthlyCap ?? null) : null;
  await deps.accept(projectId, {
    source: signUpSource,
    key: `${form.nonce}:${createHash('sha256').update(address).digest('base64url').slice(0, 16)}`,
    type: signUpTypes[channel],
    fingerprint: '',
    occurredAt: now,
    payload: { signUp: payloadOf(form, { address, isDouble, perMonth, text: offered.text }) },
  });
  return { kind: 'taken', isDouble };
}

/** What the admission needs; JSON, since it is an event's payload. */
export interface SignUpPayload {
  channel: 'sms' | 'email';
  address: string;
  isDouble: boolean;
  perMonth: number | null;
  text: string;
  version: string;
  language: string;
  remind: { releaseId: string; outAt: string } | null;
  source: JsonObject;
}

function payloadOf(
  { channel, version, language, name, remind, source }: SignUpForm,
  found: Pick<SignUpPayload, 'address' | 'isDouble' | 'perMonth' | 'text'>,
): JsonObject {
  const payload: SignUpPayload = {
    ...found,
    channel,
    version,
    language,
    remind: remind === null ? null : { releaseId: remind.releaseId, outAt: remind.outAt.toISOString() },
    source: { ...source, language, name },
  };
  return { ...payload };
}

/** R127: asked before anything is kept, so that nobody waits for a text that cannot come. */
async function isReached(
  { projects, connections, locate }: SignUpDeps,
  projectId: string,
  number: string,
): Promise<boolean> {
  const project = await projects.find(projectId);
  const senders = (await connections.ofProject(projectId)).flatMap(sendersOf);
  const { country } = locate(number);
  const any = senders.some((one) => reaches(one, country, locate));
  return project !== undefined && countryVerdict(country, project, { sender: any, any }) === 'ok';
}
