import type { FlowInput } from '#flows/contract.ts';
import { demoBody } from '../body.ts';
import { demo } from '../facts.ts';

/** What the demo artist did in the six weeks before the first start. Made up, like all of it. */
export const past = {
  days: 42,
  /** Out since then; its campaign made most of the list. */
  album: {
    title: 'Paper Lanterns',
    outDaysAgo: 26,
    spotify: {
      kind: 'album',
      id: '6Pn0vaReyesPaperLntrn1',
      title: 'Paper Lanterns',
      artistId: demo.spotify.artist,
      artistName: demo.artist,
      upc: '0198000000024',
      tracks: [{ id: '2N0vaReyesPaperLntTrk1', title: 'Paper Lanterns', isrc: 'QZNVR2600002' }],
    },
  },
  segments: { tour: 'Tour list', vinyl: 'Vinyl list' },
  /** Days before the first start on which each flow began, and on which the last one was paused. */
  began: { lanterns: 42, presave: 13, tour: 30, vinyl: 20 },
  vinylPausedHoursAgo: 20,
} as const;

export type PastFlow = 'presave' | 'lanterns' | 'tour' | 'vinyl';

export const keywords: Record<PastFlow, string> = {
  presave: demo.keyword,
  lanterns: 'LANTERNS',
  tour: 'TOUR',
  vinyl: 'VINYL',
};

/** The artist's own words; the programme's name and the disclosures are the system's. */
export const bodies = {
  tour: 'all dates: novareyes.example/tour Want a text when one is added? {{ links.connect }}',
  vinyl: 'the Paper Lanterns vinyl, before anybody else: novareyes.example/vinyl',
} as const;

interface FlowIds {
  connectionId: string;
  releaseId: string;
  artistId: string;
  newFans: string;
  tour: string;
  vinyl: string;
}

/** Flows beside the one of the first minutes. `page`: where the words beside the keyword are read. */
export function pastFlows(ids: FlowIds, page: string): Record<'lanterns' | 'tour' | 'vinyl', FlowInput> {
  const { connectionId, releaseId, artistId, newFans } = ids;
  const common = { onUnmet: 'defer', stopOnFailure: false } as const;
  const keyword = (word: string) => ({ keywords: [word], match: 'first' as const, connectionId });
  const callToAction = { programme: demo.artist, perMonth: demo.perMonth, where: 'page', link: page };
  const addAndText = (segmentId: string, body: string): FlowInput['steps'] => [
    { step: 'add-to-segment', config: { segmentId }, ...common },
    { step: 'send-text', config: { body }, ...common },
  ];
  return {
    lanterns: {
      name: `Text LANTERNS → “${past.album.title}”`,
      trigger: {
        trigger: 'keyword',
        config: { ...keyword(keywords.lanterns), mode: 'consent', callToAction },
      },
      steps: [
        { step: 'presave', config: { releaseId }, ...common },
        { step: 'follow-artist', config: { artistId }, ...common, deadlineHours: 72 },
        ...addAndText(newFans, demoBody),
      ],
    },
    tour: {
      name: 'Text TOUR → tour list',
      trigger: { trigger: 'keyword', config: { ...keyword(keywords.tour), mode: 'reply' } },
      steps: addAndText(ids.tour, bodies.tour),
    },
    vinyl: {
      name: 'Text VINYL → early access',
      trigger: { trigger: 'keyword', config: { ...keyword(keywords.vinyl), mode: 'reply' } },
      steps: addAndText(ids.vinyl, bodies.vinyl),
    },
  };
}
