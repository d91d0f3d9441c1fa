import { v7 } from 'uuid';

/** A new id: lower-case UUIDv7, so that ids sort by the wall clock and partitions follow them. */
export function newId(): string {
  return v7();
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
