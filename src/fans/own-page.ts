import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import { isId } from '#lib/ids.ts';
import type { Sealer } from '#lib/seal.ts';

/** Whose page it is, and of which turn its link is. */
export interface PageOwner {
  projectId: string;
  fanId: string;
  turn: number;
}

const idBytes = 16;
const proofBytes = 16;

/**
 * The token of a fan's own page (`/me/…`): whose it is, and 128 bits that only the holder of the key can
 * make. Nothing of it is stored and nothing personal is in it (R93); it works until the fan is erased or
 * ends her old links, which gives her page another turn.
 */
export function ownPageToken(sealer: Pick<Sealer, 'hash'>, owner: PageOwner): string {
  const subject = Buffer.concat([toBytes(owner.projectId), toBytes(owner.fanId)]);
  const proof = sealer.hash(proved(subject, owner.turn)).subarray(0, proofBytes);
  return Buffer.concat([subject, proof]).toString('base64url');
}

/** Null: not a token of ours, or not of the page's present turn. */
export async function findPageOwner(
  db: Db | Tx,
  sealer: Pick<Sealer, 'isHash'>,
  token: string,
): Promise<PageOwner | null> {
  const bytes = Buffer.from(token, 'base64url');
  const subject = bytes.subarray(0, 2 * idBytes);
  const proof = bytes.subarray(subject.length);
  // One spelling a token.
  if (proof.length !== proofBytes || bytes.toString('base64url') !== token) return null;
  const [projectId, fanId] = [toId(subject.subarray(0, idBytes)), toId(subject.subarray(idBytes))];
  if (!isId(projectId) || !isId(fanId)) return null;
  const turn = await findTurn(db, projectId, fanId);
  if (turn === null || !sealer.isHash(proved(subject, turn), proof)) return null;
  return { projectId, fanId, turn };
}

/** The present turn of a fan's page; null: nobody. */
export async function findTurn(db: Db | Tx, projectId: string, fanId: string): Promise<number | null> {
  const { rows } = await sql<{ turn: number }>`
    select page_turn as turn from fan where project_id = ${projectId} and id = ${fanId}`.execute(db);
  return rows[0]?.turn ?? null;
}

/** Ends every link to her pages that went out so far, those to the connect pages too. Answers with the new turn. */
export async function endOldLinks(tx: Tx, projectId: string, fanId: string): Promise<number> {
  const { rows } = await sql<{ turn: number }>`
    update fan set page_turn = page_turn + 1
     where project_id = ${projectId} and id = ${fanId} returning page_turn as turn`.execute(tx);
  await sql`delete from short_link where project_id = ${projectId} and fan_id = ${fanId}`.execute(tx);
  return rows[0]?.turn ?? 0;
}

const proved = (subject: Buffer, turn: number) => `own page ${turn} ${subject.toString('hex')}`;

function toBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function toId(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
