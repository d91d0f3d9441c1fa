import { writeAudit } from '#accounts/audit.ts';
import { findInvitation, joinByInvitation } from '#accounts/invitations.ts';
import { holdMember } from '#accounts/members.ts';
import { transaction } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import { Answer, publicRoute, route, type Route } from '#lib/route.ts';
import { countAttempt } from './attempts.ts';
import * as contract from './contract.ts';
import { meRoutes } from './me-routes.ts';
import { createPerson } from './persons.ts';
import { findSession, openSession } from './sessions.ts';
import { createSignIn } from './sign-in-links.ts';
import { signInRoutes, type SignInDeps } from './sign-in-routes.ts';

export interface PeopleDeps extends SignInDeps {
  publicUrl: () => string;
}

export function peopleRoutes(deps: PeopleDeps): Route[] {
  const { db, auth, wall, publicUrl } = deps;
  return [
    ...signInRoutes(deps),
    ...meRoutes(deps),
    route(contract.createMemberLink, async ({ caller, params }) => {
      const now = wall.now();
      return transaction(db, async (tx) => {
        await holdMember(tx, caller, params.id);
        const input = { accountId: caller.accountId, userId: params.id, now };
        const { token, expiresAt } = await createSignIn(tx, input);
        const entry = { actor: caller.actor, action: 'member.link_made', subject: `person:${params.id}` };
        await writeAudit(tx, caller.accountId, entry);
        return { url: `${publicUrl()}/sign-in/${token}`, expiresAt };
      });
    }),
    publicRoute(contract.lookAtInvitation, async ({ body, address }) => {
      await countAttempt(db, [invitationLimit(address)], wall.now());
      return findInvitation(db, body.token, wall.now());
    }),
    publicRoute(contract.acceptInvitation, async (request) => {
      const { body, headers, address } = request;
      await countAttempt(db, [invitationLimit(address)], wall.now());
      await findInvitation(db, body.token, wall.now());
      const session = await findSession(auth, headers);
      if (session !== null) {
        await transaction(db, (tx) => joinByInvitation(tx, body.token, session.userId, wall.now()));
        return new Answer(null, undefined, session.cookies);
      }
      const { person } = body;
      if (person === undefined) {
        const message = 'Sign in first, or say who you are.';
        throw new UserError(422, 'invalid', message, {
          errors: [{ path: 'person', code: 'required', message }],
        });
      }
      // Before the transaction: hashing takes a while on purpose.
      const { password: passwords } = await auth.$context;
      const passwordHash = await passwords.hash(person.password);
      const userId = await transaction(db, async (tx) => {
        const made = await createPerson(tx, { ...person, passwordHash });
        await joinByInvitation(tx, body.token, made, wall.now());
        return made;
      });
      return new Answer(null, undefined, await openSession(auth, userId, request));
    }),
  ];
}

function invitationLimit(address: string | null) {
  return { key: `invitation from ${address ?? ''}`, max: 60, windowMs: 15 * 60_000 };
}
