import { Hono } from 'hono';
import type { Connection } from '#connections/connections.ts';
import type { ConnectionStore } from '#connections/create-connections.ts';
import type { EmailReport, WebhookItem, WebhookRequest } from '#connectors/connector.ts';
import { isId } from '#lib/ids.ts';
import type { Log } from '#lib/log.ts';
import { readBytes } from '#lib/read-bytes.ts';
import type { DeliveryReport } from './deliveries.ts';
import { isSocialItem, shareOut } from './instagram/share-out.ts';

/** A form with one signed field. */
const maxFormBytes = 64 * 1024;
/** Providers batch; nothing they send comes near this. */
const maxBytes = 4 * 1024 * 1024;

export interface WebhookDeps {
  connections: Pick<ConnectionStore, 'find' | 'listAll' | 'forgetAccount' | 'noteWebhook'>;
  /** What providers call: their signatures cover it. */
  publicUrl: () => string;
  acceptText: (connection: Connection, text: Extract<WebhookItem, { kind: 'text' }>['text']) => Promise<void>;
  recordDelivery: (projectId: string, report: DeliveryReport) => Promise<void>;
  recordEmails: (connection: Connection, reports: readonly EmailReport[]) => Promise<void>;
  acceptSocial: (connection: Connection, items: readonly WebhookItem[]) => Promise<void>;
  log: Log;
}

/**
 * The door for providers: `POST /webhooks/{connector}/{connectionId}`, and GET where a provider asks first
 * whether the address is ours. Checks in this order: the
 * connection exists (404), the size (413), the signature (403, and nothing is written); then takes
 * everything and acknowledges after the last commit. When that fails, or the database is away: 503,
 * so that the provider comes again. A repeat is the same event.
 */
export function createWebhooks(deps: WebhookDeps): Hono {
  const app = new Hono();
  app.post('/webhooks/:connector/:connectionId', async (c) => {
    const { connector, connectionId } = c.req.param();
    try {
      return await answer(deps, c.req.raw, connector, connectionId);
    } catch (error) {
      const level = error instanceof Error && error.name === 'Overloaded' ? 'warn' : 'error';
      deps.log[level]({ err: error, connectionId }, 'a webhook could not be taken');
      return c.text('Not now.', 503, { 'retry-after': '1' });
    }
  });
  app.get('/webhooks/:connector/:connectionId', async (c) => {
    const { connector, connectionId } = c.req.param();
    const connection = await findConnection(deps, connector, connectionId);
    const reader = connection?.webhook;
    if (reader?.handshake === undefined) return new Response('No such webhook.', { status: 404 });
    const challenge = reader.handshake(new URL(c.req.url).searchParams);
    return challenge === null ? c.text('The token does not fit.', 403) : c.text(challenge);
  });
  addFarewells(app, deps);
  return app;
}

/**
 * Where a provider says that the account removed the app, and where it asks for what belongs to the account
 * to be deleted: both end what signing in gave. The second is answered with a code, and a page for it.
 */
function addFarewells(app: Hono, deps: WebhookDeps): void {
  for (const what of ['deauthorize', 'deletion']) {
    app.post(`/webhooks/:connector/:connectionId/${what}`, async (c) => {
      const { connector, connectionId } = c.req.param();
      const connection = await findConnection(deps, connector, connectionId);
      if (connection?.webhook?.isFarewell === undefined)
        return new Response('No such webhook.', { status: 404 });
      const body = await readBytes(c.req.raw, maxFormBytes);
      if (body === null) return new Response('Too large.', { status: 413 });
      if (!connection.webhook.isFarewell(new URLSearchParams(body.toString('utf8'))))
        return new Response('The signature does not fit.', { status: 403 });
      await deps.connections.forgetAccount(connection.accountId, connection.id);
      const url = `${deps.publicUrl()}/webhooks/${connector}/${connectionId}/deletion?code=${connectionId}`;
      return c.json({ url, confirmation_code: connectionId });
    });
  }
  app.get('/webhooks/:connector/:connectionId/deletion', async (c) => {
    const { connector, connectionId } = c.req.param();
    const connection = await findConnection(deps, connector, connectionId);
    if (connection?.webhook?.isFarewell === undefined)
      return new Response('No such webhook.', { status: 404 });
    return c.text(
      'The sign-in, the id and the name of the account were deleted here when that was asked for.',
    );
  });
}

async function answer(deps: WebhookDeps, raw: Request, connector: string, id: string): Promise<Response> {
  const connection = await findConnection(deps, connector, id);
  if (connection?.webhook == null) return new Response('No such webhook.', { status: 404 });
  const rawBody = await readBytes(raw, maxBytes);
  if (rawBody === null) return new Response('Too large.', { status: 413 });
  const request: WebhookRequest = {
    method: 'POST',
    url: publicUrlOf(deps.publicUrl(), raw.url),
    header: (name) => raw.headers.get(name) ?? undefined,
    rawBody,
  };
  if (!(await connection.webhook.verify(request)))
    return new Response('The signature does not fit.', { status: 403 });
  deps.connections.noteWebhook(connection.id);
  await connection.webhook.confirm?.(request);
  await takeAll(deps, connection, request);
  const { status, contentType, body } = connection.webhook.acknowledgement;
  return new Response(status === 204 ? null : body, { status, headers: { 'content-type': contentType } });
}

async function findConnection(
  deps: WebhookDeps,
  connector: string,
  id: string,
): Promise<Connection | undefined> {
  if (!isId(id)) return undefined;
  const connection = await deps.connections.find(id);
  return connection?.connector === connector && connection.state !== 'disabled' ? connection : undefined;
}

async function takeAll(deps: WebhookDeps, connection: Connection, request: WebhookRequest) {
  const { searchParams } = new URL(request.url);
  const projectId = searchParams.get('project') ?? '';
  const intentId = searchParams.get('intent') ?? '';
  const items = connection.webhook?.parse(request) ?? [];
  const emails = items.filter((item) => item.kind === 'email');
  if (emails.length > 0) await deps.recordEmails(connection, emails);
  const all = () => deps.connections.listAll();
  const shares = await shareOut(connection, all, request, items.filter(isSocialItem));
  for (const [holder, social] of shares) await deps.acceptSocial(holder, social);
  for (const item of items) {
    if (item.kind === 'text') await deps.acceptText(connection, item.text);
    else if (item.kind === 'delivery' && isId(intentId) && connection.projectIds.includes(projectId)) {
      await deps.recordDelivery(projectId, { intentId, delivery: item });
    }
  }
}

/** The address as the provider called it: our public origin and the request's own path and query. */
function publicUrlOf(publicUrl: string, requestUrl: string): string {
  const afterScheme = requestUrl.indexOf('//') + 2;
  const path = requestUrl.indexOf('/', afterScheme);
  return publicUrl.replace(/\/$/, '') + (path === -1 ? '/' : requestUrl.slice(path));
}
