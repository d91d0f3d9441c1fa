import { createKeywordIndex, type KeywordIndex, type MatchMode } from '#triggers/keyword/match-keyword.ts';
import { parseKeyword } from '#triggers/keyword/normalise.ts';
import type { ActiveFlow } from './flow-index.ts';

export interface SocialMatch {
  flow: ActiveFlow;
  how: 'exact' | 'first' | 'contains' | 'near' | 'any';
  /** The normalised keyword; null: every message starts it. */
  keyword: string | null;
}

export interface SocialPlace {
  /** Null: the account is not known; flows of every account listen. */
  connectionId: string | null;
  /** The post below which it stands; null: it is a message. */
  mediaId: string | null;
}

/** What a fan wrote to an account → the one flow that it starts (R20). */
export type SocialMatcher = (
  text: string,
  place: SocialPlace,
  options?: { near?: boolean },
) => SocialMatch | null;

interface Ring {
  words: KeywordIndex<ActiveFlow>;
  any: ActiveFlow | undefined;
}

/**
 * Prepares the active flows of one trigger. One post stands before all posts, on each of them a keyword
 * before "any" (R16). Kept for each place that was asked about: there are as many as posts with flows.
 */
export function createSocialMatcher(flows: readonly ActiveFlow[]): SocialMatcher {
  const rings = new Map<string, Ring>();
  const posts = new Set(flows.flatMap(({ trigger }) => textIn(trigger.config, 'mediaId') ?? []));

  function ringOf(connectionId: string | null, mediaId: string | null): Ring {
    const key = `${connectionId ?? ''} ${mediaId ?? ''}`;
    const known = rings.get(key);
    if (known !== undefined) return known;
    const listening = flows.filter(
      ({ trigger: { config } }) =>
        (connectionId === null || (textIn(config, 'connectionId') ?? connectionId) === connectionId) &&
        textIn(config, 'mediaId') === mediaId,
    );
    const ring = {
      words: createKeywordIndex(
        listening.filter(({ trigger }) => !isAny(trigger.config)).flatMap(keywordsOf),
      ),
      any: listening.find(({ trigger }) => isAny(trigger.config)),
    };
    rings.set(key, ring);
    return ring;
  }

  return (text, { connectionId, mediaId }, options = {}) => {
    const places = mediaId !== null && posts.has(mediaId) ? [mediaId, null] : [null];
    for (const place of places) {
      const { words, any } = ringOf(connectionId, place);
      const found = words.match(text, options);
      if (found !== null) return { flow: found.value, how: found.how, keyword: found.keyword };
      if (any !== undefined) return { flow: any, how: 'any', keyword: null };
    }
    return null;
  };
}

function isAny(config: Record<string, unknown>): boolean {
  return config['on'] === 'any';
}

function textIn(config: Record<string, unknown>, name: string): string | null {
  const value = config[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function keywordsOf(flow: ActiveFlow) {
  const { keywords, match } = flow.trigger.config;
  const texts = Array.isArray(keywords) ? keywords.map(String) : [];
  return texts.flatMap((text) => {
    const parsed = parseKeyword(text);
    // As: the mode was validated by the trigger's schema when the flow was saved.
    return 'normalised' in parsed
      ? [{ normalised: parsed.normalised, match: match as MatchMode, value: flow }]
      : [];
  });
}
