import type { Db } from '#db/database.ts';
import type { ItemView, LocalWrite, Part } from '#engine/contract.ts';
import type { FanFacts } from '#fans/facts.ts';
import type { SubjectNamesReader } from '#flows/subject-names.ts';
import type { EmailDeps } from '#messages/email/plan-email.ts';
import { planReminder, remindedRelease, type RemindedRelease } from '#messages/outbound/plan-reminder.ts';
import type { LinkedText, TextDeps } from '#messages/outbound/plan-text.ts';
import { planRenewal, renewedService, type RenewalDeps } from '../renewal/plan-renewal.ts';
import type { ReleaseForFan, Streaming } from '../streaming.ts';
import { fillWords, planTold, toldRelease } from './plan-told.ts';
import { findMessage } from './store.ts';

export interface ReleaseMessageDeps {
  db: Db;
  streaming: Pick<Streaming, 'releaseFor'>;
  makeLink: (input: {
    view: ItemView;
    facts: FanFacts;
    subject: { releaseId: string | null; artistId: string | null };
    releaseAt: Date | null;
  }) => { url: string; writes: LocalWrite[] };
  namesOf: SubjectNamesReader;
  texts: TextDeps;
  emails: EmailDeps;
}

/**
 * What an item says to a fan about a release that is out, its message or a promised reminder, or about a
 * link that ends; null: none of these.
 */
export async function planReleaseMessage(
  deps: ReleaseMessageDeps,
  view: ItemView,
  facts: FanFacts,
): Promise<Part[] | null> {
  if (renewedService(view) !== null) {
    const linkTo: RenewalDeps['link'] = (subject) => {
      const { url, writes } = deps.makeLink({ view, facts, subject, releaseAt: null });
      return { body: url, writes };
    };
    return planRenewal({ texts: deps.texts, link: linkTo }, view, facts);
  }
  const told = toldRelease(view);
  const releaseId = told ?? remindedRelease(view);
  if (releaseId === null) return null;
  const release = await deps.streaming.releaseFor(view, facts, releaseId);
  const link = (): LinkedText => {
    const { artistId = null, releaseAt = null } = release?.work ?? {};
    const { url, writes } = deps.makeLink({ view, facts, subject: { releaseId, artistId }, releaseAt });
    return { body: url, writes };
  };
  const artistName = async () => {
    const artistId = release?.work.artistId ?? null;
    return (await deps.namesOf(view.projectId, { releaseId, artistId })).artist?.name ?? '';
  };
  const message = () => findMessage(deps.db, view.projectId, releaseId);
  const words = { link, artistName, message };
  if (told !== null) return planTold({ ...deps, ...words }, view, facts, release);
  return planReminder(deps.texts, view, facts, await reminded(words, facts, release));
}

/** In the artist's own words, where the release has a message. */
async function reminded(
  { link, artistName, message }: Pick<Parameters<typeof planTold>[0], 'link' | 'artistName' | 'message'>,
  facts: FanFacts,
  release: ReleaseForFan | undefined,
): Promise<RemindedRelease | undefined> {
  if (release === undefined) return undefined;
  const { work, outAt } = release;
  const words = (await message()).text?.reminded ?? null;
  const artist = words === null ? '' : await artistName();
  return {
    title: work.title,
    isCancelled: work.isCancelled,
    outAt,
    link,
    own: words === null ? null : (language) => fillWords({ link, facts, release, artist, language }, words),
  };
}
