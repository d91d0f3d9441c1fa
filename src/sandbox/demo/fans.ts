import type { Tokens } from '#connectors/connector.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { giveConsent, noChanges } from '#fans/consent-changes.ts';
import { writeConsentChanges } from '#fans/consent-state.ts';
import { newId, newIdAt } from '#lib/ids.ts';
import { expireGrant, storeGrant, type NewGrant } from '#releases/grants.ts';
import type { NewPurpose } from '#releases/purposes.ts';
import type { DemoDeps } from './ensure-demo.ts';
import { demo, demoPhones } from './facts.ts';

export interface FanIds {
  projectId: string;
  flowId: string;
  releaseId: string;
  artistId: string;
  smsConnectionId: string;
  streamingConnectionId: string;
}

const dayMs = 24 * 3_600_000;
/** Days since each joined the list, and since each signed in at the streaming service. */
const joinedDaysAgo = 12;
const signedInDaysAgo = { connected: 12, link_ran_out: 215 } as const;

type KnownPhone = Extract<(typeof demoPhones)[number], { user: string }>;

/**
 * The fans that texted before: one whose service is linked, one whose link ran out by itself. The
 * third phone belongs to nobody yet. All of it in one commit.
 */
export async function makeFans(deps: DemoDeps, ids: FanIds): Promise<void> {
  const { db, clock } = deps.flows;
  const now = clock.now(ids.projectId);
  const known = demoPhones.filter((phone): phone is KnownPhone => phone.user !== null);
  const fans = await Promise.all(
    known.map(async (phone) => ({ phone, fanId: idOf(now), ...(await signIn(deps, ids, phone, now)) })),
  );
  const words = await readWords(db, ids);
  await transaction(db, async (tx) => {
    for (const { phone, fanId, grant } of fans) {
      await makeFan(tx, ids, phone, fanId, words, now);
      const key = { projectId: ids.projectId, fanId, service: 'spotify' };
      await storeGrant(tx, deps.sealer, { ...grant, ...key }, purposesOf(ids));
      if (phone.who === 'link_ran_out') await expireGrant(tx, key);
    }
  });
}

/**
 * The fan who left: she had agreed, and texts STOP to the number now, so that the carrier and Segue
 * know it in the way they always do.
 */
export async function makeFanWhoLeft(deps: DemoDeps, ids: FanIds): Promise<void> {
  const phone = demoPhones.find(({ who }) => who === 'opted_out');
  if (phone === undefined) return;
  const { db, clock } = deps.flows;
  const now = clock.now(ids.projectId);
  const words = await readWords(db, ids);
  await transaction(db, (tx) => makeFan(tx, ids, phone, idOf(now), words, now));
  const carrier = await deps.fakes.open('twilio', ids.smsConnectionId);
  await carrier.receiveText({ from: phone.number, to: demo.number, body: 'STOP' });
}

/** Lists are in the order of ids: it is as old as the fan. */
const idOf = (now: Date) => newIdAt(new Date(now.getTime() - joinedDaysAgo * dayMs));

/** A sign-in at the fake, as far back as it is told to be. */
async function signIn(
  { connections, fakes }: DemoDeps,
  { streamingConnectionId }: FanIds,
  { who, name, user }: KnownPhone,
  now: Date,
): Promise<{ grant: Omit<NewGrant, 'projectId' | 'fanId' | 'service'> }> {
  const oauth = (await connections.find(streamingConnectionId))?.streaming?.oauth;
  if (oauth === undefined) throw new Error('the streaming connection of the demo cannot be opened');
  const player = await fakes.open('spotify', streamingConnectionId);
  const authorisedAt = new Date(now.getTime() - signedInDaysAgo[who] * dayMs);
  const scopes = oauth.scopesFor(['save-album', 'follow-artist']);
  const tokens = await player.issueGrant(user, scopes, authorisedAt);
  const providerAccount = await accountOf(player, await player.issueGrant(user, scopes, now));
  return {
    grant: {
      connectionId: streamingConnectionId,
      providerAccount,
      displayName: name,
      tokens,
      authorisedAt,
      diesAt: oauth.diesAt(authorisedAt),
      provenAt: who === 'connected' ? now : authorisedAt,
    },
  };
}

/** Asked of the fake itself: this process may not be listening yet. */
async function accountOf(
  player: { fetch(request: Request): Promise<Response> },
  { accessToken }: Tokens,
): Promise<string> {
  const headers = { authorization: `Bearer ${accessToken}` };
  const response = await player.fetch(new Request('http://sandbox/v1/me', { headers }));
  // As: the fake's own profile, whose shape its tests hold.
  return ((await response.json()) as { account_id: string }).account_id;
}

function purposesOf({ releaseId, artistId }: FanIds): NewPurpose[] {
  const words = `Pre-save “${demo.title}” and follow ${demo.artist}`;
  return [
    { kind: 'release', targetId: releaseId, words, source: 'page' },
    { kind: 'follow', targetId: artistId, words, source: 'page' },
  ];
}

/** The published words that the fans agreed to. */
function readWords(db: Db, { projectId, flowId }: FanIds) {
  return db
    .selectFrom('call_to_action')
    .select(['text', 'version'])
    .where('project_id', '=', projectId)
    .where('flow_id', '=', flowId)
    .executeTakeFirstOrThrow();
}

async function makeFan(
  tx: Tx,
  { projectId, flowId, smsConnectionId }: FanIds,
  { number, name }: { number: string; name: string | null },
  fanId: string,
  words: { text: string; version: string },
  now: Date,
): Promise<void> {
  const at = new Date(now.getTime() - joinedDaysAgo * dayMs);
  await tx
    .insertInto('fan')
    .values({ project_id: projectId, id: fanId, name, country: 'US', created_at: at })
    .execute();
  await tx
    .insertInto('address')
    .values({ project_id: projectId, channel: 'sms', value: number, fan_id: fanId, created_at: at })
    .execute();
  const changes = noChanges();
  const nothingYet = {
    fanId,
    address: number,
    isHeld: false,
    zip: null,
    optedOutAt: null,
    live: null,
    last: null,
  };
  const consent = {
    text: words.text,
    textVersion: words.version,
    perMonth: demo.perMonth,
    method: 'keyword' as const,
    source: { flowId, messageId: `demo-${fanId}`, connectionId: smsConnectionId, sender: demo.number },
  };
  giveConsent(changes, nothingYet, consent, at);
  await writeConsentChanges(tx, projectId, changes);
  // The answer of that day carried the disclosures: the next text need not.
  await tx
    .insertInto('message')
    .values({
      project_id: projectId,
      id: newId(),
      fan_id: fanId,
      channel: 'sms',
      address: number,
      sender: demo.number,
      class: 'reply',
      parts: 1,
      has_opt_out_wording: true,
      sent_at: at,
    })
    .execute();
}
