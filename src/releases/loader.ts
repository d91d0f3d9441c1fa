/**
 * Reads one thing at a time for callers, many at a time for the database: while a read of a
 * project is under way, what is asked meanwhile goes with the next. Nothing is kept.
 * A failed read fails all who were part of it.
 */
export function createLoader<T>(
  load: (projectId: string, keys: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): (projectId: string, key: string) => Promise<T | undefined> {
  const waiting = new Map<string, Set<string>>();
  const running = new Map<string, Promise<unknown>>();
  const next = new Map<string, Promise<ReadonlyMap<string, T>>>();

  async function flush(projectId: string): Promise<ReadonlyMap<string, T>> {
    await running.get(projectId)?.catch(() => undefined);
    const keys = [...(waiting.get(projectId) ?? [])];
    waiting.delete(projectId);
    next.delete(projectId);
    const read = load(projectId, keys);
    running.set(projectId, read);
    try {
      return await read;
    } finally {
      if (running.get(projectId) === read) running.delete(projectId);
    }
  }

  return async (projectId, key) => {
    const keys = waiting.get(projectId);
    if (keys) keys.add(key);
    else waiting.set(projectId, new Set([key]));
    let flushing = next.get(projectId);
    if (flushing === undefined) {
      flushing = flush(projectId);
      next.set(projectId, flushing);
    }
    return (await flushing).get(key);
  };
}
