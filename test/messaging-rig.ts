import { Hono } from 'hono';
import { sql } from 'kysely';
import { afterAll, expect } from 'vitest';
import { createProjectFacts } from '#accounts/project-facts.ts';
import type { Connection } from '#connections/connections.ts';
import { createConnections, type ConnectionStore } from '#connections/create-connections.ts';
import type { InboundText } from '#connectors/connector.ts';
import { createMemoryStore } from '#connectors/testing/memory-store.ts';
import { serveFetch } from '#connectors/testing/serve.ts';
import { connectorServers } from '#connectors/server.ts';
import { createTwilioFake, type TwilioFake } from '#connectors/twilio/fake.ts';
import { signTwilioForm } from '#connectors/twilio/signature.ts';
import { transaction, type Db } from '#db/database.ts';
import { ProjectClocks } from '#engine/clocks.ts';
import { connectToListen, createPool } from '#db/pool.ts';
import type { AcceptResult, Entry } from '#engine/contract.ts';
import { Engine, type EngineOptions } from '#engine/engine.ts';
import { signal } from '#engine/gates.ts';
import { defaultTiming } from '#engine/timing.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { admitEvents } from '#flows/admit-events.ts';
import { systemClock } from '#lib/clock.ts';
import { createHttp, type Http } from '#lib/http.ts';
import { newId } from '#lib/ids.ts';
import { createLog } from '#lib/log.ts';
import { createSealer } from '#lib/seal.ts';
import { catchUp } from '#messages/catch-up.ts';
import { createEmailSenders } from '#messages/email/email-senders.ts';
import { acceptText } from '#messages/inbound/route.ts';
import { acceptSocial } from '#messages/instagram/accept.ts';
import { loadNumberPlaces } from '#messages/quiet-hours/zones.ts';
import { instantOf, localTime } from '#messages/quiet-hours/zone-clock.ts';
import { createWebhooks } from '#messages/webhook.ts';
import { mountUnsubscribe } from '../src/pages/unsubscribe-routes.ts';
import { writeLinks } from '../src/releases/connect-links.ts';
import { createProduct, type StreamingPort } from '../src/product.ts';
import { createTestDatabase } from './db.ts';

/** Long enough for a call over a socket on a busy machine, short enough for a test. */
const timing = {
  ...defaultTiming,
  heartbeatMs: 200,
  startStopMs: 1_500,
  leaseMs: 2_500,
  onceTimeoutMs: 700,
  settleAfterMs: 800,
  pollMs: 50,
  lanePollMs: 20,
  backoffMs: 20,
  backoffMaxMs: 200,
};

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

const log = createLog({ level: process.env['LOG_LEVEL'] ?? 'silent' });
export const sealer = createSealer([Buffer.alloc(32, 7)]);

export interface FlowInput {
  keywords: string[];
  mode?: 'reply' | 'consent';
  match?: 'first' | 'exact' | 'contains';
  /** Step configs; a string is the body of a text. */
  steps?: (string | { step: string; config: Record<string, unknown>; onUnmet?: 'defer' | 'skip' })[];
  perMonth?: number;
  reentry?: { policy: 'once' | 'cooldown' | 'always'; seconds?: number };
  /** Another trigger than a keyword. */
  trigger?: { trigger: string; config: Record<string, unknown> };
  /** False: listens on every connection. */
  namesConnection?: boolean;
}

/**
 * The messaging side as it runs in production, over a real database and the provider's fake, with
 * sockets between them: one process, and more where a test asks for them. Each test takes a stage of
 * its own: an account, a number and its projects.
 */
export async function createMessagingRig() {
  const database = await createTestDatabase();
  const locate = await loadNumberPlaces();
  const http = createHttp();
  const fakeUrls = new Map<string, string>();
  const closing: (() => Promise<unknown>)[] = [];
  const processes: { clocks: ProjectClocks; engine: Engine; connections: ConnectionStore }[] = [];
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
    await http.close();
  });

  const baseUrls = (_connector: string, _isLive: boolean, id: string) => fakeUrls.get(id);

  /** One process of Segue: an engine, and a door for webhooks. */
  async function startProcess(options: Partial<EngineOptions> = {}) {
    const pool = createPool({ url: database.url, max: 8 });
    const beats = createPool({ url: database.url, max: 1 });
    const { db } = pool;
    const app = new Hono();
    const served = await serveFetch((request) => app.fetch(request));
    const publicUrl = () => served.url;
    const clocks = new ProjectClocks(db, systemClock);
    const connections = createConnections({
      db,
      sealer,
      clocks,
      log,
      servers: connectorServers,
      http,
      baseUrls,
    });
    const projects = createProjectFacts(db);
    const product = createProduct({
      db,
      clocks,
      connections,
      projects,
      locate,
      emailSenders: createEmailSenders(db),
      sealer,
      publicUrl,
      shortUrl: publicUrl,
      streaming: noStreaming,
      makeLink: () => ({ url: 'http://segue.test/s/0123456789', writes: [] }),
      admitEvents,
    });
    const engine = new Engine({
      db,
      heartbeatDb: beats.db,
      connect: () => connectToListen(database.url),
      clocks,
      ports: product.ports,
      log,
      timing,
      ...options,
    });
    await engine.start();
    const accept = (projectId: string, entry: Entry) => engine.accept(projectId, entry);
    const take = { ...product, db, accept };
    const takeText = (connection: Connection, text: InboundText) => acceptText(take, connection, text);
    app.route(
      '/',
      createWebhooks({
        connections,
        publicUrl,
        log,
        acceptText: takeText,
        acceptSocial: (connection, items) => acceptSocial(take, connection, items),
        recordDelivery: product.recordDelivery,
        recordEmails: product.recordEmails,
      }),
    );
    mountUnsubscribe(app, { db, sealer, clocks });
    const one = {
      db,
      engine,
      clocks,
      connections,
      accept,
      url: served.url,
      catchUp: (connectionId: string) =>
        catchUp({ db, connections, log, acceptText: takeText }, connectionId),
    };
    processes.push(one);
    closing.push(async () => {
      await engine.stop();
      await served.close();
      await beats.close();
      await pool.close();
    });
    return one;
  }

  const first = await startProcess();

  /** Domain time of a project, moved for every process of this rig. */
  async function advance(projectId: string, ms: number) {
    await first.clocks.advance(projectId, ms);
    for (const one of processes) {
      await one.clocks.refresh();
      one.engine.kick();
    }
  }

  return {
    db: first.db,
    first,
    http,
    fakeUrls,
    closing,
    processes,
    startProcess,
    stage: (options: StageOptions = {}) =>
      setStage({ db: first.db, first, processes, http, fakeUrls, advance, closing }, options),
  };
}

const noStreaming: StreamingPort = {
  forStep: () => ({ presave: notHere, saveRelease: notHere, followArtist: notHere, nextSave: notHere }),
  evaluateSave: notHere,
  releaseFor: notHere,
  effects: {},
  writers: { 'link.create': writeLinks },
};

function notHere(): Promise<never> {
  return Promise.reject(new Error('this rig has no streaming'));
}

export interface StageOptions {
  /** Who answers STOP and HELP; the provider by default. */
  optOutHandling?: 'provider' | 'segue';
  number?: string;
  /** How many projects the number is lent to. */
  projects?: number;
  advancedOptOut?: boolean;
  optInWords?: string[];
  messagingService?: boolean;
  /** Local time in New York that the stage starts at; `14:00` unless said. */
  at?: string;
  countries?: string[];
  monthlyCap?: number;
  allChannelsCap?: number;
  answersUnmatched?: boolean;
}

interface RigParts {
  db: Db;
  first: {
    url: string;
    connections: ConnectionStore;
    clocks: ProjectClocks;
    accept: (projectId: string, entry: Entry) => Promise<AcceptResult>;
  };
  processes: readonly { connections: ConnectionStore }[];
  http: Http;
  fakeUrls: Map<string, string>;
  advance: (projectId: string, ms: number) => Promise<void>;
  closing: (() => Promise<unknown>)[];
}

let numbersTaken = 0;

async function setStage(rig: RigParts, options: StageOptions) {
  const { db, first, advance } = rig;
  const number = options.number ?? `+1619555${String(1_000 + numbersTaken++)}`;
  const accountId = newId();
  await sql`insert into account (id, name) values (${accountId}, 'Luna')`.execute(db);
  const projectIds: string[] = [];
  for (let at = 0; at < (options.projects ?? 1); at++) projectIds.push(await addProject(at));
  const [projectId = ''] = projectIds;

  async function addProject(at: number): Promise<string> {
    const id = newId();
    const name = at === 0 ? 'Luna Vale' : `Artist ${at + 1}`;
    await sql`
      insert into project (id, account_id, name, slug, is_live, programme, legal_sender, contact, countries,
                           monthly_cap, all_channels_cap, answers_unmatched)
      values (${id}, ${accountId}, ${name}, ${id}, false, ${name}, 'Luna LLC', 'luna.example',
              ${options.countries ?? []}, ${options.monthlyCap ?? 6}, ${options.allChannelsCap ?? null},
              ${options.answersUnmatched ?? true})`.execute(db);
    return id;
  }

  const fake: TwilioFake = createTwilioFake({
    store: createMemoryStore(),
    now: () => first.clocks.now(projectId),
    deliver: async (request) => {
      const answer = await rig.http({ method: 'POST', ...request });
      return { status: answer.status, body: answer.text };
    },
    callbacks: { sentAfterMs: 0, deliveredAfterMs: 0 },
  });
  const served = await serveFetch((request) => fake.fetch(request));
  rig.closing.push(async () => {
    fake.close();
    await served.close();
  });
  const messagingServiceSid = options.messagingService ? `MG${'1a'.repeat(16)}` : null;
  const handling = options.optOutHandling ?? 'provider';
  const settings = await fake.addNumber(number, null);
  const credentials = {
    accountSid: String(settings['accountSid']),
    authToken: String(settings['authToken']),
  };
  const connection = await first.connections.createConnection({
    accountId,
    connector: 'twilio',
    label: number,
    isLive: false,
    settings: {
      ...credentials,
      numbers: [{ number, type: '10dlc', partsPerSecond: 1000 }],
      optOutHandling: handling,
      ...(messagingServiceSid === null ? {} : { messagingServiceSid }),
    },
  });
  rig.fakeUrls.set(connection.id, served.url);
  const inboundUrl = `${first.url}/webhooks/twilio/${connection.id}`;
  const ownNumber = {
    number,
    ...credentials,
    inboundUrl,
    optOutHandling: handling,
    advancedOptOut: options.advancedOptOut ?? false,
    optInWords: options.optInWords ?? [],
    messagingServiceSid,
  };
  await fake.setNumber(ownNumber);
  for (const id of projectIds) await first.connections.lendConnection(accountId, connection.id, id);
  // Other processes would see it within a second: a change makes each read at once.
  for (const one of rig.processes) await one.connections.updateConnection(accountId, connection.id, {});

  /** What is under way or due, in words that help when it never ends. */
  const openWork = async () => {
    const open: string[] = [];
    for (const id of projectIds) {
      const now = first.clocks.now(id);
      const { rows } = await sql<{ item: string }>`
        select concat_ws(' ', kind, 'position', position, 'attempt', attempt,
                         case state when 1 then 'leased' else 'waiting' end, lane,
                         'due', to_char(due_at, 'HH24:MI:SS.MS'), 'not before', to_char(not_before, 'HH24:MI:SS.MS'),
                         'at', to_char(clock_timestamp(), 'HH24:MI:SS.MS')) as item
          from work where project_id = ${id} and (state = 1 or due_at <= ${now})`.execute(db);
      open.push(...rows.map((row) => row.item));
    }
    return open;
  };

  const stage = {
    fake,
    number,
    accountId,
    projectId,
    projectIds,
    connectionId: connection.id,
    inboundUrl,
    credentials,
    ownNumber,
    now: () => first.clocks.now(projectId),

    /** An active keyword flow, with its call to action published in `consent` mode. */
    async flow(input: FlowInput, inProject = projectId) {
      const flowId = newId();
      const versionId = newId();
      const now = first.clocks.now(inProject);
      const mode = input.mode ?? (input.trigger === undefined ? 'consent' : 'reply');
      const trigger = input.trigger ?? {
        trigger: 'keyword',
        config: {
          keywords: input.keywords,
          match: input.match ?? 'first',
          mode,
          ...(input.namesConnection === false ? {} : { connectionId: connection.id }),
        },
      };
      const steps = (input.steps ?? ['you are in']).map((step) =>
        typeof step === 'string' ? { step: 'send-text', config: { body: step } } : step,
      );
      const reentry = input.reentry ?? { policy: 'cooldown', seconds: 60 };
      await transaction(db, async (tx) => {
        await sql`
          insert into flow (project_id, id, name, state, version, active_version, created_at, updated_at)
          values (${inProject}, ${flowId}, ${input.keywords.join()}, 'active', 1, 1, ${now}, ${now})`.execute(
          tx,
        );
        await sql`
          insert into flow_version (project_id, id, flow_id, version, trigger, steps, reentry, created_at)
          values (${inProject}, ${versionId}, ${flowId}, 1, ${JSON.stringify(trigger)}, ${JSON.stringify(steps)},
                  ${JSON.stringify(reentry)}, ${now})`.execute(tx);
        if (mode === 'consent') {
          await sql`
            insert into call_to_action (project_id, flow_id, version, text, programme, per_month, place, link,
                                        published_at)
            values (${inProject}, ${flowId}, 'v1', 'Text it to get texts.', 'Luna Vale', ${input.perMonth ?? 5},
                    'page', 'https://luna.example', ${now})`.execute(tx);
        }
        await signal(tx, inProject, [{ key: gateKeys.flows }]);
      });
      return { flowId, versionId };
    },

    async segment(name = 'New Fans') {
      const id = newId();
      await sql`
        insert into segment (project_id, id, name, created_at)
        values (${projectId}, ${id}, ${name}, ${stage.now()})`.execute(db);
      return { step: 'add-to-segment', config: { segmentId: id } };
    },

    /** A phone texts in; resolves when everything that follows at once has followed. */
    async text(from: string, body: string, more: { id?: string; mediaCount?: number } = {}) {
      const received = await fake.receiveText({ from, to: number, body, ...more });
      await stage.settled();
      return received;
    },

    /** Nothing is due and every status was reported. */
    async settled() {
      await expect.poll(openWork, { timeout: 8_000, interval: 5 }).toEqual([]);
      await fake.settled();
      await expect.poll(openWork, { timeout: 8_000, interval: 5 }).toEqual([]);
    },

    async advance(ms: number) {
      for (const id of projectIds) await advance(id, ms);
    },

    /** Moves the clock to the next such local time. */
    async goTo(time: string, zone = 'America/New_York') {
      const [hours = 0, minutes = 0] = time.split(':').map(Number);
      const now = stage.now().getTime();
      const today = localTime(zone, now);
      const sought = hours * 60 + minutes;
      let at = instantOf(zone, today, sought);
      if (at <= now) at = instantOf(zone, localTime(zone, at + 25 * hour), sought);
      await stage.advance(at - now);
    },

    /** What a phone got, oldest first. */
    async got(phone: string) {
      const texts = await fake.texts({ number: phone, direction: 'in' });
      return texts.map((text) => text.body).toReversed();
    },

    /** Outcomes of the project's runs, oldest run first: `1 done`, `2 skipped: cap`. */
    async outcomes(inProject = projectId) {
      const { rows } = await sql<{ line: string }>`
        select position || ' ' || status || coalesce(': ' || reason, '') as line from outcome
         where project_id = ${inProject} order by run_id, position, service`.execute(db);
      return rows.map((row) => row.line);
    },

    async runs(inProject = projectId) {
      const { rows } = await sql<{ id: string; flow_id: string; fan_id: string }>`
        select id, flow_id, fan_id from run where project_id = ${inProject} order by id`.execute(db);
      return rows;
    },

    async events(inProject = projectId) {
      const { rows } = await sql<{ type: string; subject: Record<string, unknown>; ignored: string[] }>`
        select type, subject, array(select jsonb_array_elements(result->'ignored')->>'reason') as ignored
          from event where project_id = ${inProject} order by id`.execute(db);
      return rows;
    },

    /** `live`, `pending` or `ended by WORD`, oldest first. */
    async consents(phone: string, inProject = projectId) {
      const { rows } = await sql<{ line: string }>`
        select method || ' ' || case when revoked_at is not null then 'ended by ' || revoked_by
                                     when active_at is null then 'pending' else 'live' end as line
          from consent where project_id = ${inProject} and address = ${phone} order by granted_at, id`.execute(
        db,
      );
      return rows.map((row) => row.line);
    },

    async isOptedOut(phone: string, inProject = projectId) {
      const { rows } = await sql`
        select 1 from opt_out where project_id = ${inProject} and address = ${phone} and cleared_at is null`.execute(
        db,
      );
      return rows.length > 0;
    },

    async isBlocked(phone: string, inProject = projectId) {
      const { rows } = await sql`
        select 1 from block where project_id = ${inProject} and address = ${phone} and sender = ${number}`.execute(
        db,
      );
      return rows.length > 0;
    },

    async isHeld(phone: string) {
      const { rows } = await sql<{ is_sms_held: boolean }>`
        select f.is_sms_held from fan f join address a on a.project_id = f.project_id and a.fan_id = f.id
         where f.project_id = ${projectId} and a.value = ${phone}`.execute(db);
      return rows[0]?.is_sms_held ?? false;
    },

    /** `reason: body`, oldest first. */
    async inbox(inProject = projectId) {
      const { rows } = await sql<{ line: string }>`
        select reason || ': ' || body as line from inbox_message
         where project_id = ${inProject} order by id`.execute(db);
      return rows.map((row) => row.line);
    },

    async fanOf(phone: string, inProject = projectId) {
      const { rows } = await sql<{ fan_id: string }>`
        select fan_id from address where project_id = ${inProject} and value = ${phone}`.execute(db);
      return rows[0]?.fan_id ?? null;
    },

    /** Starts a flow by API: a text without the basis of a reply (R96). */
    async byApi(phone: string, keyword: string, consent: Record<string, string> | null = null) {
      const payload = { api: { type: 'sms.keyword', fan: { phone }, subject: { keyword }, consent } };
      const key = newId();
      const occurredAt = stage.now();
      const entry = { source: 'api', key, type: 'sms.keyword', fingerprint: '', occurredAt, payload };
      const result = await first.accept(projectId, entry);
      await stage.settled();
      return result;
    },

    /** Calls a webhook of the connection as the provider would, signed unless a signature is given. */
    async call(
      fields: Record<string, string>,
      more: { url?: string; query?: string; signature?: string } = {},
    ) {
      const url = `${more.url ?? inboundUrl}${more.query ?? ''}`;
      const form = new URLSearchParams(fields);
      const signature = more.signature ?? signTwilioForm(credentials.authToken, url, form);
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': signature,
        },
        body: form.toString(),
      });
      return { status: response.status, body: await response.text() };
    },
  };
  await stage.goTo(options.at ?? '14:00');
  return stage;
}

export type Stage = Awaited<ReturnType<typeof setStage>>;

let phonesTaken = 0;

/** A New York phone that nobody else in the file has. */
export function newPhone(): string {
  return `+1212555${String(2_000 + phonesTaken++)}`;
}
