import { newIdAt } from '#lib/ids.ts';
import { keywords, past, type PastFlow } from './facts.ts';
import { makePerson, placeOf, userOf, wakingMoment, type PastFan } from './people.ts';
import { createRandom, type Random } from './random.ts';
import { after, pastStep, type PastRun, type PastStep } from './step.ts';
import { pastFollow, pastPresave, patience, type PastRelease } from './streaming.ts';
import { pastTextStep, wordsOf, type Mishap } from './texts.ts';

export interface Story {
  fans: PastFan[];
  runs: PastRun[];
}

export interface Stage {
  now: Date;
  releases: Record<'lanterns' | 'ferry', PastRelease>;
  /** Scheme and host of links. */
  publicUrl: string;
}

const dayMs = 24 * 3_600_000;
const seed = 20_260_612;

/** How many fans came by each flow, and how many of those before came again by it. */
const crowd = {
  lanterns: { fresh: 165, again: 0 },
  tour: { fresh: 34, again: 42 },
  vinyl: { fresh: 22, again: 20 },
  presave: { fresh: 66, again: 42 },
} as const satisfies Record<PastFlow, { fresh: number; again: number }>;

/** Which runs of a flow, counted from its first, did not go as usual. */
const mishaps: Record<PastFlow, Partial<Record<number, Mishap | 'refused_save' | 'cancelled'>>> = {
  lanterns: {
    6: 'unreachable',
    19: 'quiet_hours',
    33: 'landline',
    47: 'provider_block',
    58: 'refused_save',
    90: 'outage',
    104: 'unreachable',
    121: 'cap',
    140: 'filtered',
  },
  tour: {
    4: 'no_consent',
    17: 'unreachable',
    22: 'country_off',
    38: 'cancelled',
    48: 'opted_out',
    55: 'stale',
  },
  vinyl: { 9: 'unreachable', 24: 'stale' },
  presave: {
    12: 'quiet_hours',
    29: 'unsure',
    44: 'landline',
    63: 'quiet_hours',
    77: 'unreachable',
    90: 'cap',
  },
};

/** Six weeks of fans and runs, the same ones at every first start, ending where `now` is. */
export function tellStory(stage: Stage): Story {
  const random = createRandom(seed);
  const fans: PastFan[] = [];
  const runs: PastRun[] = [];
  for (const flow of ['lanterns', 'tour', 'vinyl', 'presave'] as const)
    runs.push(...campaign(stage, random, flow, fans));
  runs.sort((a, b) => a.at.getTime() - b.at.getTime());
  return { fans, runs };
}

function campaign(stage: Stage, random: Random, flow: PastFlow, fans: PastFan[]): PastRun[] {
  const { fresh, again } = crowd[flow];
  const count = fresh + again;
  const stayed = fans.filter((fan) => fan.optedOut === null && fan.country === 'US');
  const old = shuffled(random, stayed).slice(0, again);
  const left = fans.filter((fan) => fan.optedOut !== null);
  const every = again === 0 ? Infinity : Math.max(2, Math.round(count / again));
  return momentsOf(stage, random, flow, count).map((day, index) => {
    const mishap = mishaps[flow][index] ?? null;
    const pool = mishap === 'opted_out' ? left : old;
    const mayReturn = mishap === 'opted_out' || (index % every === 0 && mishap !== 'country_off');
    const before = mayReturn ? pool.find((fan) => isBefore(fan, after(day, -2 * dayMs))) : undefined;
    if (before !== undefined) pool.splice(pool.indexOf(before), 1);
    const fan = before ?? newcomer(stage, random, flow, fans, day);
    const at =
      before === undefined ? fan.joinedAt : noLater(stage, flow, wakingMoment(random, fan.zone, day));
    if (mishap === 'country_off')
      Object.assign(fan, { number: '+447700900142', country: 'GB', zone: 'Europe/London' });
    return runOf(stage, random, flow, index, fan, at, mishap);
  });
}

function isBefore({ joinedAt, optedOut }: PastFan, day: Date): boolean {
  return joinedAt < day && (optedOut === null || optedOut.at < day);
}

/** Days on which fans came: many after it was announced, fewer later. */
function momentsOf({ now }: Stage, random: Random, flow: PastFlow, count: number): Date[] {
  const days = past.began[flow] - (flow === 'vinyl' ? 1.2 : 0.5);
  const end = now.getTime() - (past.began[flow] - days) * dayMs;
  return Array.from({ length: count }, () => end - (1 - random.next() ** 1.7) * (days - 0.2) * dayMs)
    .sort((a, b) => a - b)
    .map((at) => new Date(at));
}

function newcomer(stage: Stage, random: Random, flow: PastFlow, fans: PastFan[], day: Date): PastFan {
  const index = fans.length;
  const joinedAt = noLater(stage, flow, wakingMoment(random, placeOf(index).zone, day));
  const fan = makePerson(random, index, joinedAt);
  fans.push(fan);
  if (isStreaming(flow)) connect(stage, random, fan, index, flow);
  if (flow === 'lanterns') leave(stage, random, fan, index);
  return fan;
}

/** Two of three tap the link, most within the hour; after the release nearly everybody. */
function connect(
  { now, releases }: Stage,
  random: Random,
  fan: PastFan,
  index: number,
  flow: PastFlow,
): void {
  const isOut = flow === 'lanterns' && fan.joinedAt > releases.lanterns.outAt;
  if (!random.chance(isOut ? 1 : flow === 'presave' ? 0.82 : 0.66)) return;
  const waitMs = random.chance(0.8) ? random.between(40, 3_000) * 1_000 : random.between(2, 20) * 3_600_000;
  const latest = isOut || flow === 'presave' ? now : releases.lanterns.outAt;
  const at = new Date(Math.min(fan.joinedAt.getTime() + waitMs, latest.getTime() - 60_000));
  if (at <= fan.joinedAt) return;
  fan.link = { at, user: userOf(fan, index), end: null };
}

/** Not in the last hour, so that what a person does first is the newest there is; and not in a pause. */
function noLater(stage: Stage, flow: PastFlow, at: Date): Date {
  const hours = flow === 'vinyl' ? past.vinylPausedHoursAgo + 1 : 1;
  const latest = after(stage.now, -hours * 3_600_000);
  return at > latest ? noLater(stage, flow, after(at, -dayMs)) : at;
}

function isStreaming(flow: PastFlow): flow is 'lanterns' | 'presave' {
  return flow === 'lanterns' || flow === 'presave';
}

function shuffled<T>(random: Random, list: readonly T[]): T[] {
  return list
    .map((value) => ({ value, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

function runOf(
  stage: Stage,
  random: Random,
  flow: PastFlow,
  index: number,
  fan: PastFan,
  at: Date,
  mishap: Mishap | 'refused_save' | 'cancelled' | null,
): PastRun {
  // Their link ended since, at the service itself: nobody told us until it was asked for.
  if (flow === 'presave' && fan.joinedAt < at && fan.link !== null && index % 15 === 0)
    fan.link.end = 'revoked';
  const isFirst = isStreaming(flow) && !fan.hasConsent;
  fan.hasConsent ||= isFirst;
  const steps = isStreaming(flow) ? streamingSteps(stage, flow, fan, at) : [];
  const position = steps.length + 1;
  // Both streaming flows add to one segment.
  const isThere = isStreaming(flow) && !isFirst;
  steps.push(
    pastStep(position, [{ status: 'done', reason: isThere ? 'already' : null, at: after(at, 300) }]),
  );
  if (mishap === 'refused_save') refuseSave(steps);
  if (mishap === 'cancelled') {
    steps.push(pastStep(position + 1, [{ status: 'skipped', reason: 'cancelled', at: after(at, 420) }]));
  } else {
    const isConnected = fan.link !== null && fan.link.end === null && fan.link.at <= at;
    const body = wordsOf(flow, isConnected, linkOf(stage, random));
    const went = mishap === 'refused_save' ? null : mishap;
    steps.push(pastTextStep({ position: position + 1, fan, at, body, isFirst, mishap: went }));
  }
  const isHeld = holdLast(stage, flow, index, steps, at);
  return {
    id: newIdAt(at),
    eventId: newIdAt(at),
    flow,
    fan,
    words: spelled(random, keywords[flow]),
    at,
    endedAt: isHeld ? null : endedWhen(steps, at),
    state: isHeld ? 'open' : mishap === 'cancelled' ? 'cancelled' : 'ended',
    steps,
  };
}

function streamingSteps({ now, releases }: Stage, flow: PastFlow, fan: PastFan, at: Date): PastStep[] {
  const isFerry = flow === 'presave';
  const asked = { fan, now, at: after(at, 200) };
  const hours = isFerry ? patience.usualHours : patience.lanternsHours;
  return [
    pastPresave({ ...asked, position: 1 }, isFerry ? releases.ferry : releases.lanterns),
    pastFollow({ ...asked, position: 2 }, hours),
  ];
}

/** The service would not take this one save. */
function refuseSave(steps: PastStep[]): void {
  const [presave] = steps;
  const last = presave?.history.at(-1);
  if (presave === undefined || last === undefined) return;
  presave.history.push({ status: 'failed', reason: 'refused', at: after(last.at, 900) });
  Object.assign(presave, {
    service: 'spotify',
    attempts: 1,
    text: null,
    detail: 'Spotify: save: 404 the album is not available where this account is at home',
  });
}

/** The last two who texted before the pause are held by it. */
function holdLast({ now }: Stage, flow: PastFlow, index: number, steps: PastStep[], at: Date): boolean {
  const { fresh, again } = crowd.vinyl;
  if (flow !== 'vinyl' || index < fresh + again - 2) return false;
  const pausedAt = after(now, -past.vinylPausedHoursAgo * 3_600_000);
  const since = at > pausedAt ? at : pausedAt;
  const until = after(since, 36 * 3_600_000);
  const position = steps.length;
  steps[position - 1] = pastStep(position, [{ status: 'held', reason: 'flow_paused', at: since }], {
    open: { kind: 'hold', until },
  });
  return true;
}

/** A run ends when its cursor passed the last step, whatever still waits. */
function endedWhen(steps: readonly PastStep[], at: Date): Date {
  return steps.at(-1)?.history.at(-1)?.at ?? at;
}

function linkOf({ publicUrl }: Stage, random: Random): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'.split('');
  return `${publicUrl}/s/${Array.from({ length: 10 }, () => random.pick(letters)).join('')}`;
}

/** As thumbs write it. */
function spelled(random: Random, keyword: string): string {
  const lower = keyword.toLowerCase();
  const capital = lower.charAt(0).toUpperCase() + lower.slice(1);
  return random.pick([keyword, lower, capital, capital, `${lower} please`, `${capital}!`]);
}

const lastWords = ['STOP', 'Stop', 'stop', 'UNSUBSCRIBE', 'Stop please'] as const;

/** Some left after a few days; one wrote what may mean it. */
function leave({ now }: Stage, random: Random, fan: PastFan, index: number): void {
  if (index === 40) fan.isHeld = true;
  if (index % 19 !== 7) return;
  const at = wakingMoment(random, fan.zone, after(fan.joinedAt, random.between(2, 8) * dayMs));
  if (at < now) fan.optedOut = { at, word: random.pick(lastWords) };
}
