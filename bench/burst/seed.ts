import { sql } from 'kysely';
import { createAccount, createProject } from '#accounts/create.ts';
import { createConnections } from '#connections/create-connections.ts';
import { connectorServers } from '#connectors/server.ts';
import type { Tokens } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import { systemClock } from '#lib/clock.ts';
import { createHttp } from '#lib/http.ts';
import { newId } from '#lib/ids.ts';
import { createLog } from '#lib/log.ts';
import { createSealer } from '#lib/seal.ts';
import { sealTokens } from '#releases/grants.ts';

export interface Seeded {
  projectId: string;
  smsConnectionId: string;
  musicConnectionId: string;
  album: string;
  artist: string;
}

/** The flow of the example, active, its release out for a day: a pre-save is one PUT. */
export async function seedProject(
  db: Db,
  secretKey: Buffer,
  settings: { sms: unknown; music: unknown },
  baseUrls: (connector: string) => string,
): Promise<Seeded> {
  const { accountId } = await createAccount(db, { name: 'Bench' });
  const { projectId } = await createProject(db, {
    accountId,
    name: 'Luna Vale',
    isLive: false,
    programme: 'Luna Vale',
    legalSender: 'Luna Vale LLC',
    contact: 'lunavale.example/help',
  });
  const connections = createConnections({
    db,
    sealer: createSealer([secretKey]),
    clocks: { now: () => new Date() },
    wall: systemClock,
    log: createLog({ level: 'warn' }),
    servers: connectorServers,
    http: createHttp(),
    baseUrls,
  });
  const connect = async (connector: string, value: unknown) => {
    const made = await connections.createConnection({
      accountId,
      connector,
      label: connector,
      isLive: false,
      settings: value,
    });
    await connections.lendConnection(accountId, made.id, projectId);
    return made.id;
  };
  const smsConnectionId = await connect('twilio', settings.sms);
  const musicConnectionId = await connect('spotify', settings.music);
  const album = '4aawyAB9vmqN3uQ7FjRGTy';
  const artist = '0OdUWJ0sBjDrqHygGUXeCF';
  await insertFlow(db, projectId, smsConnectionId, { album, artist });
  return { projectId, smsConnectionId, musicConnectionId, album, artist };
}

export const releaseId = newId();
export const artistId = newId();

async function insertFlow(
  db: Db,
  projectId: string,
  connectionId: string,
  { album, artist }: { album: string; artist: string },
) {
  const [segmentId, flowId, versionId] = [newId(), newId(), newId()];
  const yesterday = new Date(Date.now() - 24 * 60 * 60_000);
  await sql`insert into artist (project_id, id, name, created_at) values (${projectId}, ${artistId}, 'Luna Vale', now())`.execute(
    db,
  );
  await sql`insert into artist_service (project_id, artist_id, service, service_id)
            values (${projectId}, ${artistId}, 'spotify', ${artist})`.execute(db);
  await sql`insert into release (project_id, id, artist_id, title, kind, release_at, created_at)
            values (${projectId}, ${releaseId}, ${artistId}, 'Nightglass', 'album', ${yesterday}, now())`.execute(
    db,
  );
  await sql`insert into release_service (project_id, release_id, service, service_id)
            values (${projectId}, ${releaseId}, 'spotify', ${album})`.execute(db);
  await sql`insert into segment (project_id, id, name, created_at) values (${projectId}, ${segmentId}, 'New Fans', now())`.execute(
    db,
  );
  const steps = [
    { step: 'presave', config: { releaseId } },
    { step: 'follow-artist', config: { artistId } },
    { step: 'add-to-segment', config: { segmentId } },
    {
      step: 'send-text',
      config: { body: 'done! {{ release.title }} is in your library now. Undo: {{ links.undo }}' },
    },
  ].map((step) => ({ ...step, onUnmet: 'defer', stopOnFailure: false }));
  const trigger = {
    trigger: 'keyword',
    config: { keywords: ['PRESAVE'], match: 'first', connectionId, mode: 'reply' },
  };
  await sql`insert into flow (project_id, id, name, state, version, active_version, created_at, updated_at)
            values (${projectId}, ${flowId}, 'Pre-save', 'active', 1, 1, now(), now())`.execute(db);
  await sql`insert into flow_version (project_id, id, flow_id, version, trigger, steps, reentry, created_at)
            values (${projectId}, ${versionId}, ${flowId}, 1, ${JSON.stringify(trigger)}, ${JSON.stringify(steps)},
                    '{"policy":"cooldown","seconds":60}', now())`.execute(db);
}

/** Connected fans who agreed to texts and to this release and artist; in bulk, as history would have made them. */
export async function seedFans(
  db: Db,
  secretKey: Buffer,
  { projectId, musicConnectionId }: Seeded,
  phones: readonly string[],
  tokens: readonly Tokens[],
) {
  const sealer = createSealer([secretKey]);
  for (let from = 0; from < phones.length; from += 2_000) {
    const rows = phones.slice(from, from + 2_000).map((phone, at) => {
      const granted = tokens[from + at];
      if (granted === undefined) throw new Error('a token a fan');
      const sealed = sealTokens(sealer, granted).toString('base64');
      return {
        phone,
        fan_id: newId(),
        consent_id: newId(),
        tokens: sealed,
        scopes: `{${granted.scopes.join(',')}}`,
      };
    });
    const list = JSON.stringify(rows);
    const from_rows = sql`from json_to_recordset(${list}::json)
      as r(phone text, fan_id uuid, consent_id uuid, tokens text, scopes text)`;
    await sql`insert into fan (project_id, id, created_at) select ${projectId}, fan_id, now() ${from_rows}`.execute(
      db,
    );
    await sql`insert into address (project_id, channel, value, fan_id, created_at)
              select ${projectId}, 'sms', phone, fan_id, now() ${from_rows}`.execute(db);
    await sql`insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source,
                                   per_month, granted_at, active_at)
              select ${projectId}, consent_id, fan_id, 'sms', phone, 'agreed', 'v1', 'keyword', '{}', 5,
                     now() - interval '40 days', now() - interval '40 days' ${from_rows}`.execute(db);
    await sql`insert into streaming_grant (project_id, fan_id, service, connection_id, provider_account, tokens, scopes,
                                           state, authorised_at, dies_at, proven_at)
              select ${projectId}, fan_id, 'spotify', ${musicConnectionId}, phone, decode(tokens, 'base64'),
                     scopes::text[], 'live', now(), now() + interval '6 months', now() ${from_rows}`.execute(
      db,
    );
    // Their opt-in and their sign-in moved these once.
    for (const gate of ['sms', 'streaming', 'sent']) {
      await sql`insert into gate (project_id, key, seq)
                select ${projectId}, 'fan:' || fan_id || ':' || ${gate}, 1 ${from_rows}`.execute(db);
    }
    for (const [kind, target] of [
      ['release', releaseId],
      ['follow', artistId],
    ] as const) {
      await sql`insert into purpose (project_id, fan_id, kind, target_id, words, source, given_at)
                select ${projectId}, fan_id, ${kind}, ${target}::uuid, 'agreed', 'bench', now() ${from_rows}`.execute(
        db,
      );
    }
  }
  await sql`analyze`.execute(db);
}
