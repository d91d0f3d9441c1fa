/**
 * R59: when many young authorisations seem to die at once, it is rather the service or the app that
 * errs. More than one in twenty of at least a hundred refreshes within ten minutes: none is believed
 * dead until the ten minutes have passed. Kept a process, by real time.
 */
export interface RefreshBreaker {
  /** One refresh of an authorisation that is not near its natural end. */
  note(connectionId: string, isAlive: boolean): void;
  isOpen(connectionId: string): boolean;
}

const windowMs = 10 * 60_000;
const bucketMs = 30_000;
const fewest = 100;
const share = 0.05;

interface Bucket {
  startedMs: number;
  all: number;
  dead: number;
}

export function createRefreshBreaker(nowMs: () => number = () => performance.now()): RefreshBreaker {
  const byConnection = new Map<string, Bucket[]>();

  function recent(connectionId: string): Bucket[] {
    const kept = (byConnection.get(connectionId) ?? []).filter((one) => one.startedMs > nowMs() - windowMs);
    byConnection.set(connectionId, kept);
    return kept;
  }

  return {
    note(connectionId, isAlive) {
      const buckets = recent(connectionId);
      let last = buckets.at(-1);
      if (last === undefined || nowMs() - last.startedMs >= bucketMs) {
        last = { startedMs: nowMs(), all: 0, dead: 0 };
        buckets.push(last);
      }
      last.all += 1;
      if (!isAlive) last.dead += 1;
    },
    isOpen(connectionId) {
      let all = 0;
      let dead = 0;
      for (const bucket of recent(connectionId)) {
        all += bucket.all;
        dead += bucket.dead;
      }
      return all >= fewest && dead > all * share;
    },
  };
}
