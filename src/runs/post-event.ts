import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { parseEmail, parsePhone } from '#fans/parse-address.ts';
import type { DomainClock } from '#lib/clock.ts';
import { UserError } from '#lib/errors.ts';
import { Answer, type Caller } from '#lib/route.ts';
import { apiEntry, type ApiEventPayload } from './api-event.ts';
import type { ApiEvent } from './contract.ts';
import type { EngineDoor } from './engine-door.ts';

export interface EventDeps {
  db: Db;
  clock: DomainClock;
  engine: Pick<EngineDoor, 'accept'>;
}

/**
 * Takes an event from outside. The same key again: 200 with the first answer; with another type, fan
 * or subject: 409. Ids of another project: 422 naming the field (R88).
 */
export async function postEvent(deps: EventDeps, caller: Caller, event: ApiEvent) {
  if (event.consent !== undefined && !caller.scopes.has('consent:write')) {
    throw new UserError(
      403,
      'forbidden',
      'This key may not record consent: it lacks the scope “consent:write”.',
      {
        rule: 'R96',
      },
    );
  }
  const payload: ApiEventPayload = {
    type: event.type,
    fan: readFan(event.fan),
    // As: what is not there vanishes in JSON.
    subject: event.subject as Record<string, string>,
    consent: event.consent === undefined ? null : { ...event.consent, claimedBy: caller.actor },
  };
  await refuseUnknown(deps.db, caller.projectId, payload);
  const now = deps.clock.now(caller.projectId);
  const occurredAt = event.occurredAt === undefined ? now : new Date(event.occurredAt);
  const result = await deps.engine.accept(
    caller.projectId,
    apiEntry(payload, event.idempotencyKey, occurredAt),
  );
  if (result.isMismatch) {
    throw new UserError(
      409,
      'idempotency_mismatch',
      'This idempotency key was used for an event with another type, fan or subject.',
    );
  }
  const { eventId, duplicate, runs, ignored, extra } = result;
  const answer = { eventId, duplicate, runs, ignored };
  return new Answer(
    duplicate ? 200 : 202,
    extra['fanConflict'] === true ? { ...answer, fanConflict: true } : answer,
  );
}

function readFan(fan: ApiEvent['fan']): ApiEventPayload['fan'] {
  const { id, phone, email, instagram } = fan;
  return {
    ...(id === undefined ? {} : { id }),
    ...(phone === undefined ? {} : { phone: parsed('phone', parsePhone(phone)) }),
    ...(email === undefined ? {} : { email: parsed('email', parseEmail(email)) }),
    ...(instagram === undefined ? {} : { instagram }),
  };
}

function parsed(name: 'phone' | 'email', value: string | null): string {
  if (value !== null) return value;
  const message =
    name === 'phone'
      ? 'Not a phone number: write it with its country code, as +16195550100.'
      : 'Not an e-mail address.';
  throw new UserError(422, 'invalid', `fan.${name}: ${message}`, {
    errors: [{ path: `fan.${name}`, code: 'not_an_address', message }],
  });
}

/** Everything an event names by id must be this project's. */
async function refuseUnknown(db: Db, projectId: string, { fan, subject }: ApiEventPayload): Promise<void> {
  const named = [
    { path: 'fan.id', table: 'fan', id: fan.id },
    { path: 'subject.releaseId', table: 'release', id: subject['releaseId'] },
    { path: 'subject.artistId', table: 'artist', id: subject['artistId'] },
    { path: 'subject.connectionId', table: 'loan', id: subject['connectionId'] },
  ].filter((one) => one.id !== undefined);
  for (const { path, table, id } of named) {
    const column = table === 'loan' ? 'connection_id' : 'id';
    const { rows } = await sql`
      select 1 from ${sql.table(table)} where project_id = ${projectId} and ${sql.ref(column)} = ${id}`.execute(
      db,
    );
    if (rows.length > 0) continue;
    const message = 'There is no such thing in this project.';
    throw new UserError(422, 'invalid', `${path}: ${message}`, {
      errors: [{ path, code: 'not_found', message }],
      rule: 'R88',
    });
  }
}
