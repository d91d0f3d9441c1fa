import type { Setting } from './history.ts';
import { service } from './history.ts';

/** Ids of what was seeded, to ask about. */
export interface Known extends Setting {
  fanIds: readonly string[];
  runIds: readonly string[];
}

type Paths = (turn: number) => string;

const pick = <T>(list: readonly T[], turn: number): T => {
  const one = list[turn % list.length];
  if (one === undefined) throw new Error('nothing to ask about');
  return one;
};

/** Every list and chart that a page of the dashboard asks for, as pages ask for it. */
export function doorsOf(known: Known): Record<string, Paths> {
  const { fanIds, runIds, flows, segmentIds, releaseIds } = known;
  const flow = (turn: number) => pick(flows, turn).id;
  return {
    home: () => '/home',
    flows: () => '/flows',
    flow: (turn) => `/flows/${flow(turn)}`,
    runs: () => '/runs?limit=50',
    'runs of a flow': (turn) => `/runs?flowId=${flow(turn)}`,
    'runs of a fan': (turn) => `/runs?fanId=${pick(fanIds, turn)}`,
    'runs under way': () => '/runs?state=held',
    run: (turn) => `/runs/${pick(runIds, turn)}`,
    fans: () => '/fans?limit=50',
    'fans by part of a number': (turn) => `/fans?q=${2_120_000 + turn * 37}`,
    'fans by last digits': (turn) => `/fans?q=${10 + (turn % 90)}`,
    'fans by name': (turn) => `/fans?q=${pick(['maya', 'okaf', 'Jonas L', 'tanaka'], turn)}`,
    'fans by e-mail': (turn) => `/fans?q=fan${turn * 400}@`,
    'fans by what nobody is called': () => '/fans?q=zzzz',
    'fans who agreed to texts': () => '/fans?consent=sms',
    'fans who agreed to e-mail': () => '/fans?consent=email',
    'fans with a service': () => `/fans?service=${service}`,
    'fans of a segment, searched': (turn) => `/fans?segmentId=${pick(segmentIds, turn)}&q=maya&consent=sms`,
    fan: (turn) => `/fans/${pick(fanIds, turn)}`,
    'timeline of a fan': (turn) => `/fans/${pick(fanIds, turn)}/timeline`,
    segments: () => '/segments',
    'fans of a segment': (turn) => `/segments/${pick(segmentIds, turn)}/fans`,
    releases: () => '/releases',
    'saves of a release': (turn) => `/releases/${pick(releaseIds, turn)}/saves`,
    artists: () => '/artists',
    inbox: () => '/inbox',
    'inbox, all': () => '/inbox?view=all',
    'inbox counts': () => '/inbox/counts',
    connections: () => '/connections',
    usage: () => '/usage',
    'usage by day and flow': () => '/usage/details',
  };
}
