import { createHash } from 'node:crypto';
import type { FakeStore } from '../../connector.ts';
import { refuse } from './answers.ts';

interface KnownKey {
  hash: string;
  body: string;
  /** Milliseconds of domain time. */
  at: number;
}

const windowMs = 24 * 3_600_000;
const collection = 'keys';

/**
 * Idempotency keys: for a day the same call under the same key gets its first answer, another one
 * under it 409, and one that comes while the first is under way 409 too.
 */
export function createKeys(store: FakeStore, now: () => Date) {
  const known = new Map<string, KnownKey>();
  const underWay = new Set<string>();

  return {
    async load() {
      // The cast: nobody but this file writes the collection.
      for (const { id, value } of await store.list(collection)) known.set(id, value as KnownKey);
    },
    async answer(key: string | null, call: string, perform: () => Promise<Response>): Promise<Response> {
      if (key === null) return perform();
      if (key === '' || key.length > 256) return refuse(400, 'invalid_idempotency_key');
      if (underWay.has(key)) return refuse(409, 'concurrent_idempotent_requests');
      const hash = createHash('sha256').update(call).digest('hex');
      const before = known.get(key);
      if (before !== undefined && now().getTime() - before.at < windowMs) {
        if (before.hash !== hash) return refuse(409, 'invalid_idempotent_request');
        return new Response(before.body, { headers: { 'content-type': 'application/json' } });
      }
      underWay.add(key);
      try {
        const response = await perform();
        if (response.status !== 200) return response;
        const kept = { hash, body: await response.clone().text(), at: now().getTime() };
        known.set(key, kept);
        await store.put(collection, key, kept);
        return response;
      } finally {
        underWay.delete(key);
      }
    },
  };
}
