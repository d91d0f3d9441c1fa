import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../../kit/answers.ts';
import type { Catalogue } from '../../kit/fake/catalogue.ts';
import type { Libraries } from '../../kit/fake/libraries.ts';
import { mediaType } from '../client.ts';
import { isTidalId } from '../links.ts';
import { document, problem } from './answers.ts';

const types: Record<string, string> = {
  userCollectionAlbums: 'albums',
  userCollectionTracks: 'tracks',
  userCollectionPlaylists: 'playlists',
  userCollectionArtists: 'artists',
};
const payload = z.strictObject({
  data: z.array(z.strictObject({ type: z.string(), id: z.string() })).min(1),
});
const maxItems = 50;
const replayMs = 3_600_000;

export interface CollectionDeps {
  now: () => Date;
  libraries: Libraries;
  catalogue: Catalogue;
  /** Whether ids that nobody has put into the catalogue are taken: people paste real links into a sandbox. */
  takesUnknown: () => boolean;
}

interface Replay {
  hash: string;
  /** Absent: still under way. */
  answer?: { status: number; body: string };
  atMs: number;
}

export type Collections = (
  request: Request,
  path: string,
  caller: { user: string; scopes: readonly string[] },
) => Promise<Response | undefined>;

/** `POST|DELETE /userCollection…/me/relationships/items`; undefined: no such route. */
export function createCollections(deps: CollectionDeps): Collections {
  const replays = new Map<string, Replay>();

  return async (request, path, { user, scopes }) => {
    const [, collection = ''] = /^\/(\w+)\/me\/relationships\/items$/.exec(path) ?? [];
    const type = types[collection];
    if (type === undefined) return undefined;
    const { method } = request;
    if (method !== 'POST' && method !== 'DELETE')
      return problem(405, 'METHOD_NOT_ALLOWED', 'Method not supported');
    if (!(request.headers.get('content-type') ?? '').startsWith(mediaType))
      return problem(415, 'UNSUPPORTED_MEDIA_TYPE', `Content-Type must be ${mediaType}`);
    if (!scopes.includes('collection.write'))
      return problem(403, 'FORBIDDEN', 'Required scopes: collection.write');
    const text = await request.text();
    const key = request.headers.get('idempotency-key');
    if (key === null) return change(deps, method, type, user, text);

    const id = `${user} ${method} ${path} ${key}`;
    const hash = createHash('sha256').update(text).digest('hex');
    const before = replays.get(id);
    if (before !== undefined && before.atMs > deps.now().getTime() - replayMs) {
      if (before.hash !== hash)
        return problem(422, 'IDEMPOTENCY_KEY_REUSED', 'Key used with another payload');
      if (before.answer === undefined)
        return problem(409, 'IDEMPOTENCY_CONFLICT', 'A request with this key is in progress');
      const { status, body } = before.answer;
      return new Response(body === '' ? null : body, { status, headers: { 'content-type': mediaType } });
    }
    replays.set(id, { hash, atMs: deps.now().getTime() });
    const response = await change(deps, method, type, user, text);
    const answer = { status: response.status, body: await response.clone().text() };
    replays.set(id, { hash, atMs: deps.now().getTime(), answer });
    return response;
  };
}

async function change(deps: CollectionDeps, method: string, type: string, user: string, text: string) {
  const parsed = payload.safeParse(parseJson(text));
  if (!parsed.success) return problem(400, 'INVALID_REQUEST', 'data must be a list of resource identifiers');
  const { data } = parsed.data;
  if (data.length > maxItems) return problem(400, 'INVALID_REQUEST', `At most ${maxItems} items`);
  const kind = type.slice(0, -1);
  if (data.some((item) => item.type !== type || !isTidalId(kind, item.id)))
    return problem(400, 'INVALID_REQUEST', `Not an identifier of ${type}`);
  if (method === 'DELETE') {
    for (const { id } of data) await deps.libraries.of(user).remove(`tidal:${kind}:${id}`);
    return new Response(null, { status: 204 });
  }
  const skipped: { id: string; type: string; reason: string }[] = [];
  for (const { id } of data) {
    if (!(await isThere(deps, kind, id))) skipped.push({ id, type, reason: 'NOT_FOUND' });
    else if (!(await deps.libraries.add(user, `tidal:${kind}:${id}`, deps.now())))
      skipped.push({ id, type, reason: 'ALREADY_PRESENT' });
  }
  return document({ data, links: {}, ...(skipped.length > 0 ? { meta: { skipped } } : {}) });
}

async function isThere({ catalogue, takesUnknown }: CollectionDeps, kind: string, id: string) {
  const isKnown = await catalogue.has(id);
  if (kind === 'artist') return takesUnknown() || isKnown;
  if (kind === 'track') return takesUnknown() || (await catalogue.findTrack(id)) !== undefined;
  const found = await catalogue.find(kind === 'album' ? 'album' : 'playlist', id);
  return found !== undefined || (!isKnown && takesUnknown());
}
