/** How often an open page asks again for what changes by itself, in milliseconds; a hidden tab does not ask. */
export const everyMs = {
  /** What a person sits and watches: a fan while she texts, a release on its day. */
  watched: 3_000,
  /** What stands on the page and seldom changes: connections, endpoints, counts of days. */
  listed: 15_000,
  /** What every page shows at its edge, and numbers that nobody waits for. */
  aside: 30_000,
} as const;
