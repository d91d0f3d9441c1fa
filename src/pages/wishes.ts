import type { NewPurpose } from '#releases/purposes.ts';
import type { ConnectData, ShownGrant, ShownRelease } from './connect-data.ts';

/** One thing the fan can allow on her page, in the very words that are kept with her yes (R100). */
export interface Wish {
  kind: NewPurpose['kind'];
  targetId: string;
  title: string;
  why: string;
  isTicked: boolean;
}

/** Offered in this order; NextSave is never ticked beforehand (R100). */
export function wishesOf(data: ConnectData, linkEndsAt: Date | null): Wish[] {
  const { release, artist, purposes, awaits } = data;
  const wishes: Wish[] = [];
  if (release !== null && !release.isCancelled) wishes.push(releaseWish(data, release));
  if (artist !== null && !data.follows.length) {
    wishes.push({
      kind: 'follow',
      targetId: artist.id,
      title: `Follow ${artist.name}`,
      why: 'On the service you link, at once. Undo it here any time.',
      isTicked: awaits.has('follow') || purposes.has('follow') || release === null,
    });
  }
  if (artist !== null) {
    const until = linkEndsAt === null ? 'until you stop it' : `until ${dayOf(linkEndsAt)} at the latest`;
    wishes.push({
      kind: 'future',
      targetId: artist.id,
      title: `Also save what ${artist.name} releases next`,
      why: `Each new release is added to your library, ${until}. Stop it on this page any time.`,
      isTicked: false,
    });
  }
  return wishes.filter(({ kind }) => !purposes.has(kind) || isOpen(data, kind));
}

/** Allowed before, but not done: a run waits with it, or every link has run out since. */
function isOpen({ awaits, grants, saves, now }: ConnectData, kind: Wish['kind']): boolean {
  if (kind === 'future') return false;
  if (awaits.has(kind)) return true;
  const isLinked = grants.some((grant) => isAlive(grant, now));
  return !isLinked && (kind === 'follow' || saves.every(({ state }) => !doneStates.has(state)));
}

/** In a library, or on its way there. */
export const doneStates: ReadonlySet<string> = new Set(['scheduled', 'verified', 'accepted', 'already']);

export function isAlive(grant: ShownGrant, now: Date): boolean {
  return grant.state === 'live' && (grant.diesAt === null || now < grant.diesAt);
}

function releaseWish(data: ConnectData, release: ShownRelease): Wish {
  const isOut = data.now >= release.releaseAt;
  return {
    kind: 'release',
    targetId: release.id,
    title: isOut ? `Add ${release.title} to your library` : `Pre-save ${release.title}`,
    why: isOut
      ? 'Once, at once. Undo it here any time.'
      : `Added to your library on ${releaseDay(data, release)}, once. Undo it here any time.`,
    // What she took back is hers to ask for again.
    isTicked: data.saves.every(({ state }) => state !== 'undone'),
  };
}

export function releaseDay({ zone }: Pick<ConnectData, 'zone'>, release: ShownRelease): string {
  return dayOf(release.releaseAt, release.releaseMode === 'local' ? 'UTC' : zone);
}

export function dayOf(date: Date, zone = 'UTC'): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: zone,
  }).format(date);
}

/** The earliest end of a link made now, over the services offered; null: none of them ends. */
export function linkEnd(data: ConnectData): Date | null {
  const ends = data.services.flatMap(({ connection }) => connection.streaming?.oauth.diesAt(data.now) ?? []);
  return ends.length === 0 ? null : new Date(Math.min(...ends.map(Number)));
}
