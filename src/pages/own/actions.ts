import type { Context } from 'hono';
import { transaction, type Tx } from '#db/database.ts';
import { endOldLinks, ownPageToken, type PageOwner } from '#fans/own-page.ts';
import { stopSaving } from '#fans/stop-everything.ts';
import { isId } from '#lib/ids.ts';
import { stopByHand } from '#messages/stop-by-hand.ts';
import { unlinkService } from '#releases/grants.ts';
import { unknownLink } from '../connect-routes.ts';
import type { OwnPageDeps, PagesDeps } from '../deps.ts';
import { readForm } from '../form.ts';
import type { OwnPage } from './read-page.ts';
import type { OwnWords } from './words.ts';

export type Deps = PagesDeps & { own: OwnPageDeps };
export type Notice = keyof OwnWords['done'];

/** Somebody at a fan's own page, with what stands on it. */
export interface Visit {
  c: Context;
  token: string;
  owner: PageOwner;
  data: OwnPage;
  words: OwnWords;
}

/** What a button is told: an address's channel, a service, an id. */
interface Press extends Visit {
  form: URLSearchParams;
  now: Date;
}

/** Answers with what to say, and the page's token where it has changed; null: no such button. */
type Action = (deps: Deps, press: Press) => Promise<{ notice: Notice; token?: string } | null>;

/** Who stopped something, for the record, and the word that stands where hers would. */
const byHer = { actor: 'fan', word: 'her own page' };

const actions: Readonly<Record<string, Action>> = {
  stop: async ({ db }, press) => {
    await transaction(db, (tx) => stopChannel(tx, press, press.form.get('channel') ?? ''));
    return { notice: 'stopped' };
  },
  unlink: async ({ db }, { owner, form }) => {
    await unlinkService(db, { ...owner, service: form.get('service') ?? '' });
    return { notice: 'unlinked' };
  },
  cancel: async ({ db, own }, { owner, form, now }) => {
    const releaseId = form.get('releaseId') ?? '';
    if (!isId(releaseId)) return null;
    await transaction(db, (tx) => stopSaving(tx, own.cancelItems, { ...owner, now }, { releaseId }));
    return { notice: 'cancelled' };
  },
  artist: async ({ db, own }, { owner, form, now }) => {
    const artistId = form.get('artistId') ?? '';
    if (!isId(artistId)) return null;
    await transaction(db, (tx) => stopSaving(tx, own.cancelItems, { ...owner, now }, { artistId }));
    return { notice: 'artist' };
  },
  all: async ({ db, own }, press) => {
    const { owner, data, now } = press;
    await transaction(db, async (tx) => {
      for (const channel of new Set(data.channels.map((one) => one.channel)))
        await stopChannel(tx, press, channel);
      await stopSaving(tx, own.cancelItems, { ...owner, now }, 'all');
    });
    for (const { service } of data.services) await unlinkService(db, { ...owner, service });
    return { notice: 'all' };
  },
  'end-links': async ({ db, sealer }, { owner }) => {
    const turn = await transaction(db, (tx) => endOldLinks(tx, owner.projectId, owner.fanId));
    return { notice: 'links', token: ownPageToken(sealer, { ...owner, turn }) };
  },
};

/** What the switches do. Each ends on the page again, so that a reload repeats nothing; repeating is harmless. */
export async function act(deps: Deps, visit: Visit): Promise<Response> {
  const { c } = visit;
  const what = c.req.param('what') ?? '';
  const action = Object.hasOwn(actions, what) ? actions[what] : undefined;
  const form = await readForm(c);
  const now = deps.clocks.now(visit.owner.projectId);
  const done = await action?.(deps, { ...visit, form, now });
  if (done == null) return unknownLink(c);
  return c.redirect(`/me/${done.token ?? visit.token}?done=${done.notice}`, 303);
}

async function stopChannel(tx: Tx, { owner, data, now }: Press, channel: string): Promise<void> {
  const has = data.channels.find((one) => one.channel === channel);
  if (has === undefined || has.state === 'off') return;
  await stopByHand(tx, owner.projectId, owner.fanId, has.channel, { ...byHer, now });
}
