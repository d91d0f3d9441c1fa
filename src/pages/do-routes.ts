import type { Context, Hono } from 'hono';
import { ConnectorError, GiveUp, NeedsReconnect } from '#lib/errors.ts';
import { allowPurposes, unlinkService } from '#releases/grants.ts';
import { markHandedOver } from '#releases/mark-save.ts';
import { stopNextSave, undoFollow, undoSave } from '#releases/undo.ts';
import type { ConnectData } from './connect-data.ts';
import { openPage, serviceLabels, showPage, unknownLink } from './connect-routes.ts';
import { offerConsent, type PagesDeps } from './deps.ts';
import { readForm, tickedPurposes } from './form.ts';
import { trouble } from './layout.ts';
import { fulfilWishes } from './fulfil-wishes.ts';
import { isAlive } from './wishes.ts';

/** What the buttons of a connect page do. Each ends on the page again, so that a reload repeats nothing. */
export function mountActions(app: Hono, deps: PagesDeps): void {
  const action = (name: string, act: (c: Context, data: ConnectData) => Promise<Response>) =>
    app.post(`/c/:token/do/${name}`, async (c) => {
      const data = await openPage(deps, c);
      if (data instanceof Response) return data;
      try {
        return await act(c, data);
      } catch (error) {
        if (error instanceof ConnectorError) return serviceTrouble(c, data, error);
        throw error;
      }
    });

  action('allow', (c, data) => allow(deps, c, data));
  action('undo', (c, data) => undo(deps, c, data));
  action('unlink', (c, data) => unlink(deps, c, data));
  action('consent', (c, data) => consent(deps, c, data));
  action('hand-over', async (c, data) => {
    const { release, link } = data;
    if (release?.countdownUrl == null) return unknownLink(c);
    const { projectId, fanId } = link;
    await markHandedOver(deps.db, { projectId, fanId, releaseId: release.id }, data.now);
    return c.redirect(release.countdownUrl, 303);
  });
}

/** `needs_ok`: one tap, no new sign-in. */
async function allow(deps: PagesDeps, c: Context, data: ConnectData): Promise<Response> {
  const purposes = tickedPurposes(data, await readForm(c));
  if (purposes.length === 0) return showPage(deps, c, data, nothingTicked, 422);
  await allowPurposes(deps.db, data.link, purposes, data.now);
  const services = data.grants.filter((grant) => isAlive(grant, data.now)).map(({ service }) => service);
  await fulfilWishes(deps, data, services, purposes);
  return c.redirect(`/c/${data.token}?linked=${services[0] ?? ''}`, 303);
}

export const nothingTicked = { title: 'Nothing is ticked', text: 'Tick what should happen, then go on.' };

async function undo(deps: PagesDeps, c: Context, data: ConnectData): Promise<Response> {
  const form = await readForm(c);
  const service = form.get('service') ?? '';
  const { projectId, fanId } = data.link;
  const key = { projectId, fanId, service };
  const undoDeps = { ...deps, grantAccess: deps.streaming.grantAccess };
  const what = form.get('what');
  if (what === 'save' && data.release !== null) await undoSave(undoDeps, key, data.release.id);
  if (what === 'follow' && data.artist !== null) await undoFollow(undoDeps, key, data.artist.id);
  if (what === 'future' && data.artist !== null) await stopNextSave(deps, key, data.artist.id);
  return c.redirect(`/c/${data.token}`, 303);
}

async function unlink(deps: PagesDeps, c: Context, data: ConnectData): Promise<Response> {
  const service = (await readForm(c)).get('service') ?? '';
  const { projectId, fanId } = data.link;
  await unlinkService(deps.db, { projectId, fanId, service });
  return c.redirect(`/c/${data.token}`, 303);
}

/** R94, R37: an unticked box is refused here too, and only the words that were shown are agreed to. */
async function consent(deps: PagesDeps, c: Context, data: ConnectData): Promise<Response> {
  const form = await readForm(c);
  const { projectId, fanId } = data.link;
  const offered = await offerConsent(deps, data.link);
  if (!offered || !deps.consent) return c.redirect(`/c/${data.token}`, 303);
  if (form.get('agree') !== 'yes') {
    const notice = { title: 'The box is not ticked', text: 'Texts come only if you tick it.' };
    return showPage(deps, c, data, notice, 422);
  }
  if (form.get('version') !== offered.version) {
    const notice = { title: 'The words have changed', text: 'Please read them once more before you agree.' };
    return showPage(deps, c, data, notice, 422);
  }
  await deps.consent.grant({
    projectId,
    fanId,
    ...offered,
    pageUrl: `${deps.publicUrl()}/s/${data.link.code}`,
    networkAddress: deps.clientAddress?.(c) ?? null,
    userAgent: c.req.header('user-agent') ?? null,
  });
  return c.redirect(`/c/${data.token}`, 303);
}

/** A service did not do what the fan asked: nothing was changed here either. */
export function serviceTrouble(c: Context, data: ConnectData, error: ConnectorError): Promise<Response> {
  const back = { href: `/c/${data.token}`, label: 'Back to your page' };
  if (error instanceof NeedsReconnect) {
    const text =
      'So we cannot change anything on that service for you. Link it again, or change it in its own app.';
    return trouble(c, 409, 'Your link ran out', text, back);
  }
  if (error instanceof GiveUp) {
    const text = 'This service does not let us do that for you. You can do it in its own app.';
    return trouble(c, 409, 'That cannot be done from here', text, back);
  }
  const names = data.services
    .map(({ connector, label }) => serviceLabels.get(connector) ?? label)
    .join(' or ');
  const text = `${names === '' ? 'The service' : names} did not answer as it should. Nothing has changed. Try again in a minute.`;
  return trouble(c, 503, 'That did not work yet', text, back);
}
