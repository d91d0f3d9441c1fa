import { demo } from '../facts.ts';
import { past } from './facts.ts';
import { nextMorning, type PastFan } from './people.ts';
import { after, pastStep, type PastStep } from './step.ts';
import { pastText } from './texts.ts';

const service = 'spotify';
const minute = 60_000;
const dayMs = 24 * 60 * minute;

export interface PastRelease {
  title: string;
  outAt: Date;
}

interface Asked {
  position: number;
  fan: PastFan;
  at: Date;
  now: Date;
}

/** Whether her link was alive at that moment. */
function isLinked({ link }: PastFan, at: Date): boolean {
  return link !== null && link.at <= at && link.end === null;
}

/** A pre-save from the text on: promised until she connects, scheduled, performed at the release. */
export function pastPresave(asked: Asked, release: PastRelease): PastStep {
  const { position, fan, at, now } = asked;
  if (isLinked(fan, at)) return scheduledFrom(asked, release, at, []);
  const isDead = fan.link !== null && fan.link.at <= at;
  const reason = isDead ? 'grant_dead' : 'not_connected';
  const promised = { status: 'deferred' as const, reason, at };
  if (!isDead && fan.link !== null && fan.link.at < now)
    return scheduledFrom(asked, release, after(fan.link.at, 900), [promised]);
  const named = isDead ? { service } : {};
  if (release.outAt > now)
    return pastStep(position, [promised], { ...named, open: { kind: 'promise', until: release.outAt } });
  return unmet(asked, release, promised, named);
}

function scheduledFrom(
  { position, now }: Asked,
  { outAt }: PastRelease,
  at: Date,
  before: PastStep['history'][number][],
): PastStep {
  const verified = (done: Date) => ({ status: 'done' as const, reason: 'verified', at: done });
  const [first, ...rest] = before;
  const way = (...steps: PastStep['history']): PastStep['history'] =>
    first === undefined ? steps : [first, ...rest, ...steps];
  if (at >= outAt) return pastStep(position, way(verified(after(at, 700))), { service, attempts: 1 });
  const scheduled = { status: 'done' as const, reason: 'scheduled', at };
  if (outAt > now)
    return pastStep(position, way(scheduled), { service, open: { kind: 'save', until: outAt } });
  const saved = after(outAt, 2_000 + (at.getTime() % 9_000));
  return pastStep(position, way(scheduled, verified(saved)), { service, attempts: 1 });
}

/** Nobody connected until the release: a reminder in the morning where there is a consent, or nothing. */
function unmet(
  { position, fan }: Asked,
  { title, outAt }: PastRelease,
  promised: PastStep['history'][number],
  named: Partial<PastStep>,
): PastStep {
  if (fan.optedOut !== null && fan.optedOut.at < outAt)
    return pastStep(position, [promised, { ...promised, status: 'skipped', at: outAt }], named);
  const sentAt = after(nextMorning(fan.zone, outAt), (fan.joinedAt.getTime() % 12) * minute);
  const text = pastText(`“${title}” is out. Listen: novareyes.example/lanterns`, sentAt, {
    class: 'marketing',
  });
  const set = { status: 'done' as const, reason: 'reminder_set', at: outAt };
  return pastStep(position, [promised, set, { ...set, reason: 'reminded', at: sentAt }], {
    ...named,
    attempts: 1,
    text,
  });
}

/** A follow from the text on; `patienceHours`: how long the step waits for a link. */
export function pastFollow({ position, fan, at, now }: Asked, patienceHours: number): PastStep {
  const done = (when: Date) => ({ status: 'done' as const, reason: null, at: when });
  if (isLinked(fan, at)) {
    const already = { ...done(at), reason: 'already' };
    return pastStep(position, [already], { service });
  }
  const isDead = fan.link !== null && fan.link.at <= at;
  const reason = isDead ? 'grant_dead' : 'not_connected';
  const promised = { status: 'deferred' as const, reason, at };
  const named = isDead ? { service } : {};
  const until = after(at, patienceHours * 60 * minute);
  if (!isDead && fan.link !== null && fan.link.at < until)
    return pastStep(position, [promised, done(after(fan.link.at, 1_400))], { service, attempts: 1 });
  if (until > now) return pastStep(position, [promised], { ...named, open: { kind: 'promise', until } });
  return pastStep(position, [promised, { ...promised, status: 'skipped', at: until }], named);
}

export const patience = { lanternsHours: 72, usualHours: 30 * 24 } as const;

/** The release of the past, and the one to come. */
export function pastReleases(now: Date, outAt: { lanterns: Date; ferry: Date }) {
  if (outAt.lanterns >= after(now, -dayMs)) throw new Error('the past release must be out');
  return {
    lanterns: { title: past.album.title, outAt: outAt.lanterns },
    ferry: { title: demo.title, outAt: outAt.ferry },
  };
}
