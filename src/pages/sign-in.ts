import type { Context, Hono } from 'hono';
import type { Connection } from '#connections/connections.ts';
import type { Access, StreamingClient } from '#connectors/connector.ts';
import { ConnectorError, GiveUp, NeedsReconnect } from '#lib/errors.ts';
import { createConnectLink } from '#releases/connect-links.ts';
import { linkService, refuseGrant } from '#releases/grants.ts';
import { linkNewcomer } from '#releases/link-newcomer.ts';
import { beginSignIn, readCarried, redirectUri, requireClient, type Carried } from './begin-sign-in.ts';
import { actionsFor, type ConnectData, type ShownService } from './connect-data.ts';
import { mayServe, openPage, serviceLabels, showPage, unknownLink } from './connect-routes.ts';
import type { PagesDeps } from './deps.ts';
import { nothingTicked } from './do-routes.ts';
import { readForm, tickedPurposes } from './form.ts';
import { fulfilWishes } from './fulfil-wishes.ts';
import { trouble } from './layout.ts';
import { takeState, type TakenState } from './oauth-state.ts';

/**
 * Signing in to a service: authorisation code with PKCE, or the service's own script on a page of
 * ours; the state single use and ten minutes good.
 */
export function mountSignIn(app: Hono, deps: PagesDeps): void {
  app.post('/c/:token/:connector', async (c) => {
    const data = await openPage(deps, c);
    if (data instanceof Response) return data;
    const service = data.services.find(({ connector }) => connector === c.req.param('connector'));
    return service === undefined ? unknownLink(c) : startSignIn(deps, c, data, service);
  });

  app.get('/oauth/:connector/callback', async (c) => {
    const taken = await takeState(deps, c.req.query('state') ?? '', c.req.param('connector'));
    const { code, error } = c.req.query();
    return endSignIn(deps, c, taken, error === undefined ? code : undefined);
  });

  const taken = async (c: Context) => {
    const form = await readForm(c);
    const state = await takeState(deps, form.get('state') ?? '', c.req.param('connector') ?? '');
    return endSignIn(deps, c, state, form.get('taken') || undefined);
  };
  app.post('/c/:token/:connector/taken', taken);
  app.post('/p/:slug/connect/:connector/taken', taken);
}

async function startSignIn(deps: PagesDeps, c: Context, data: ConnectData, service: ShownService) {
  const { connector, connection } = service;
  const client = requireClient(connection);
  const form = await readForm(c);
  if (!mayServe(data, service, form.get('account') ?? undefined)) {
    const label = serviceLabels.get(connector) ?? connector;
    const text = `Signing in to ${label} is open to invited accounts only for now. Nothing was sent.`;
    return showPage(deps, c, data, { title: 'This account is not invited', text }, 403);
  }
  const purposes = tickedPurposes(data, form);
  const isRenewal = data.purposes.size > 0;
  if (purposes.length === 0 && !isRenewal) return showPage(deps, c, data, nothingTicked, 422);
  return beginSignIn(deps, c, {
    projectId: data.link.projectId,
    fanId: data.link.fanId,
    connection,
    label: serviceLabels.get(connector) ?? connector,
    purposes,
    scopes: scopesFor(client, data, connector, purposes),
    back: `/c/${data.token}`,
    takenPath: `/c/${data.token}/${connector}/taken`,
    now: data.now,
  });
}

/** R68: the least that what is ticked needs; what was allowed before is asked again, or it would be lost. */
function scopesFor(
  client: StreamingClient,
  data: ConnectData,
  connector: string,
  purposes: readonly { kind: string }[],
) {
  const kinds = [...purposes.map(({ kind }) => kind), ...data.purposes];
  const before = data.grants.find(({ service }) => service === connector)?.scopes ?? [];
  return [...new Set([...client.oauth.scopesFor(actionsFor(kinds, data.release)), ...before])];
}

/** `given`: the code or token that came back; absent: the fan declined. */
async function endSignIn(
  deps: PagesDeps,
  c: Context,
  taken: TakenState,
  given: string | undefined,
): Promise<Response> {
  if (taken.kind === 'unknown') {
    const text =
      'It does not belong to a sign-in that began here. Open the link in your message and start again.';
    return trouble(c, 400, 'This sign-in cannot be matched', text);
  }
  const carried = readCarried(taken.carried);
  const back = { href: carried.back, label: 'Back to your page' };
  if (taken.kind === 'used') {
    const text = 'It was finished once, and counts once. Your page shows what came of it.';
    return trouble(c, 409, 'This sign-in is over', text, back);
  }
  if (taken.kind === 'expired') {
    const text =
      'A sign-in has to be finished within ten minutes. Nothing was linked. Start again from your page.';
    return trouble(c, 410, 'That took too long', text, back);
  }
  const label = serviceLabels.get(taken.connector) ?? taken.connector;
  if (given === undefined) {
    const text = `You did not allow it at ${label}, so nothing was linked and nothing will be done. You can change your mind on your page.`;
    return trouble(c, 403, 'Nothing was linked', text, back);
  }
  const connection = await deps.connections.find(taken.connectionId);
  const isStillLent =
    connection !== undefined &&
    connection.state !== 'disabled' &&
    connection.connector === taken.connector &&
    connection.projectIds.includes(taken.projectId);
  if (!isStillLent || connection.streaming === null) {
    const text = `${label} cannot be linked here any more. Nothing was linked.`;
    return trouble(c, 409, 'This service is gone', text, back);
  }
  try {
    return c.redirect(await link(deps, taken, connection, given, carried), 303);
  } catch (error) {
    if (error instanceof ConnectorError) return refusal(deps, c, taken, error, label, back);
    throw error;
  }
}

type Pending = Extract<TakenState, { kind: 'good' }>;

/** Answers with the path of the fan's page. */
async function link(
  deps: PagesDeps,
  taken: Pending,
  connection: Connection,
  given: string,
  carried: Carried,
): Promise<string> {
  const { projectId, connector } = taken;
  const client = requireClient(connection);
  const { signIn } = client;
  const tokens =
    signIn.kind === 'script'
      ? await signIn.accept(given)
      : await signIn.exchange({
          code: given,
          codeVerifier: carried.verifier,
          redirectUri: redirectUri(deps, connector),
        });
  const account = await client.oauth.identify(accessOf(tokens.accessToken));
  const authorisedAt = deps.clocks.now(projectId);
  const grant = {
    projectId,
    service: connector,
    connectionId: connection.id,
    providerAccount: account.accountId ?? '',
    displayName: account.displayName,
    tokens,
    authorisedAt,
    diesAt: client.oauth.diesAt(authorisedAt),
  };
  const { purposes } = carried;
  const fanId =
    taken.fanId ??
    (await linkNewcomer(deps.db, deps.sealer, { ...grant, language: carried.language }, purposes));
  if (taken.fanId !== null) await linkService(deps.db, deps.sealer, { ...grant, fanId }, purposes);
  deps.connections.noteSuccess(connection.id);
  await fulfilWishes(deps, { link: { projectId, fanId } }, [connector], purposes);
  const path = taken.fanId === null ? await openFansPage(deps, { projectId, fanId }, carried) : carried.back;
  return `${path}?linked=${connector}`;
}

/** Who came by a public page goes on with a page of her own, about the same release and artist. */
async function openFansPage(
  { db, sealer, clocks }: PagesDeps,
  { projectId, fanId }: { projectId: string; fanId: string },
  { about }: Carried,
): Promise<string> {
  const { path } = await createConnectLink(db, sealer, {
    projectId,
    fanId,
    // Nothing here proves a number (R94).
    subject: { releaseId: about?.releaseId ?? null, artistId: about?.artistId ?? null, isHandedOut: true },
    releaseAt: about?.releaseAt ?? null,
    now: clocks.now(projectId),
  });
  return path;
}

/** Tokens a minute old need no renewing; one that is refused at once is no authorisation. */
function accessOf(accessToken: string): Access {
  return {
    token: () => Promise.resolve(accessToken),
    renew: () => Promise.reject(new NeedsReconnect('the service refused a token that it had just given')),
  };
}

async function refusal(
  deps: PagesDeps,
  c: Context,
  { projectId, fanId, connector, connectionId }: Pending,
  error: ConnectorError,
  label: string,
  back: { href: string; label: string },
): Promise<Response> {
  deps.connections.noteError(connectionId, error.reason);
  if (error instanceof GiveUp && error.skip === 'refused_by_app') {
    if (fanId !== null)
      await refuseGrant(
        deps.db,
        { projectId, fanId, service: connector },
        connectionId,
        deps.clocks.now(projectId),
        true,
      );
    const text = `${label} lets this app serve invited accounts only, and yours is not one of them. Nothing was linked. Your page has other ways.`;
    return trouble(c, 403, 'Your account cannot be linked yet', text, back);
  }
  if (error instanceof GiveUp || error instanceof NeedsReconnect) {
    const text = `${label} did not accept the sign-in. Nothing was linked. Start again from your page.`;
    return trouble(c, 502, 'The sign-in was refused', text, back);
  }
  const text = `${label} is not answering at the moment. Nothing was linked. Start again in a few minutes.`;
  return trouble(c, 503, `${label} is not answering`, text, back);
}
