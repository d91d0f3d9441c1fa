import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const bytesOfId = 16;
/** Asking the system for random bytes is most of what an id costs: they are fetched for many at once. */
const random = Buffer.alloc(256 * bytesOfId);
let used = random.length;

/** When the newest id was made, and which of that millisecond it was. */
const newest = { msecs: 0, seq: 0 };

/** A new id: lower-case UUIDv7, so that ids sort in the order they were made and partitions follow them. */
export function newId(): string {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  const bytes = random.subarray(used, (used += bytesOfId));
  const msecs = Date.now();
  if (msecs > newest.msecs) {
    newest.msecs = msecs;
    // Of 32 bits the first is left clear: room to count up within the millisecond.
    newest.seq = bytes.readUInt32BE(6) >>> 1;
  } else newest.seq++;
  return v7({ random: bytes, ...newest });
}

/** An id as if it had been made at that moment: for a past that is written all at once. */
export function newIdAt(at: Date): string {
  return v7({ msecs: at.getTime() });
}

/** The smallest UUIDv7 of a moment: a partition's bound. */
export function firstIdAt(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isId(text: string): boolean {
  return uuidPattern.test(text);
}
