import { randomBytes } from 'node:crypto';
import type { Sealer } from '#lib/seal.ts';

/** Faster than that nobody reads and types; longer than that no page is meant to be open. */
export const quickestMs = 2_000;
export const oldestMs = 24 * 60 * 60_000;

/** Stands in each form that is shown: when, and which one, with a proof that it is ours. */
export function makeStamp(sealer: Pick<Sealer, 'hash'>, now: Date): string {
  const subject = `${now.getTime().toString(36)}.${randomBytes(9).toString('base64url')}`;
  return `${subject}.${sealer.hash(`form ${subject}`).subarray(0, 16).toString('base64url')}`;
}

/** Null: not one of ours. */
export function readStamp(
  sealer: Pick<Sealer, 'isHash'>,
  stamp: string,
  now: Date,
): { ageMs: number; nonce: string } | null {
  const [time = '', nonce = '', proof = ''] = stamp.slice(0, 100).split('.');
  const isOurs = sealer.isHash(`form ${time}.${nonce}`, Buffer.from(proof, 'base64url'));
  return isOurs ? { ageMs: now.getTime() - Number.parseInt(time, 36), nonce } : null;
}
