import { sql } from 'kysely';
import { sendOnly, transaction, type Db } from '#db/database.ts';
import type { JsonObject, LocalWrite, Writer } from '#engine/contract.ts';
import { findTurn, ownPageToken, type PageOwner } from '#fans/own-page.ts';
import { textAt } from '#lib/json.ts';
import type { Sealer } from '#lib/seal.ts';

/** What a fan's page offers. */
export interface LinkSubject {
  releaseId: string | null;
  artistId: string | null;
  /** Handed out by the API, not sent to the fan's number: whoever opens it proves nothing about that number. */
  isHandedOut?: boolean;
}

export interface PageLink {
  projectId: string;
  fanId: string;
  purpose: 'connect' | 'me';
  subject: LinkSubject;
  /** The short link to the same page. */
  code: string;
  expiresAt: Date;
}

/** Where a short link leads, and the step that last sent it; null: a screen or an API answer showed it. */
export interface ShortLink extends Pick<PageLink, 'projectId' | 'purpose' | 'expiresAt'> {
  token: string;
  sentBy: SentBy | null;
}

export interface SentBy {
  flowId: string;
  position: number;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const codeLength = 10;
const tokenBytes = 16;
const dayMs = 24 * 60 * 60_000;

/** R120: until the release, at least thirty days. */
export function connectLinkExpiry(now: Date, releaseAt: Date | null): Date {
  const usual = new Date(now.getTime() + 30 * dayMs);
  return releaseAt !== null && releaseAt > usual ? releaseAt : usual;
}

/**
 * The short code of a fan's connect page for a subject: always the same, so that a later text leads
 * to the same page without a look-up; not to be guessed without the key.
 */
export function connectCode(sealer: Sealer, projectId: string, fanId: string, subject: LinkSubject): string {
  const { releaseId, artistId, isHandedOut } = subject;
  const hash = sealer.hash(
    ['connect', projectId, fanId, releaseId ?? '', artistId ?? '', isHandedOut ? 'handed out' : ''].join(' '),
  );
  return codeOf(hash);
}

function codeOf(hash: Buffer): string {
  let rest = BigInt(`0x${hash.toString('hex')}`);
  let code = '';
  for (let at = 0; at < codeLength; at++) {
    code += alphabet[Number(rest % 62n)] ?? '';
    rest /= 62n;
  }
  return code;
}

/** The link that a text carries, and the row that is committed with the text (`link.create`). */
export function planConnectLink(
  sealer: Sealer,
  publicUrl: string,
  input: {
    projectId: string;
    fanId: string;
    subject: LinkSubject;
    releaseAt: Date | null;
    now: Date;
    sentBy: SentBy | null;
  },
): { url: string; writes: LocalWrite[] } {
  const { projectId, fanId, subject, releaseAt, now, sentBy } = input;
  const code = connectCode(sealer, projectId, fanId, subject);
  const row: JsonObject = {
    code,
    fanId,
    purpose: 'connect',
    subject: { ...subject },
    expiresAt: connectLinkExpiry(now, releaseAt).toISOString(),
    ...sentBy,
  };
  return { url: `${publicUrl}/s/${code}`, writes: [{ writer: 'link.create', row }] };
}

/** How long the short link in an answer to HELP leads to the fan's own page (R120: sixty days at least). */
const ownPageLinkMs = 180 * dayMs;

/** The short link to a fan's own page, always the same in its turn, and the row that makes it work. */
export function planOwnPageLink(
  sealer: Sealer,
  publicUrl: string,
  { projectId, fanId, turn, now }: PageOwner & { now: Date },
): { url: string; writes: LocalWrite[] } {
  const code = codeOf(sealer.hash(['me', projectId, fanId, turn].join(' ')));
  const row: JsonObject = {
    code,
    fanId,
    purpose: 'me',
    subject: {},
    expiresAt: new Date(now.getTime() + ownPageLinkMs).toISOString(),
  };
  return { url: `${publicUrl}/s/${code}`, writes: [{ writer: 'link.create', row }] };
}

/** As texts ask for it: one link a fan and subject. */
export function createLinkMaker(sealer: Sealer, shortUrl: () => string) {
  return (input: {
    view: { projectId: string; now: Date; flowId: string | null; position: number };
    facts: { fanId: string };
    subject: LinkSubject;
    releaseAt: Date | null;
  }) => {
    const { view, facts, subject, releaseAt } = input;
    const { projectId, now, flowId, position } = view;
    const plan = planConnectLink(sealer, shortUrl(), {
      projectId,
      fanId: facts.fanId,
      subject,
      releaseAt,
      now,
      sentBy: flowId === null ? null : { flowId, position },
    });
    return { url: plan.url, writes: [...plan.writes] };
  };
}

/** Makes the page now, for a screen or an API answer. Again for the same fan and subject: the same page. */
export async function createConnectLink(
  db: Db,
  sealer: Sealer,
  input: { projectId: string; fanId: string; subject: LinkSubject; releaseAt: Date | null; now: Date },
): Promise<{ code: string; shortPath: string; path: string; expiresAt: Date }> {
  const { projectId, fanId, now } = input;
  const { writes } = planConnectLink(sealer, '', { ...input, sentBy: null });
  await transaction(db, (tx) =>
    writeLinks(
      tx,
      projectId,
      writes.map(({ row }) => ({ row, fanId, runId: null, now })),
    ),
  );
  const code = connectCode(sealer, projectId, fanId, input.subject);
  const link = await findShortLink(db, sealer, code);
  if (link === undefined) throw new Error('the link that was just made is not there');
  return { code, shortPath: `/s/${code}`, path: `/c/${link.token}`, expiresAt: link.expiresAt };
}

/**
 * The pages of many fans, as an API answer names them: short paths by fan. Those that last for a while
 * are only read, so that looking at a list does not write it anew each time.
 */
export async function handOutLinks(
  db: Db,
  sealer: Sealer,
  projectId: string,
  fanIds: readonly string[],
  now: Date,
): Promise<Map<string, string>> {
  const subject = { releaseId: null, artistId: null, isHandedOut: true };
  const plans = fanIds.map((fanId) => {
    const plan = { projectId, fanId, subject, releaseAt: null, now, sentBy: null };
    const { writes } = planConnectLink(sealer, '', plan);
    return { fanId, code: connectCode(sealer, projectId, fanId, subject), writes };
  });
  const codes = plans.map(({ code }) => code);
  const lasting = new Date(connectLinkExpiry(now, null).getTime() - dayMs);
  const { rows } = await sql<{ code: string }>`
    select code from short_link where code = any(${codes}) and expires_at > ${lasting}`.execute(db);
  const known = new Set(rows.map((row) => row.code));
  const missing = plans.filter(({ code }) => !known.has(code));
  if (missing.length > 0) {
    const links = missing.flatMap(({ fanId, writes }) =>
      writes.map(({ row }) => ({ row, fanId, runId: null, now })),
    );
    await transaction(db, (tx) => writeLinks(tx, projectId, links));
  }
  return new Map(plans.map(({ fanId, code }) => [fanId, `/s/${code}`]));
}

/**
 * `link.create {code, fanId, purpose, subject, expiresAt, flowId?, position?}`. A code that is there lives
 * on, at least as long; whoever opens it from now on is counted for the step that sent it last.
 */
export const writeLinks: Writer = async (tx, projectId, rows) => {
  const byCode = new Map(rows.map((one) => [textAt(one.row, 'code'), one]));
  const list = [...byCode]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { row, fanId, now }]) => ({ ...row, fanId: row['fanId'] ?? fanId, now }));
  const linking = sql`
    insert into short_link as s (code, project_id, fan_id, purpose, subject, created_at, expires_at, flow_id, position)
    select code, ${projectId}, "fanId", purpose, subject, now, "expiresAt", "flowId", position
      from json_to_recordset(${JSON.stringify(list)}::json)
           as n(code text, "fanId" uuid, purpose text, subject jsonb, now timestamptz, "expiresAt" timestamptz,
                "flowId" uuid, position smallint)
    on conflict (code) do update set expires_at = greatest(s.expires_at, excluded.expires_at),
       flow_id = coalesce(excluded.flow_id, s.flow_id), position = coalesce(excluded.position, s.position)`;
  await sendOnly(tx, linking.execute(tx));
};

/** Where a short link leads; undefined: never made. */
export async function findShortLink(db: Db, sealer: Sealer, code: string): Promise<ShortLink | undefined> {
  const link = await findLink(db, code);
  if (link === undefined) return undefined;
  if (link.purpose === 'connect') return { ...link, token: pageToken(sealer, code) };
  const { projectId, fanId } = link;
  const turn = await findTurn(db, projectId, fanId);
  return turn === null ? undefined : { ...link, token: ownPageToken(sealer, { projectId, fanId, turn }) };
}

/** The page behind a token, expired or not; undefined: never made, or not by us. */
export async function findPageLink(db: Db, sealer: Sealer, token: string): Promise<PageLink | undefined> {
  const code = token.slice(0, codeLength);
  const proof = Buffer.from(token.slice(codeLength), 'base64url');
  // One spelling a token: base64 leaves the last bits of a text free.
  const isWhole = proof.length === tokenBytes && code + proof.toString('base64url') === token;
  if (!isWhole || !sealer.isHash(proved(code), proof)) return undefined;
  return findLink(db, code);
}

/**
 * The page's own secret: its code, so that it is found, and 128 bits that only the holder of the key
 * can make. Nothing of it is stored; the same code always has the same token.
 */
function pageToken(sealer: Sealer, code: string): string {
  return code + sealer.hash(proved(code)).subarray(0, tokenBytes).toString('base64url');
}

const proved = (code: string) => `page ${code}`;

async function findLink(db: Db, code: string): Promise<(PageLink & Pick<ShortLink, 'sentBy'>) | undefined> {
  const { rows } = await sql<PageLink & Pick<ShortLink, 'sentBy'>>`
    select project_id as "projectId", fan_id as "fanId", purpose, subject, code, expires_at as "expiresAt",
           case when flow_id is not null then json_build_object('flowId', flow_id, 'position', position) end as "sentBy"
      from short_link where code = ${code}`.execute(db);
  return rows[0];
}
