import { z } from 'zod';
import { GiveUp } from '#lib/errors.ts';
import type { HttpResponse } from '#lib/http.ts';
import type { ClientOptions, LookupClient, ServiceItem, WorkFacts } from '../connector.ts';
import { parseJson, sendRepeatable, unreadable } from '../kit/answers.ts';
import { isReadable } from '../kit/calls.ts';
import { youtubeSettings } from './connector.ts';
import { quotaUsedUp, toYoutubeError } from './errors.ts';
import { handleOf, youtubeLinks } from './links.ts';
import { takeUnits, units } from './quota.ts';

const snippet = z.object({
  title: z.string(),
  channelId: z.string().optional(),
  channelTitle: z.string().optional(),
  thumbnails: z.record(z.string(), z.object({ url: z.string() })).catch({}),
});
const found = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      snippet: snippet.optional(),
      contentDetails: z.object({ itemCount: z.number().optional() }).optional(),
    }),
  ),
});
/** A channel by a name that nobody has comes without a list. */
const none = z.strictObject({ kind: z.string().optional(), etag: z.string().optional() });

/**
 * Videos, playlists and channels by their id, with an API key. No bar codes here, and no search by
 * words: Google allows a hundred of those a day.
 */
export function createYoutubeLookup(options: ClientOptions): LookupClient {
  const { baseUrl, http, now, meter } = options;
  const settings = youtubeSettings.parse(options.settings);
  const { apiKey } = settings;

  async function read(resource: string, query: Record<string, string>) {
    if (apiKey === undefined)
      throw new GiveUp('YouTube: enter an API key in the settings of the connection to look things up');
    if (!(await takeUnits(meter, units.read, settings.unitsPerDay, now()))) throw quotaUsedUp(now());
    const url = `${baseUrl ?? 'https://www.googleapis.com'}/youtube/v3/${resource}?${new URLSearchParams(query).toString()}`;
    // In a header: an address is written down in many places.
    const headers = { 'x-goog-api-key': apiKey };
    const response: HttpResponse = await sendRepeatable(http, 'YouTube', 'look-up', {
      method: 'GET',
      url,
      headers,
    });
    if (!isReadable(response)) throw toYoutubeError(response, 'look-up', [apiKey], now());
    const parsed = found.safeParse(parseJson(response.text));
    if (!parsed.success && none.safeParse(parseJson(response.text)).success && resource === 'channels')
      return undefined;
    if (!parsed.success) throw unreadable('YouTube', 'look-up', response.status);
    return parsed.data.items[0];
  }

  return {
    async facts(item) {
      if (item.kind === 'artist') return null;
      const one =
        item.kind === 'track'
          ? await read('videos', { part: 'snippet', id: item.id })
          : await read('playlists', { part: 'snippet,contentDetails', id: item.id });
      return one?.snippet === undefined
        ? null
        : toFacts(item, one.snippet, item.kind === 'track' ? 1 : (one.contentDetails?.itemCount ?? null));
    },
    async resolve(url) {
      const handle = handleOf(url);
      if (handle === undefined) return null;
      const channel = await read('channels', { part: 'id', forHandle: handle });
      return channel === undefined ? null : { kind: 'artist', id: channel.id };
    },
  };
}

function toFacts(item: ServiceItem, of: z.infer<typeof snippet>, trackCount: number | null): WorkFacts {
  const artist = of.channelTitle?.replace(/ - Topic$/, '');
  return {
    item,
    url: youtubeLinks.url(item) ?? '',
    title: of.title,
    artists: artist === undefined ? [] : [{ id: of.channelId ?? null, name: artist }],
    upc: null,
    isrcs: [],
    trackCount,
    // When it was uploaded is not when it came out.
    releasedOn: null,
    isExplicit: null,
    artworkUrl: of.thumbnails['high']?.url ?? of.thumbnails['default']?.url ?? null,
  };
}
