import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Admission, Entry } from '#engine/contract.ts';
import { signal } from '#engine/gates.ts';
import { newId } from '#lib/ids.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { Channel } from '#fans/facts.ts';
import { lockFans } from '#fans/consent-state.ts';
import { findFans, resolveFans } from '#fans/resolve-fans.ts';
import { type ApiEventPayload, readApiEvent } from '#runs/api-event.ts';
import type { Admitter } from './admit.ts';
import type { FlowIndex } from './flow-index.ts';
import { admitComments, type CommentFact, type CommentStart } from './instagram-comments.ts';
import { matchEvent } from './match-event.ts';

/** Addresses in the order in which they decide who the fan is. */
const channels = [
  ['phone', 'sms'],
  ['email', 'email'],
  ['instagram', 'instagram'],
] as const satisfies readonly (readonly [keyof ApiEventPayload['fan'], Channel])[];

/**
 * Admits events that came by API or from a step. An event by API is never an inbound text: it gives
 * no basis for the one reply, and records consent only as claimed, with its proof (R96).
 */
export const admitEvents: Admitter = async (tx, projectId, index, entries, now) => {
  const reads = entries.map(({ entry }) => ({
    entry,
    api: entry.source === 'api' ? readApiEvent(entry) : null,
  }));
  const people = await findPeople(
    tx,
    projectId,
    reads.flatMap(({ api }) => api ?? []),
    now,
  );
  const comments = await startComments(tx, projectId, index, reads, people);
  const claims: Claim[] = [];
  const admissions = reads.map(({ entry, api }): Admission => {
    if (api === null) return admitCaused(entry, index);
    const { fanId, isConflict } = people(api.fan);
    if (fanId !== null && api.consent !== null) claims.push({ fanId, api, consent: api.consent });
    return {
      fanId,
      type: entry.type,
      subject: api.subject,
      ...(comments.get(entry) ?? {
        candidates: fanId === null ? [] : matchEvent(index, entry.type, api.subject),
      }),
      extra: isConflict ? { fanConflict: true } : {},
    };
  });
  await writeClaims(tx, projectId, claims, now);
  return admissions;
};

/** Comments that a program tells of, once each, whoever told first (R71). */
async function startComments(
  tx: Tx,
  projectId: string,
  index: FlowIndex,
  reads: readonly { entry: Entry; api: ApiEventPayload | null }[],
  people: FindPerson,
): Promise<ReadonlyMap<Entry, CommentStart>> {
  const found = reads.flatMap(({ entry, api }): { entry: Entry; comment: CommentFact }[] => {
    const fanId = api === null ? null : people(api.fan).fanId;
    if (api?.type !== 'instagram.comment' || fanId === null) return [];
    const { commentId, mediaId, text, connectionId } = api.subject;
    const comment = {
      // As: the event's own schema at the API's door.
      commentId: commentId as string,
      mediaId: mediaId as string,
      text: text as string,
      connectionId: typeof connectionId === 'string' ? connectionId : null,
      fanId,
      address: api.fan.instagram ?? null,
      isLive: false,
      at: entry.occurredAt,
    };
    return [{ entry, comment }];
  });
  if (found.length === 0) return new Map();
  const starts = await admitComments(
    tx,
    projectId,
    index,
    found.map(({ comment }) => comment),
  );
  return new Map(found.flatMap(({ entry }, order) => (starts[order] ? [[entry, starts[order]]] : [])));
}

function admitCaused(entry: Entry, index: FlowIndex): Admission {
  const { fanId, subject } = entry.payload;
  const about = typeof subject === 'object' && subject !== null && !Array.isArray(subject) ? subject : {};
  return {
    fanId: typeof fanId === 'string' ? fanId : null,
    type: entry.type,
    subject: about,
    candidates: matchEvent(index, entry.type, about),
  };
}

type FindPerson = (fan: ApiEventPayload['fan']) => { fanId: string | null; isConflict: boolean };

/** The id decides, then phone, e-mail, Instagram; nobody is merged. Unknown addresses make a fan. */
async function findPeople(
  tx: Tx,
  projectId: string,
  events: readonly ApiEventPayload[],
  now: Date,
): Promise<FindPerson> {
  const byId = await existingFans(
    tx,
    projectId,
    events.flatMap(({ fan }) => fan.id ?? []),
  );
  const known = new Map<Channel, Map<string, string>>();
  for (const [field, channel] of channels) {
    known.set(
      channel,
      await findFans(
        tx,
        projectId,
        channel,
        events.flatMap(({ fan }) => fan[field] ?? []),
      ),
    );
  }
  const find: FindPerson = (fan) => {
    const hits = channels.flatMap(([field, channel]) => known.get(channel)?.get(fan[field] ?? '') ?? []);
    const fanId = fan.id === undefined ? (hits[0] ?? null) : byId.has(fan.id) ? fan.id : null;
    return { fanId, isConflict: new Set([...(fanId === null ? [] : [fanId]), ...hits]).size > 1 };
  };
  const strangers = events.filter(({ fan }) => fan.id === undefined && find(fan).fanId === null);
  for (const [field, channel] of channels) {
    const values = strangers.flatMap(({ fan }) => (firstField(fan) === field ? (fan[field] ?? []) : []));
    const made = await resolveFans(tx, projectId, channel, values, now);
    for (const [value, fanId] of made) known.get(channel)?.set(value, fanId);
  }
  await addAddresses(tx, projectId, events, find, known, now);
  return find;
}

function firstField(fan: ApiEventPayload['fan']): string | undefined {
  return channels.find(([field]) => fan[field] !== undefined)?.[0];
}

/** Addresses that nobody has yet become the fan's; those of somebody else stay where they are. */
async function addAddresses(
  tx: Tx,
  projectId: string,
  events: readonly ApiEventPayload[],
  find: FindPerson,
  known: ReadonlyMap<Channel, Map<string, string>>,
  now: Date,
) {
  const rows = events.flatMap(({ fan }) => {
    const { fanId } = find(fan);
    if (fanId === null) return [];
    return channels.flatMap(([field, channel]) => {
      const value = fan[field];
      return value === undefined || known.get(channel)?.has(value) ? [] : [{ channel, value, fan_id: fanId }];
    });
  });
  if (rows.length === 0) return;
  await sql`
    insert into address (project_id, channel, value, fan_id, created_at)
    select ${projectId}, channel, value, fan_id, ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json) as a(channel text, value text, fan_id uuid)
     order by channel, value
    on conflict do nothing`.execute(tx);
}

async function existingFans(tx: Tx, projectId: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select id from fan where project_id = ${projectId} and id = any(${[...ids]})`.execute(tx);
  return new Set(rows.map((row) => row.id));
}

interface Claim {
  fanId: string;
  api: ApiEventPayload;
  consent: NonNullable<ApiEventPayload['consent']>;
}

/** R96, R42: a claim never restores what the fan withdrew, and never replaces a living consent. */
async function writeClaims(tx: Tx, projectId: string, claims: readonly Claim[], now: Date) {
  const rows = claims.flatMap(({ fanId, api, consent }) => {
    const [channel, address] = api.type.startsWith('email.')
      ? ['email', api.fan.email]
      : ['sms', api.fan.phone];
    return address === undefined ? [] : [{ id: newId(), fan_id: fanId, channel, address, consent }];
  });
  if (rows.length === 0) return;
  await lockFans(
    tx,
    projectId,
    rows.map((row) => row.fan_id),
  );
  await sql`
    insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source,
                         granted_at, active_at)
    select ${projectId}, c.id, c.fan_id, c.channel, c.address, c.consent->>'text', c.consent->>'version', 'claimed',
           c.consent, (c.consent->>'obtainedAt')::timestamptz, ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as c(id uuid, fan_id uuid, channel text, address text, consent jsonb)
     -- Only for an address of this very fan: somebody else's number in the event proves nothing.
     where exists (select 1 from address a where a.project_id = ${projectId} and a.channel = c.channel
                      and a.value = c.address and a.fan_id = c.fan_id)
       and not exists (select 1 from opt_out o where o.project_id = ${projectId} and o.channel = c.channel
                          and o.address = c.address and o.cleared_at is null)
     order by c.channel, c.address
    on conflict do nothing`.execute(tx);
  const keys = rows.map(({ channel, fan_id: fanId }) =>
    channel === 'email' ? gateKeys.email(fanId) : gateKeys.sms(fanId),
  );
  await signal(
    tx,
    projectId,
    keys.map((key) => ({ key })),
  );
}
