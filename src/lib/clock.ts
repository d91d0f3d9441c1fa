/**
 * Two of the three clocks (`ARCHITECTURE.md`, "Three clocks"). The third, the database's own,
 * is only ever read inside SQL as `now()`.
 */

/** Real time: ids, sessions, signatures, logs. */
export interface WallClock {
  now(): Date;
}

export const systemClock: WallClock = { now: () => new Date() };

/**
 * Domain time: everything a fan or an artist sees. Equal to real time but in a test project,
 * whose offset (milliseconds, never negative, only growing) lives in the database.
 */
export interface DomainClock {
  now(projectId: string): Date;
}
