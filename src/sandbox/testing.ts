import { Hono } from 'hono';
import { sql } from 'kysely';
import { createProjectFacts } from '#accounts/project-facts.ts';
import type { Connection } from '#connections/connections.ts';
import { createTelnyxWebhookReader } from '#connectors/telnyx/webhook.ts';
import { createTwilioWebhookReader } from '#connectors/twilio/webhook.ts';
import { serveFetch } from '#connectors/testing/serve.ts';
import type { Db } from '#db/database.ts';
import { ProjectClocks } from '#engine/clocks.ts';
import { systemClock } from '#lib/clock.ts';
import { permissions, type Scope } from '#lib/endpoint.ts';
import { UserError } from '#lib/errors.ts';
import { createHttp } from '#lib/http.ts';
import { loadNumberPlaces } from '#messages/quiet-hours/zones.ts';
import { newId } from '#lib/ids.ts';
import { createDelivery, createLoopback } from './loopback.ts';
import { createSandbox } from './sandbox.ts';

/** What the sandbox API answers, as far as tests look at it. */
export interface TestAnswer {
  code?: string;
  id?: string;
  idle?: boolean;
  now?: string;
  offsetMs?: number;
  total?: number;
  settings?: { authToken?: string; numbers?: { number: string }[] };
  nextCursor?: string | null;
  items?: {
    id: string;
    body: string;
    direction: string;
    status: string;
    at: string;
    to: string;
    subject: string;
    html: string;
    headers: Record<string, string>;
  }[];
}

/** Segue as far as the sandbox sees it: its doors, and a webhook that checks what it is told. */
export async function setStage(db: Db) {
  const http = createHttp({ defaultTimeoutMs: 2_000 });
  const clocks = new ProjectClocks(db, systemClock);
  /** Kept here, since what seals settings is another part's business. */
  const settingsOf = new Map<string, Record<string, unknown>>();
  const stage = {
    /** What the webhook answers next; 200 when nothing is said. */
    webhookAnswers: [] as number[],
    webhooks: [] as { path: string; isSigned: boolean }[],
  };

  async function start() {
    const app = new Hono();
    const served = await serveFetch((request) => app.fetch(request));
    const urls = { publicUrl: () => 'https://segue.example', localUrl: () => served.url };
    const deliver = createDelivery(http, urls);
    const sandbox = createSandbox({
      waitForWorkers: () => Promise.resolve(),
      db,
      wall: systemClock,
      clock: clocks,
      publicUrl: urls.publicUrl,
      locate: await loadNumberPlaces(),
      deliver,
      identify: async (context) => {
        const [, key = ''] = context.req.header('authorization')?.split(' ') ?? [];
        const [projectId = '', kind = ''] = key.split('/');
        if (projectId === '') throw new UserError(401, 'unauthorized', 'No key.');
        const scopes = new Set<Scope>(kind === 'reader' ? ['read'] : ['read', 'write']);
        const all = new Set(permissions);
        return { projectId, accountId: '', kind: 'key', id: '', actor: '', scopes, permissions: all };
      },
      projects: createProjectFacts(db),
      connections: {
        async find(id) {
          const { rows } = await sql<{ project_id: string }>`
            select project_id from loan where connection_id = ${id}`.execute(db);
          // As: all of a connection that the sandbox looks at.
          return { projectIds: rows.map((row) => row.project_id) } as unknown as Connection;
        },
        revealTestSettings: async (_, id) => settingsOf.get(id) ?? {},
      },
    });
    app.route('/', sandbox.routes);
    app.post('/webhooks/:carrier{twilio|telnyx}/:id', async (context) => {
      const settings = settingsOf.get(context.req.param('id')) ?? {};
      const createReader = { twilio: createTwilioWebhookReader, telnyx: createTelnyxWebhookReader };
      // As: the route takes no others.
      const carrier = context.req.param('carrier') as keyof typeof createReader;
      const reader = createReader[carrier]({ settings, http, now: () => new Date() });
      const isSigned = await reader.verify({
        method: 'POST',
        url: `https://segue.example${context.req.path}`,
        header: (name) => context.req.header(name),
        rawBody: Buffer.from(await context.req.arrayBuffer()),
      });
      stage.webhooks.push({ path: context.req.path, isSigned });
      return new Response(null, { status: stage.webhookAnswers.shift() ?? 200 });
    });
    app.post('/webhooks/postmark/:id', async (context) => {
      stage.webhooks.push({
        path: context.req.path,
        isSigned: context.req.header('authorization') !== undefined,
      });
      return new Response(null, { status: stage.webhookAnswers.shift() ?? 200 });
    });
    app.onError((error) => {
      if (!(error instanceof UserError)) throw error;
      return Response.json({ code: error.code, ...error.details }, { status: error.status });
    });
    return { sandbox, deliver, served, http: createLoopback(http, urls), url: served.url };
  }

  let segue = await start();

  async function stop() {
    await segue.sandbox.close();
    await segue.served.close();
  }

  const { webhookAnswers, webhooks } = stage;
  return {
    clocks,
    settingsOf,
    webhookAnswers,
    webhooks,
    segue: () => segue,
    /** As a new process over the same database. */
    async restart() {
      await stop();
      segue = await start();
    },
    async close() {
      await stop();
      await http.close();
    },
    ask: async (key: string, path: string, body?: unknown): Promise<{ status: number; json: TestAnswer }> => {
      const response = await fetch(`${segue.url}/sandbox/api${path}`, {
        headers: { authorization: `Bearer ${key}` },
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      });
      // As: what each test then compares.
      return { status: response.status, json: (await response.json()) as TestAnswer };
    },
    /** Below a fake of the sandbox, as the outside reaches it. */
    callFake: (path: string) => fetch(`${segue.url}/sandbox/providers/${path}`),
    /** Another connection of a project, its settings those that its fake accepts. */
    addEmail: async (project: { accountId: string; projectId: string }, connector: 'smtp' | 'postmark') => {
      const id = newId();
      await lend(db, project, id, connector);
      const fake = await segue.sandbox.fakes.open(connector, id);
      settingsOf.set(id, fake.connectionSettings());
      return id;
    },
    /** Another carrier's connection, its settings those that its form begins with. */
    addCarrier: async (
      project: { accountId: string; projectId: string },
      connector: 'twilio' | 'telnyx',
      settings: Record<string, unknown>,
    ) => {
      const id = newId();
      settingsOf.set(id, settings);
      await lend(db, project, id, connector);
      return id;
    },
    /** A test project with a number and a streaming app, as a demo or a stranger would make them. */
    makeProject: async (number: string, isLive = false) => {
      const made = { accountId: newId(), projectId: newId(), smsId: newId(), streamingId: newId() };
      const { accountId, projectId, smsId, streamingId } = made;
      await sql`insert into account (id, name) values (${accountId}, 'Nova')`.execute(db);
      await sql`
        insert into project (id, account_id, name, slug, is_live, programme, legal_sender)
        values (${projectId}, ${accountId}, 'Nova', ${projectId}, ${isLive}, 'Nova', 'Nova')`.execute(db);
      await lend(db, made, smsId, 'twilio');
      await lend(db, made, streamingId, 'spotify');
      const carrier = await segue.sandbox.fakes.open('twilio', smsId);
      const webhookUrl = `https://segue.example/webhooks/twilio/${smsId}`;
      settingsOf.set(smsId, await carrier.addNumber(number, webhookUrl));
      const service = await segue.sandbox.fakes.open('spotify', streamingId);
      settingsOf.set(streamingId, service.connectionSettings());
      return made;
    },
  };
}

async function lend(
  db: Db,
  { accountId, projectId }: { accountId: string; projectId: string },
  id: string,
  connector: string,
) {
  await sql`
    insert into connection (id, account_id, connector, label, is_live, settings)
    values (${id}, ${accountId}, ${connector}, 'Test', false, '')`.execute(db);
  await sql`insert into loan (project_id, connection_id) values (${projectId}, ${id})`.execute(db);
}
