import type { FlowInput } from '#flows/contract.ts';
import { demoBody } from './body.ts';

/** Who the demo is about. Everything is made up; numbers are of the range kept for fiction. */
export const demo = {
  artist: 'Nova Reyes',
  legalSender: 'Nova Reyes Music LLC',
  contact: 'hello@novareyes.example',
  postalAddress: '412 Harbor Street, Portland, OR 97205',
  zone: 'America/Los_Angeles',
  number: '+16195550100',
  keyword: 'PRESAVE',
  /** Texts a month that the words beside the keyword promise at most. */
  perMonth: 4,
  title: 'Midnight Ferry',
  segment: 'New Fans',
  flow: 'Text PRESAVE → “Midnight Ferry”',
  /** Days from the first start to the release. */
  daysAhead: 11,
  album: {
    kind: 'album',
    id: '5Qn0vaReyesMidnightFry',
    title: 'Midnight Ferry',
    artistId: '1N0vaReyesArtistPage01',
    artistName: 'Nova Reyes',
    upc: '0198000000017',
    tracks: [{ id: '2N0vaReyesMidnightTrk1', title: 'Midnight Ferry', isrc: 'QZNVR2600001' }],
  },
  /** Nobody announces it: the services have it that many days from the first start. */
  surprise: {
    daysAhead: 40,
    work: {
      kind: 'album',
      id: '7Sn0vaReyesLowTideSngl',
      title: 'Low Tide',
      artistId: '1N0vaReyesArtistPage01',
      artistName: 'Nova Reyes',
      upc: '0198000000024',
      tracks: [{ id: '3N0vaReyesLowTideTrk01', title: 'Low Tide', isrc: 'QZNVR2600002' }],
    },
  },
  spotify: { album: '5Qn0vaReyesMidnightFry', artist: '1N0vaReyesArtistPage01' },
} as const;

/** Accounts at the streaming fake that no fan of the demo uses: for whoever is about to connect. */
export const freeUsers = ['mara-lindqvist', 'jonas-okafor', 'priya-venter'] as const;

export const demoPhones = [
  { number: '+13035550142', who: 'unknown', name: null, user: null },
  { number: '+15125550187', who: 'connected', name: 'Ines Halloran', user: 'ines-halloran' },
  { number: '+12125550164', who: 'link_ran_out', name: 'Teo Marchetti', user: 'teo-marchetti' },
  { number: '+16175550131', who: 'opted_out', name: 'Rosa Kowalczyk', user: null },
  { number: '+491713920042', who: 'germany', name: null, user: null },
  { number: '+18085550119', who: 'night', name: null, user: null },
] as const;

/** Fans of those phones who agreed to mails. */
export const demoMailboxes = [
  { number: '+15125550187', email: 'ines@halloran.example' },
  { number: '+12125550164', email: 'teo@marchetti.example' },
] as const;

/** Phones of an artist that nobody has texted yet. */
export const strangers = demoPhones.filter(({ name }) => name === null);

export interface FlowIds {
  connectionId: string;
  releaseId: string;
  artistId: string;
  segmentId: string;
}

/** The flow of the first minutes: pre-save, follow, segment, text. `page`: where its words are read. */
export function demoFlow(ids: FlowIds, page: string): FlowInput {
  const { connectionId, releaseId, artistId, segmentId } = ids;
  const common = { onUnmet: 'defer', stopOnFailure: false } as const;
  const callToAction = { programme: demo.artist, perMonth: demo.perMonth, where: 'page', link: page };
  return {
    name: demo.flow,
    trigger: {
      trigger: 'keyword',
      config: { keywords: [demo.keyword], match: 'first', connectionId, mode: 'consent', callToAction },
    },
    steps: [
      { step: 'presave', config: { releaseId }, ...common },
      { step: 'follow-artist', config: { artistId }, ...common },
      { step: 'add-to-segment', config: { segmentId }, ...common },
      { step: 'send-text', config: { body: demoBody }, ...common },
    ],
  };
}
