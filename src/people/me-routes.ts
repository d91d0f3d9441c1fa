import { sql } from 'kysely';
import { toString as toQrCode } from 'qrcode';
import { writeAudit } from '#accounts/audit.ts';
import type { Role } from '#accounts/roles.ts';
import { transaction, type Db } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import { Answer, route, type ApiRequest, type Caller, type Route } from '#lib/route.ts';
import { countAttempt } from './attempts.ts';
import * as contract from './contract.ts';
import { asking } from './library.ts';
import { endSessions, renamePerson, setPassword, setUpPerson } from './persons.ts';
import { findSession, getPerson, isFreshFromLink, libraryHeaders, type Session } from './sessions.ts';
import type { SignInDeps } from './sign-in-routes.ts';

/** What a person asks and changes about herself. */
export function meRoutes(deps: SignInDeps): Route[] {
  const { db, auth, wall } = deps;
  return [
    route(contract.getMe, async ({ caller, headers }) => {
      const session = await getSession(deps, headers);
      const person = await getPerson(db, caller.id);
      const mayResetPassword = isFreshFromLink(session, wall.now());
      return {
        person: { ...person, mayResetPassword },
        ...(await getPlace(db, caller)),
        permissions: [...caller.permissions],
        projects: await listOwnProjects(db, caller.id),
      };
    }),
    route(contract.setUpMe, async ({ caller, body }) => {
      const passwordHash = await hashOf(deps, body.password);
      const { isSetUp } = await getPerson(db, caller.id);
      if (isSetUp)
        throw new UserError(422, 'invalid', 'You are set up already: change what you want in the settings.');
      await transaction(db, async (tx) => {
        await setUpPerson(tx, caller.id, { ...body, passwordHash });
        await note(tx, caller, 'person.set_up', undefined, {
          name: body.name,
          email: body.email.toLowerCase(),
        });
      });
    }),
    route(contract.updateMe, async (request) => {
      const { caller, body } = request;
      const { name, email } = await getPerson(db, caller.id);
      const after = { name: body.name, email: body.email.toLowerCase() };
      if (after.email !== email) await requirePassword(deps, request, body.currentPassword);
      await transaction(db, async (tx) => {
        await renamePerson(tx, caller.id, after);
        await note(tx, caller, 'person.edited', { name, email }, after);
      });
    }),
    route(contract.changePassword, async (request) => {
      const { caller, body } = request;
      const session = await getSession(deps, request.headers);
      if (!isFreshFromLink(session, wall.now())) await requirePassword(deps, request, body.currentPassword);
      const passwordHash = await hashOf(deps, body.newPassword);
      await transaction(db, async (tx) => {
        await setPassword(tx, caller.id, passwordHash);
        await endSessions(tx, caller.id, session.id);
        await note(tx, caller, 'person.password_changed');
      });
    }),
    route(contract.endOtherSessions, async ({ caller, headers }) => {
      const session = await getSession(deps, headers);
      await transaction(db, async (tx) => {
        await endSessions(tx, caller.id, session.id);
        await note(tx, caller, 'person.signed_out_elsewhere');
      });
    }),
    route(contract.beginTwoFactor, async (request) => {
      await countPassword(deps, request.caller);
      const headers = libraryHeaders(request);
      const begun = await asking(() => auth.api.enableTwoFactor({ body: request.body, headers }));
      if (!('totpURI' in begun)) throw new Error('another second factor was begun than was asked for');
      const qrCode = await toQrCode(begun.totpURI, { type: 'svg', margin: 1 });
      return { uri: begun.totpURI, qrCode, recoveryCodes: begun.backupCodes };
    }),
    route(contract.confirmTwoFactor, async (request) => {
      const asked = { body: request.body, headers: libraryHeaders(request), returnHeaders: true } as const;
      const { headers } = await asking(() => auth.api.verifyTOTP(asked));
      // The library commits by itself: this follows at once, and is lost only with the process.
      await note(db, request.caller, 'person.two_factor_on');
      return new Answer(null, undefined, headers.getSetCookie());
    }),
    route(contract.disableTwoFactor, async (request) => {
      await countPassword(deps, request.caller);
      const asked = { body: request.body, headers: libraryHeaders(request), returnHeaders: true } as const;
      const { headers } = await asking(() => auth.api.disableTwoFactor(asked));
      await note(db, request.caller, 'person.two_factor_off');
      return new Answer(null, undefined, headers.getSetCookie());
    }),
  ];
}

async function getSession({ auth }: SignInDeps, headers: Headers): Promise<Session> {
  const session = await findSession(auth, headers);
  if (session === null) throw new UserError(401, 'unauthorized', 'This session is over. Sign in again.');
  return session;
}

/** 422 unless it is the person's password. */
async function requirePassword(
  deps: SignInDeps,
  request: Pick<ApiRequest<unknown>, 'caller' | 'headers' | 'address'>,
  password: string | undefined,
): Promise<void> {
  if (password === undefined) {
    const message = 'Enter your password, too.';
    const errors = [{ path: 'currentPassword', code: 'required', message }];
    throw new UserError(422, 'invalid', message, { errors });
  }
  await countPassword(deps, request.caller);
  const asked = { body: { password }, headers: libraryHeaders(request) };
  await asking(() => deps.auth.api.verifyPassword(asked), 'currentPassword');
}

/** A session that was left open must not serve to guess the password. */
function countPassword({ db, wall }: SignInDeps, { id }: Caller): Promise<void> {
  return countAttempt(db, [{ key: `password of ${id}`, max: 20, windowMs: 15 * 60_000 }], wall.now());
}

async function hashOf({ auth }: SignInDeps, password: string): Promise<string> {
  const { password: passwords } = await auth.$context;
  return passwords.hash(password);
}

/** What concerns a person stands in the log of the account she was working in. */
function note(db: Db, caller: Caller, action: string, before?: unknown, after?: unknown): Promise<void> {
  const subject = `person:${caller.id}`;
  return writeAudit(db, caller.accountId, { actor: caller.actor, action, subject, before, after });
}

async function getPlace(db: Db, { id, accountId }: Caller) {
  const { rows } = await sql<{ name: string; plan: string; role: Role }>`
    select a.name, a.plan, m.role from member m join account a on a.id = m.account_id
     where m.user_id = ${id} and m.account_id = ${accountId}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new UserError(403, 'forbidden', 'You do not belong to this account any more.');
  return { account: { id: accountId, name: row.name, plan: row.plan }, role: row.role };
}

interface OwnProject {
  id: string;
  name: string;
  slug: string;
  zone: string;
  isLive: boolean;
  accountId: string;
  accountName: string;
}

async function listOwnProjects(db: Db, userId: string): Promise<OwnProject[]> {
  const { rows } = await sql<OwnProject>`
    select p.id, p.name, p.slug, p.zone, p.is_live as "isLive", a.id as "accountId", a.name as "accountName"
      from member m join account a on a.id = m.account_id join project p on p.account_id = a.id
     where m.user_id = ${userId} order by p.created_at, p.id`.execute(db);
  return rows;
}
