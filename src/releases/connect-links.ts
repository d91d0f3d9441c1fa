import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { transaction, type Db, type Tx } from '#db/database.ts';
import type { JsonObject, LocalWrite, Writer } from '#engine/contract.ts';
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
  input: { projectId: string; fanId: string; subject: LinkSubject; releaseAt: Date | null; now: Date },
): { url: string; writes: LocalWrite[] } {
  const { projectId, fanId, subject, releaseAt, now } = input;
  const code = connectCode(sealer, projectId, fanId, subject);
  const row: JsonObject = {
    code,
    fanId,
    purpose: 'connect',
    subject: { ...subject },
    expiresAt: connectLinkExpiry(now, releaseAt).toISOString(),
  };
  return { url: `${publicUrl}/s/${code}`, writes: [{ writer: 'link.create', row }] };
}

/** As texts ask for it: one link a fan and subject. */
export function createLinkMaker(sealer: Sealer, publicUrl: () => string) {
  return (input: {
    view: { projectId: string; now: Date };
    facts: { fanId: string };
    subject: LinkSubject;
    releaseAt: Date | null;
  }) => {
    const { view, facts, subject, releaseAt } = input;
    const { projectId, now } = view;
    const plan = planConnectLink(sealer, publicUrl(), {
      projectId,
      fanId: facts.fanId,
      subject,
      releaseAt,
      now,
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
  const { writes } = planConnectLink(sealer, '', input);
  await transaction(db, (tx) =>
    createLinkWriter(sealer)(
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
    const { writes } = planConnectLink(sealer, '', { projectId, fanId, subject, releaseAt: null, now });
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
    await transaction(db, (tx) => createLinkWriter(sealer)(tx, projectId, links));
  }
  return new Map(plans.map(({ fanId, code }) => [fanId, `/s/${code}`]));
}

/** `link.create {code, fanId, purpose, subject, expiresAt}`. A code that is there lives on, at least as long. */
export function createLinkWriter(sealer: Sealer): Writer {
  return async (tx, projectId, rows) => {
    const byCode = new Map(rows.map((one) => [textAt(one.row, 'code'), one]));
    const list = [...byCode]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { row, fanId, now }]) => {
        const token = randomBytes(tokenBytes).toString('base64url');
        return {
          ...row,
          fanId: row['fanId'] ?? fanId,
          now,
          token: sealer.seal(token).toString('hex'),
          hash: hashToken(token).toString('hex'),
        };
      });
    await insertLinks(tx, projectId, JSON.stringify(list));
  };
}

async function insertLinks(tx: Tx, projectId: string, list: string): Promise<void> {
  const columns = sql`
    as n(code text, "fanId" uuid, purpose text, subject jsonb, token text, hash text, now timestamptz,
         "expiresAt" timestamptz)`;
  const { rows } = await sql<{ code: string; is_new: boolean }>`
    insert into short_link as s (code, project_id, fan_id, purpose, subject, token, created_at, expires_at)
    select code, ${projectId}, "fanId", purpose, subject, decode(token, 'hex'), now, "expiresAt"
      from json_to_recordset(${list}::json) ${columns} order by code
    on conflict (code) do update set expires_at = greatest(s.expires_at, excluded.expires_at)
    returning code, xmax = 0 as is_new`.execute(tx);
  const made = rows.filter((row) => row.is_new).map((row) => row.code);
  const known = rows.filter((row) => !row.is_new).map((row) => row.code);
  if (made.length > 0) {
    await sql`
      insert into page_link (hash, project_id, fan_id, purpose, subject, code, created_at, expires_at)
      select decode(hash, 'hex'), ${projectId}, "fanId", purpose, subject, code, now, "expiresAt"
        from json_to_recordset(${list}::json) ${columns} where code = any(${made}) order by hash`.execute(tx);
  }
  if (known.length > 0) {
    await sql`
      update page_link p set expires_at = s.expires_at from short_link s
       where p.project_id = ${projectId} and p.code = s.code and s.code = any(${known})`.execute(tx);
  }
}

/** Where a short link leads; undefined: never made. */
export async function findShortLink(
  db: Db,
  sealer: Sealer,
  code: string,
): Promise<{ projectId: string; purpose: 'connect' | 'me'; token: string; expiresAt: Date } | undefined> {
  const { rows } = await sql<{
    projectId: string;
    purpose: 'connect' | 'me';
    token: Buffer;
    expiresAt: Date;
  }>`
    select project_id as "projectId", purpose, token, expires_at as "expiresAt"
      from short_link where code = ${code}`.execute(db);
  const row = rows[0];
  return row === undefined ? undefined : { ...row, token: sealer.unseal(row.token) };
}

/** The page behind a token, expired or not; undefined: never made. */
export async function findPageLink(db: Db, token: string): Promise<PageLink | undefined> {
  const { rows } = await sql<PageLink>`
    select project_id as "projectId", fan_id as "fanId", purpose, subject, code, expires_at as "expiresAt"
      from page_link where hash = ${hashToken(token)}`.execute(db);
  return rows[0];
}

/** The token is random: a slow hash would protect nothing. */
function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
