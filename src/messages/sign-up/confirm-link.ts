import { isId } from '#lib/ids.ts';
import type { Sealer } from '#lib/seal.ts';

const idBytes = 16;
const proofBytes = 16;

export interface ConfirmLink {
  projectId: string;
  consentId: string;
}

/** The token of a request's link: which consent it confirms, and 128 bits that only we can make (R93). */
export function confirmToken(sealer: Pick<Sealer, 'hash'>, { projectId, consentId }: ConfirmLink): string {
  const subject = Buffer.from((projectId + consentId).replaceAll('-', ''), 'hex');
  return Buffer.concat([subject, sealer.hash(proved(subject)).subarray(0, proofBytes)]).toString('base64url');
}

/** Null: not a token of ours. */
export function readConfirmToken(sealer: Pick<Sealer, 'isHash'>, token: string): ConfirmLink | null {
  const bytes = Buffer.from(token, 'base64url');
  const subject = bytes.subarray(0, 2 * idBytes);
  const proof = bytes.subarray(2 * idBytes);
  // One spelling a token.
  if (proof.length !== proofBytes || bytes.toString('base64url') !== token) return null;
  if (!sealer.isHash(proved(subject), proof)) return null;
  const [projectId = '', consentId = ''] = [subject.subarray(0, idBytes), subject.subarray(idBytes)].map(
    toId,
  );
  return isId(projectId) && isId(consentId) ? { projectId, consentId } : null;
}

const proved = (subject: Buffer) => `confirm ${subject.toString('hex')}`;

function toId(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
