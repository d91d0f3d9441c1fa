import { sql } from 'kysely';
import type { Connection } from '#connections/connections.ts';
import type { StreamingAction } from '#connectors/connector.ts';
import { ownPageToken } from '#fans/own-page.ts';
import type { PageLink } from '#releases/connect-links.ts';
import type { PagesDeps } from './deps.ts';

export interface ShownRelease {
  id: string;
  title: string;
  kind: 'album' | 'track' | 'playlist';
  releaseAt: Date;
  releaseMode: 'global' | 'local';
  countdownUrl: string | null;
  isCancelled: boolean;
}

export interface ShownGrant {
  service: string;
  state: 'live' | 'expired' | 'refused_by_app';
  displayName: string | null;
  diesAt: Date | null;
  scopes: string[];
}

/** All that a fan's connect page shows: of this fan, and of this release and artist only (R120). */
export interface ConnectData {
  link: PageLink;
  token: string;
  now: Date;
  slug: string;
  zone: string;
  /** To her own page (R120). */
  ownPath: string;
  artist: { id: string; name: string } | null;
  release: ShownRelease | null;
  /** Last two digits; null without a number. */
  phoneEnd: string | null;
  emails: string[];
  hasConsent: boolean;
  /** Our number from which the provider delivers nothing to hers (R98). */
  blockedSender: string | null;
  grants: ShownGrant[];
  /** Given already: `release`, `follow`, `future`. */
  purposes: Set<string>;
  saves: { service: string; state: string; renewBy: Date | null }[];
  follows: string[];
  /** What a run of hers waits with. */
  awaits: Set<'release' | 'follow'>;
  services: ShownService[];
}

export interface ShownService {
  connector: string;
  label: string;
  connection: Connection;
}

/** Undefined when the project, or the fan, is gone. */
export async function readConnectData(
  deps: PagesDeps,
  labels: ReadonlyMap<string, string>,
  link: PageLink,
  token: string,
): Promise<ConnectData | undefined> {
  const now = deps.clocks.now(link.projectId);
  const [{ rows }, connections] = await Promise.all([
    readRow(deps, link, now),
    deps.connections.ofProject(link.projectId),
  ]);
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    link,
    token,
    now,
    slug: row.slug,
    zone: row.zone,
    ownPath: `/me/${ownPageToken(deps.sealer, { ...link, turn: row.turn })}`,
    artist: row.artist,
    release: row.release && { ...row.release, releaseAt: new Date(row.release.releaseAt) },
    phoneEnd: row.phone?.slice(-2) ?? null,
    emails: row.emails ?? [],
    hasConsent: row.hasConsent,
    blockedSender: row.blockedSender,
    grants: (row.grants ?? []).map((grant) => ({ ...grant, diesAt: toDate(grant.diesAt) })),
    purposes: new Set(row.purposes ?? []),
    saves: (row.saves ?? []).map((save) => ({ ...save, renewBy: toDate(save.renewBy) })),
    follows: row.follows ?? [],
    awaits: new Set(row.awaits ?? []),
    services: servicesOf(connections, labels),
  };
}

/** What can be linked in a project; of two apps of one service the first serves its pages. */
export function servicesOf(
  connections: readonly Connection[],
  labels: ReadonlyMap<string, string>,
): ShownService[] {
  return connections
    .filter((one) => one.streaming !== null)
    .filter((one, at, all) => all.findIndex((other) => other.connector === one.connector) === at)
    .map((connection) => ({
      connector: connection.connector,
      label: labels.get(connection.connector) ?? connection.connector,
      connection,
    }));
}

/** As it comes out of JSON. */
interface DataRow {
  turn: number;
  slug: string;
  zone: string;
  artist: { id: string; name: string } | null;
  release: (Omit<ShownRelease, 'releaseAt'> & { releaseAt: string }) | null;
  phone: string | null;
  emails: string[] | null;
  hasConsent: boolean;
  blockedSender: string | null;
  grants: (Omit<ShownGrant, 'diesAt'> & { diesAt: string | null })[] | null;
  purposes: string[] | null;
  saves: { service: string; state: string; renewBy: string | null }[] | null;
  follows: string[] | null;
  awaits: ('release' | 'follow')[] | null;
}

function readRow({ db }: PagesDeps, { projectId, fanId, subject }: PageLink, now: Date) {
  const { releaseId } = subject;
  const artistId = sql`coalesce(${subject.artistId}::uuid, (
    select artist_id from release where project_id = ${projectId} and id = ${releaseId}::uuid))`;
  return sql<DataRow>`
    with a as (select id, name from artist where project_id = ${projectId} and id = ${artistId})
    select p.slug, p.zone, f.page_turn as turn,
      (select json_build_object('id', id, 'name', name) from a) as artist,
      (select json_build_object('id', id, 'title', title, 'kind', kind, 'releaseAt', release_at,
                'releaseMode', release_mode, 'countdownUrl', countdown_url, 'isCancelled', cancelled_at is not null)
         from release where project_id = p.id and id = ${releaseId}::uuid) as release,
      (select value from address where project_id = p.id and fan_id = f.id and channel = 'sms' limit 1) as phone,
      (select array_agg(value) from address where project_id = p.id and fan_id = f.id and channel = 'email') as emails,
      exists (select 1 from consent where project_id = p.id and fan_id = f.id and revoked_at is null
                 and active_at <= ${now}) as "hasConsent",
      (select b.sender from address a join block b on b.project_id = a.project_id and b.address = a.value
        where a.project_id = p.id and a.fan_id = f.id and a.channel = 'sms' limit 1) as "blockedSender",
      (select json_agg(json_build_object('service', service, 'state', state, 'displayName', display_name,
                'diesAt', dies_at, 'scopes', scopes) order by service)
         from streaming_grant where project_id = p.id and fan_id = f.id and state <> 'revoked') as grants,
      (select array_agg(distinct kind) from purpose where project_id = p.id and fan_id = f.id and revoked_at is null
          and target_id in (${releaseId}::uuid, (select id from a))) as purposes,
      (select json_agg(json_build_object('service', service, 'state', state, 'renewBy', renew_by) order by service)
         from save where project_id = p.id and fan_id = f.id and release_id = ${releaseId}::uuid) as saves,
      (select array_agg(service order by service) from followed where project_id = p.id and fan_id = f.id
          and artist_id = (select id from a) and undone_at is null) as follows,
      (select array_agg(distinct case when promise like '%:follow:%' then 'follow' else 'release' end) from work
        where project_id = p.id and fan_id = f.id and kind = 'step'
          and promise ~ ('^' || f.id || ':(presave|save|follow):('
                         || coalesce(${releaseId}::text, '-') || '|' || coalesce((select id::text from a), '-') || ')')) as awaits
      from project p join fan f on f.project_id = p.id and f.id = ${fanId}
     where p.id = ${projectId}`.execute(db);
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

/** What signing in must allow for these purposes. */
export function actionsFor(purposes: readonly string[], release: ShownRelease | null): StreamingAction[] {
  const actions = purposes.flatMap((purpose): StreamingAction[] => {
    if (purpose === 'follow') return ['follow-artist'];
    if (purpose === 'future') return ['save-album', 'save-track'];
    return release === null ? [] : [`save-${release.kind}`];
  });
  return [...new Set(actions)];
}
