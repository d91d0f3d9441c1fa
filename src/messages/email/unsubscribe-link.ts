import { createHash } from 'node:crypto';
import { isId } from '#lib/ids.ts';
import type { Sealer } from '#lib/seal.ts';

/** Whose mails end, by the link of one of them. */
export interface Unsubscriber {
  projectId: string;
  fanId: string;
  /** The beginning of a hash of the address: the link holds no personal data (R93). */
  digest: Buffer;
}

const idBytes = 16;
const digestBytes = 8;
const proofBytes = 16;

/**
 * The token behind the one-click header and the visible link: whose mails they are, and 128 bits that
 * only the holder of the key can make. Nothing is stored, so it works as long as the fan is known,
 * which is longer than the sixty days that are asked for (R120). The same fan and address: the same token.
 */
export function unsubscribeToken(
  sealer: Sealer,
  { projectId, fanId, address }: { projectId: string; fanId: string; address: string },
): string {
  const subject = Buffer.concat([toBytes(projectId), toBytes(fanId), digestOf(projectId, address)]);
  const proof = sealer.hash(proved(subject)).subarray(0, proofBytes);
  return Buffer.concat([subject, proof]).toString('base64url');
}

/** Null: not a token of ours. */
export function readUnsubscribeToken(sealer: Sealer, token: string): Unsubscriber | null {
  const bytes = Buffer.from(token, 'base64url');
  const subject = bytes.subarray(0, 2 * idBytes + digestBytes);
  const proof = bytes.subarray(subject.length);
  // One spelling a token.
  if (proof.length !== proofBytes || bytes.toString('base64url') !== token) return null;
  if (!sealer.isHash(proved(subject), proof)) return null;
  const projectId = toId(subject.subarray(0, idBytes));
  const fanId = toId(subject.subarray(idBytes, 2 * idBytes));
  return isId(projectId) && isId(fanId) ? { projectId, fanId, digest: subject.subarray(2 * idBytes) } : null;
}

/** Whether the link was sent to this address. */
export function isOwnAddress({ projectId, digest }: Unsubscriber, address: string): boolean {
  return digestOf(projectId, address).equals(digest);
}

function digestOf(projectId: string, address: string): Buffer {
  return createHash('sha256').update(`${projectId} ${address}`).digest().subarray(0, digestBytes);
}

const proved = (subject: Buffer) => `unsubscribe ${subject.toString('hex')}`;

function toBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function toId(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
