import { createHash, randomBytes } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { Connection } from '#connections/connections.ts';
import type { Access, StreamingClient } from '#connectors/connector.ts';
import { ConnectorError, GiveUp, NeedsReconnect } from '#lib/errors.ts';
import { linkService, refuseGrant } from '#releases/grants.ts';
import { actionsFor, type ConnectData, type ShownService } from './connect-data.ts';
import { mayServe, openPage, serviceLabels, showPage, unknownLink } from './connect-routes.ts';
import type { PagesDeps } from './deps.ts';
import { nothingTicked } from './do-routes.ts';
import { readForm, tickedPurposes } from './form.ts';
import { fulfilWishes } from './fulfil-wishes.ts';
import { trouble } from './layout.ts';
import { scriptPage } from './script-sign-in.ts';
import { storeState, takeState, type TakenState } from './oauth-state.ts';

/** What has to survive the way to the service and back; sealed in the database, never in the address. */
const carriedSchema = z.object({
  verifier: z.string(),
  token: z.string(),
  purposes: z.array(
    z.object({
      kind: z.enum(['release', 'follow', 'future']),
      targetId: z.string(),
      words: z.string(),
      source: z.string(),
    }),
  ),
});
type Carried = z.infer<typeof carriedSchema>;

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

  app.post('/c/:token/:connector/taken', async (c) => {
    const form = await readForm(c);
    const taken = await takeState(deps, form.get('state') ?? '', c.req.param('connector'));
    return endSignIn(deps, c, taken, form.get('taken') || undefined);
  });
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
  const verifier = randomBytes(32).toString('base64url');
  const carried: Carried = { verifier, token: data.token, purposes };
  const state = await storeState(deps, {
    projectId: data.link.projectId,
    fanId: data.link.fanId,
    connectionId: connection.id,
    connector,
    carried: JSON.stringify(carried),
  });
  const { signIn } = client;
  if (signIn.kind === 'script') {
    const label = serviceLabels.get(connector) ?? connector;
    const endsAt = client.oauth.diesAt(data.now);
    return scriptPage(c, { token: data.token, connector, label, state, endsAt }, signIn, deps.publicUrl());
  }
  return c.redirect(
    signIn.authorizeUrl({
      redirectUri: redirectUri(deps, connector),
      state,
      codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
      scopes: scopesFor(client, data, connector, purposes),
    }),
    303,
  );
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
  const carried = carriedSchema.parse(JSON.parse(taken.carried));
  const back = { href: `/c/${carried.token}`, label: 'Back to your page' };
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
    await link(deps, taken, connection, given, carried);
  } catch (error) {
    if (error instanceof ConnectorError) return refusal(deps, c, taken, error, label, back);
    throw error;
  }
  return c.redirect(`/c/${carried.token}?linked=${taken.connector}`, 303);
}

type Pending = Extract<TakenState, { kind: 'good' }>;

async function link(
  deps: PagesDeps,
  taken: Pending,
  connection: Connection,
  given: string,
  carried: Carried,
) {
  const { projectId, fanId, connector } = taken;
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
  await linkService(
    deps.db,
    deps.sealer,
    {
      projectId,
      fanId,
      service: connector,
      connectionId: connection.id,
      providerAccount: account.accountId ?? '',
      displayName: account.displayName,
      tokens,
      authorisedAt,
      diesAt: client.oauth.diesAt(authorisedAt),
    },
    carried.purposes,
  );
  deps.connections.noteSuccess(connection.id);
  await fulfilWishes(deps, { link: taken }, [connector], carried.purposes);
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

function redirectUri({ publicUrl }: PagesDeps, connector: string): string {
  return `${publicUrl()}/oauth/${connector}/callback`;
}

function requireClient({ streaming }: Connection): StreamingClient {
  if (streaming === null) throw new Error('only services with a streaming client are offered');
  return streaming;
}
