import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { GateRead } from '#engine/contract.ts';
import { gateKeys } from './gate-keys.ts';

/** Everything requirements ask about one fan, read at one moment, with the gates that guard it. */
export interface FanFacts {
  fanId: string;
  name: string | null;
  language: string | null;
  zip: string | null;
  isSmsHeld: boolean;
  /** Of the links to her own page that work (R120). */
  pageTurn: number;
  addresses: { channel: Channel; value: string }[];
  /** Unrevoked; pending ones have no `activeAt`. */
  consents: ConsentFact[];
  optOuts: { channel: Channel; address: string; at: Date }[];
  /** E-mail addresses that are dead, or whose reader called a mail spam (R76). */
  suppressions: { address: string; reason: 'hard_bounce' | 'complaint' }[];
  /** The number that texted an address last. */
  textedFrom: { address: string; sender: string }[];
  /** Provider's refusals, by sender (R98). */
  blocks: { sender: string; address: string }[];
  grants: GrantFact[];
  purposes: { kind: 'release' | 'follow' | 'future'; targetId: string }[];
  /** `remindAt`: the release's moment, where a reminder was promised and not yet sent. */
  saves: { releaseId: string; service: string; state: string; renewBy: Date | null; remindAt: Date | null }[];
  followed: { artistId: string; service: string }[];
  /** Messages of the last 31 days that may have reached her, newest first. */
  messages: MessageFact[];
  gates: ReadonlyMap<string, GateRead>;
}

/** `account`: a streaming account, as `service:account`; nobody is written to there. */
export type Channel = 'sms' | 'email' | 'instagram' | 'account';

export interface ConsentFact {
  id: string;
  channel: Channel;
  address: string;
  perMonth: number | null;
  method: string;
  grantedAt: Date;
  activeAt: Date | null;
  /** IANA zone that the browser named when it was given on a page. */
  zone: string | null;
}

export interface GrantFact {
  service: string;
  connectionId: string;
  state: 'live' | 'expired' | 'revoked' | 'refused_by_app';
  providerAccount: string;
  scopes: string[];
  authorisedAt: Date;
  diesAt: Date | null;
  provenAt: Date;
}

export interface MessageFact {
  channel: Channel;
  class: 'compliance' | 'answer' | 'reply' | 'marketing';
  address: string;
  runId: string | null;
  causeId: string | null;
  hasOptOutWording: boolean;
  /** Answered a keyword of this flow that had been texted before (R29). */
  againFlowId: string | null;
  sentAt: Date;
  /** `item:position` of the step whose call with it has no known end yet. */
  openStep: string | null;
}

/** What was sent longer ago than this no requirement asks about. */
const messageDays = 31;

/** More than the answers, replies and marketing of so many days can be. */
const maxMessages = 500;

/**
 * Reads the facts of many fans with the gates that guard them, in one statement: they are of one
 * moment, so that a fact that changes later shows as a moved gate where it is acted upon. `flowIds`
 * adds the gates of those flows. A fan that does not exist (erased) is absent from the answer.
 */
export async function readFacts(
  db: Db,
  projectId: string,
  fanIds: readonly string[],
  flowIds: readonly string[],
  now: Date,
): Promise<Map<string, FanFacts>> {
  const shared = [
    gateKeys.project,
    gateKeys.connections,
    ...new Set(flowIds.flatMap((id) => [gateKeys.flow(id), gateKeys.flowDeleted(id)])),
  ];
  const fans = [...new Set(fanIds)].sort();
  const keys = [...shared, ...fans.flatMap((id) => gateKeys.allOfFan(id))].sort();
  const since = new Date(now.getTime() - messageDays * 24 * 60 * 60_000);
  const { rows } = await sql<FactRow>`
    select f.id, f.name, f.language, f.zip, f.is_sms_held, f.page_turn,
      case when row_number() over () = 1 then
        (select json_agg(json_build_array(g.key, g.seq, g.closed)) from gate g
          where g.project_id = ${projectId} and g.key = any(${keys})) end as gates,
      (select json_agg(json_build_array(channel, value,
          (select o.at from opt_out o
            where o.project_id = a.project_id and o.channel = a.channel and o.address = a.value
              and o.cleared_at is null),
          case when a.channel = 'sms' then
            (select json_agg(b.sender) from block b
              where b.project_id = a.project_id and b.address = a.value) end,
          case when a.channel = 'email' then
            (select s.reason from suppression s
              where s.project_id = a.project_id and s.address = a.value) end,
          case when a.channel = 'sms' then
            (select m.sender from message m
               left join lateral (
                 select state from intent i where i.project_id = m.project_id and i.id = m.id offset 0) i on true
              where m.project_id = a.project_id and m.address = a.value and m.channel = 'sms'
                and i.state is distinct from 'refused'
              order by m.sent_at desc limit 1) end) order by created_at, value)
         from address a where a.project_id = f.project_id and a.fan_id = f.id) as addresses,
      (select json_agg(json_build_array(id, channel, address, per_month, method, granted_at, active_at,
                                        source->>'zone'))
         from consent c where c.project_id = f.project_id and c.fan_id = f.id and c.revoked_at is null) as consents,
      (select json_agg(json_build_array(service, connection_id, state, provider_account, scopes, authorised_at,
                                        dies_at, proven_at) order by service)
         from streaming_grant g where g.project_id = f.project_id and g.fan_id = f.id) as grants,
      (select json_agg(json_build_array(kind, target_id)) from purpose p
        where p.project_id = f.project_id and p.fan_id = f.id and p.revoked_at is null) as purposes,
      (select json_agg(json_build_array(release_id, service, state, renew_by,
          case when state = 'reminder_set' then
            (select release_at from release r where r.project_id = s.project_id and r.id = s.release_id) end))
         from save s
        where s.project_id = f.project_id and s.fan_id = f.id) as saves,
      (select json_agg(json_build_array(artist_id, service)) from followed d
        where d.project_id = f.project_id and d.fan_id = f.id and d.undone_at is null) as followed,
      (select json_agg(json_build_array(channel, class, address, run_id, cause_id, has_opt_out_wording,
                                        again_flow_id, sent_at, open_step))
         from (select m.*, case i.state when 'open' then i.work_id || ':' || i.position end as open_step
                 from message m
                 left join lateral (
                   select * from intent i where i.project_id = m.project_id and i.id = m.id offset 0) i on true
                where m.project_id = f.project_id and m.fan_id = f.id and m.sent_at > ${since}
                  and i.state is distinct from 'refused'
                order by m.sent_at desc limit ${sql.lit(maxMessages)}) m) as messages
      from fan f where f.project_id = ${projectId} and f.id = any(${fans})`.execute(db);
  const known = new Map(rows.flatMap(({ gates }) => toGates(gates)));
  return new Map(
    rows.map((row) => [row.id, toFacts(row, readFrom(known, [...shared, ...gateKeys.allOfFan(row.id)]))]),
  );
}

function toGates(rows: Rows): [string, GateRead][] {
  // As: what the statement selects.
  return (rows ?? []).map(([key, seq, closed]) => [
    String(key),
    { key: String(key), seq: Number(seq), closed: closed as boolean },
  ]);
}

/** A gate that nobody has moved yet has no row. */
function readFrom(known: ReadonlyMap<string, GateRead>, keys: readonly string[]): FanFacts['gates'] {
  return new Map(keys.map((key) => [key, known.get(key) ?? { key, seq: 0, closed: false }]));
}

type Rows = unknown[][] | null;

interface FactRow {
  id: string;
  name: string | null;
  language: string | null;
  zip: string | null;
  is_sms_held: boolean;
  page_turn: number;
  /** Of all fans asked for, in one row of the answer. */
  gates: Rows;
  addresses: Rows;
  consents: Rows;
  grants: Rows;
  purposes: Rows;
  saves: Rows;
  followed: Rows;
  messages: Rows;
}

// The casts below restate, column by column, what the statement above selects.
function toFacts(row: FactRow, gates: FanFacts['gates']): FanFacts {
  return {
    fanId: row.id,
    name: row.name,
    language: row.language,
    zip: row.zip,
    isSmsHeld: row.is_sms_held,
    pageTurn: row.page_turn,
    addresses: (row.addresses ?? []).map(([channel, value]) => ({
      channel: channel as Channel,
      value: String(value),
    })),
    consents: (row.consents ?? []).map(
      ([id, channel, address, perMonth, method, grantedAt, activeAt, zone]) => ({
        id: String(id),
        channel: channel as Channel,
        address: String(address),
        perMonth: perMonth as number | null,
        method: String(method),
        grantedAt: toDate(grantedAt),
        activeAt: activeAt === null ? null : toDate(activeAt),
        zone: typeof zone === 'string' ? zone : null,
      }),
    ),
    optOuts: (row.addresses ?? []).flatMap(([channel, address, at]) =>
      at === null ? [] : [{ channel: channel as Channel, address: String(address), at: toDate(at) }],
    ),
    suppressions: (row.addresses ?? []).flatMap(([, address, , , reason]) =>
      reason === null
        ? []
        : [{ address: String(address), reason: reason as FanFacts['suppressions'][number]['reason'] }],
    ),
    textedFrom: (row.addresses ?? []).flatMap(([, address, , , , sender]) =>
      typeof sender === 'string' ? [{ address: String(address), sender }] : [],
    ),
    blocks: (row.addresses ?? []).flatMap(([, address, , senders]) =>
      ((senders ?? []) as unknown[]).map((sender) => ({ sender: String(sender), address: String(address) })),
    ),
    grants: (row.grants ?? []).map(
      ([service, connectionId, state, account, scopes, authorisedAt, diesAt, provenAt]) => ({
        service: String(service),
        connectionId: String(connectionId),
        state: state as GrantFact['state'],
        providerAccount: String(account),
        scopes: scopes as string[],
        authorisedAt: toDate(authorisedAt),
        diesAt: diesAt === null ? null : toDate(diesAt),
        provenAt: toDate(provenAt),
      }),
    ),
    purposes: (row.purposes ?? []).map(([kind, targetId]) => ({
      kind: kind as 'release' | 'follow' | 'future',
      targetId: String(targetId),
    })),
    saves: (row.saves ?? []).map(([releaseId, service, state, renewBy, remindAt]) => ({
      releaseId: String(releaseId),
      service: String(service),
      state: String(state),
      renewBy: renewBy === null ? null : toDate(renewBy),
      remindAt: remindAt === null ? null : toDate(remindAt),
    })),
    followed: (row.followed ?? []).map(([artistId, service]) => ({
      artistId: String(artistId),
      service: String(service),
    })),
    messages: (row.messages ?? []).map(
      ([channel, kind, address, runId, causeId, hasOptOutWording, againFlowId, sentAt, openStep]) => ({
        channel: channel as Channel,
        class: kind as MessageFact['class'],
        address: String(address),
        runId: runId as string | null,
        causeId: causeId as string | null,
        hasOptOutWording: hasOptOutWording as boolean,
        againFlowId: againFlowId as string | null,
        openStep: openStep as string | null,
        sentAt: toDate(sentAt),
      }),
    ),
    gates,
  };
}

function toDate(value: unknown): Date {
  return new Date(String(value));
}
