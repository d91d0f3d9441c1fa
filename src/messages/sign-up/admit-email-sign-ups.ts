import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { type Admission, type Candidate, type Entry, type JsonObject, priority } from '#engine/contract.ts';
import { signal } from '#engine/gates.ts';
import { lockFans } from '#fans/consent-state.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { resolveFans } from '#fans/resolve-fans.ts';
import { textAt } from '#lib/json.ts';
import { newId } from '#lib/ids.ts';
import { signUpTypes, type SignUpPayload } from './sign-up.ts';

/**
 * Each address that has no consent, pending or active, gets one request by mail, unless it is dead or its
 * reader called a mail of ours spam (R76, R97).
 */
export async function admitEmailSignUps(
  tx: Tx,
  projectId: string,
  forms: readonly SignUpPayload[],
  now: Date,
): Promise<Admission[]> {
  if (forms.length === 0) return [];
  const addresses = forms.map(({ address }) => address);
  const fans = await resolveFans(tx, projectId, 'email', addresses, now);
  await lockFans(tx, projectId, [...fans.values()]);
  const open = await openAddresses(tx, projectId, addresses);
  const rows: JsonObject[] = [];
  const admissions = forms.map((form): Admission => {
    const { address, text, version, source } = form;
    const fanId = fans.get(address) ?? null;
    const subject = { source: 'page', page: source['page'] ?? null };
    const admission: Admission = { fanId, type: signUpTypes.email, subject, candidates: [] };
    // Of two forms of one batch the first is the sign-up.
    if (fanId === null || !open.delete(address)) return admission;
    const id = newId();
    rows.push({ id, fanId, address, text, version, source });
    const data: JsonObject = { emailRequest: { consentId: id, address } };
    const promise = `request:${id}`;
    return {
      ...admission,
      items: [{ kind: 'send', fanId, priority: priority.compliance, dueAt: now, promise, data }],
    };
  });
  await insertPending(tx, projectId, rows, now);
  return admissions;
}

async function openAddresses(tx: Tx, projectId: string, addresses: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ address: string }>`
    select a.value as address from address a
     where a.project_id = ${projectId} and a.channel = 'email' and a.value = any(${[...addresses]})
       and not exists (select 1 from consent c where c.project_id = a.project_id and c.channel = 'email'
                          and c.address = a.value and c.revoked_at is null)
       and not exists (select 1 from suppression s
                        where s.project_id = a.project_id and s.address = a.value)`.execute(tx);
  return new Set(rows.map(({ address }) => address));
}

async function insertPending(tx: Tx, projectId: string, rows: readonly JsonObject[], now: Date) {
  if (rows.length === 0) return;
  await sql`
    insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source, granted_at)
    select ${projectId}, id, "fanId", 'email', address, text, version, 'web', source, ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as c(id uuid, "fanId" uuid, address text, text text, version text, source jsonb)
     order by address`.execute(tx);
}

/** The consent that an entry confirms. */
export function confirmedBy({ payload }: Pick<Entry, 'payload'>): string {
  return textAt(payload, 'consentId');
}

/**
 * Admits confirmations: the consent becomes active, an unsubscription from before ends, and the name that was
 * typed is hers from now on (R42, R97, R128). A second tap finds it done and raises nothing.
 */
export async function admitConfirmations(
  tx: Tx,
  match: (type: string, subject: JsonObject) => Candidate[],
  projectId: string,
  entries: readonly { entry: Entry }[],
  now: Date,
): Promise<Admission[]> {
  const ids = entries.map(({ entry }) => confirmedBy(entry));
  const { rows } = await sql<{ id: string; fanId: string; address: string; name: string | null }>`
    update consent c set active_at = ${now}
     where c.project_id = ${projectId} and c.id = any(${ids}::uuid[]) and c.channel = 'email'
       and c.active_at is null and c.revoked_at is null
    returning c.id, c.fan_id as "fanId", c.address, c.source->>'name' as name`.execute(tx);
  const done = new Map(rows.map((row) => [row.id, row]));
  await sql`
    update opt_out set cleared_at = ${now} where project_id = ${projectId} and channel = 'email'
       and address = any(${rows.map(({ address }) => address)}) and cleared_at is null`.execute(tx);
  await sql`
    update fan f set name = n.name
      from json_to_recordset(${JSON.stringify(rows)}::json) as n("fanId" uuid, name text)
     where f.project_id = ${projectId} and f.id = n."fanId" and f.name is null and n.name is not null`.execute(
    tx,
  );
  await signal(
    tx,
    projectId,
    rows.map(({ fanId }) => ({ key: gateKeys.email(fanId) })),
  );
  const type = 'email.opted_in';
  const subject = { source: 'page' };
  return ids.map((id): Admission => {
    const fanId = done.get(id)?.fanId ?? null;
    return { fanId, type, subject, candidates: fanId === null ? [] : match(type, subject) };
  });
}
