import { actionsFor } from '../connect-data.ts';
import type { NewPurpose } from '#releases/purposes.ts';
import type { StreamingAction } from '#connectors/connector.ts';
import { isOut, releaseDayIn, type LandingView } from './view-model.ts';
import { dayIn } from './words.ts';

/** One thing that whoever comes can have done on her service, in the words that are kept with her yes (R100). */
export interface LandingWish {
  kind: NewPurpose['kind'];
  targetId: string;
  title: string;
  why: string;
  isTicked: boolean;
}

/** The page's boxes. NextSave is never ticked beforehand (R100). */
export function wishesOn(view: LandingView): LandingWish[] {
  const { data, words } = view;
  const { release, artist, content } = data;
  const has = new Set(content.parts);
  const say = words.streaming;
  const wishes: LandingWish[] = [];
  if (has.has('streaming') && release !== null && !release.isCancelled) {
    const isAfter = isOut(view);
    wishes.push({
      kind: 'release',
      targetId: release.id,
      title: isAfter ? say.wishAdd(release.title) : say.wishPresave(release.title),
      why: isAfter ? say.wishAddWhy : say.wishPresaveWhy(releaseDayIn(view, release)),
      isTicked: true,
    });
  }
  if (has.has('follow') && artist !== null) {
    const title = say.wishFollow(artist.name);
    // Alone on the page it is what people came for; beside a pre-save it is theirs to add.
    wishes.push({
      kind: 'follow',
      targetId: artist.id,
      title,
      why: say.wishFollowWhy,
      isTicked: wishes.length === 0,
    });
  }
  if (has.has('nextsave') && artist !== null) {
    const until = linkEnd(view);
    const why = say.wishFutureWhy(until === null ? null : dayIn(words.language, until, 'UTC'));
    wishes.push({
      kind: 'future',
      targetId: artist.id,
      title: say.wishFuture(artist.name),
      why,
      isTicked: false,
    });
  }
  return wishes;
}

/** Only what the page offers can be ticked. */
export function tickedWishes(view: LandingView, form: URLSearchParams): NewPurpose[] {
  const ticked = new Set(form.getAll('purpose'));
  return wishesOn(view)
    .filter(({ kind }) => ticked.has(kind))
    .map(({ kind, targetId, title, why }) => ({ kind, targetId, words: `${title}. ${why}`, source: 'page' }));
}

export function actionsOf({ data }: LandingView, purposes: readonly { kind: string }[]): StreamingAction[] {
  return actionsFor(
    purposes.map(({ kind }) => kind),
    data.release,
  );
}

/** The earliest end of a link made now; null: none of them ends. */
function linkEnd({ services, now }: LandingView): Date | null {
  const ends = services.flatMap(({ connection }) => connection.streaming?.oauth.diesAt(now) ?? []);
  return ends.length === 0 ? null : new Date(Math.min(...ends.map(Number)));
}
