import { sql } from 'kysely';
import { afterAll } from 'vitest';
import { createAccount, createApiKey, createProject } from '#accounts/create.ts';
import { createProjectFacts } from '#accounts/project-facts.ts';
import { createAuthenticator } from '#people/authenticate.ts';
import { createAuth } from '#people/better-auth.ts';
import { addPerson as addPersonTo } from '#people/testing.ts';
import type { Role } from '#accounts/roles.ts';
import { projectHeader } from './identify.ts';
import { createConnections } from '#connections/create-connections.ts';
import { connectorServers } from '#connectors/server.ts';
import { addItems } from '#engine/add-items.ts';
import { cancelItems } from '#engine/cancel.ts';
import type { Admission, Entry, Ports } from '#engine/contract.ts';
import { waitForWorkers } from '#engine/control.ts';
import { hasNextPartitions } from '#engine/partitions.ts';
import { systemClock } from '#lib/clock.ts';
import type { Scope } from '#lib/endpoint.ts';
import { createReadTxt } from '#lib/dns.ts';
import { createHttp } from '#lib/http.ts';
import { newId } from '#lib/ids.ts';
import { createLog } from '#lib/log.ts';
import { loadNumberPlaces } from '#messages/quiet-hours/zones.ts';
import { createEmailSenders } from '#messages/email/email-senders.ts';
import { createSenderDesk } from '#messages/email/sender-desk.ts';
import { createSealer } from '#lib/seal.ts';
import { readApiEvent } from '#runs/api-event.ts';
import { RunFeed } from '#runs/run-feed.ts';
import { createTargets } from '#webhooks/target.ts';
import { createTestDatabase } from '../../test/db.ts';
import { startEngine, testPorts, testTiming } from '../../test/engine/rig.ts';
import { createApi } from './api.ts';
import { createMetrics } from './metrics.ts';

/** Any answer: tests look at what they expect and fail where it is not. */
// oxlint-disable-next-line typescript/no-explicit-any -- an answer's fields are what the test is about
export type TestBody = Record<string, any>;

/** The whole API over a real database and a real engine, whose steps are done at once. */
export async function startApi(
  overrides: {
    accept?: () => Promise<never>;
    heldSteps?: readonly string[];
    /** Name servers that senders' domains are looked up at; absent: nobody answers. */
    nameServers?: readonly string[];
  } = {},
) {
  const database = await createTestDatabase();
  const metrics = createMetrics();
  const http = createHttp();
  const rig = await startEngine(database.url, (db) => portsOf(db, overrides.heldSteps ?? []), { metrics });
  afterAll(async () => {
    await rig.close();
    await http.close();
  });
  const { db, engine, clocks } = rig;
  const log = createLog({ level: 'silent' });
  const sealer = createSealer([Buffer.alloc(32, 7)]);
  const connections = createConnections({
    db,
    http,
    sealer,
    clocks,
    baseUrls: () => 'http://127.0.0.1:9/fake',
    servers: connectorServers,
    log,
  });
  const readiness = { isMigrated: true };
  const runFeed = new RunFeed({ db, everyMs: 50 });
  const auth = createAuth({ db, secretKeys: [Buffer.alloc(32, 7)], publicUrl: 'http://127.0.0.1:3000' });
  const app = createApi({
    db,
    auth,
    authenticator: createAuthenticator(db, auth),
    projects: createProjectFacts(db),
    locate: await loadNumberPlaces(),
    runFeed,
    log,
    clock: clocks,
    wall: systemClock,
    engine: {
      accept: overrides.accept ?? ((projectId, entry) => engine.accept(projectId, entry)),
      addItems,
      cancelItems,
      waitForWorkers: () => waitForWorkers(db, testTiming),
    },
    connections,
    senderDesk: createSenderDesk({
      db,
      connections,
      senders: createEmailSenders(db),
      readTxt: createReadTxt(overrides.nameServers ?? ['127.0.0.1:9']),
      clock: clocks,
      wall: systemClock,
      log,
    }),
    connectors: Object.values(connectorServers),
    sealer,
    connectUrls: (_, ids) => Promise.resolve(new Map(ids.map((id) => [id, `http://segue.test/c/${id}`]))),
    publicUrl: () => 'http://127.0.0.1:3000',
    shortUrl: () => 'http://127.0.0.1:3000',
    readiness: {
      isMigrated: () => Promise.resolve(readiness.isMigrated),
      hasNextPartitions: () => hasNextPartitions(db, new Date()),
      isAlive: () => engine.isAlive,
    },
    metrics,
    targets: createTargets(new Set(['127.0.0.1'])),
  });

  return {
    ...rig,
    app,
    auth,
    runFeed,
    metrics,
    readiness,
    connections,
    sealer,
    addProject,
    addPerson,
    call: callAs,
  };

  async function addProject(
    options: { plan?: string; scopes?: Scope[]; accountId?: string; isLive?: boolean } = {},
  ) {
    const { plan, scopes, isLive = false } = options;
    const accountId =
      options.accountId ?? (await createAccount(db, { name: 'Luna', ...(plan && { plan }) })).accountId;
    const { projectId } = await createProject(db, { accountId, name: 'Luna Vale', isLive });
    const { key, keyId } = await createApiKey(db, { projectId, name: 'test', ...(scopes && { scopes }) });
    return { projectId, accountId, key, keyId, ...callsOf(key) };
  }

  /** Somebody who signed in, with a role in the project's account. */
  async function addPerson(project: { accountId: string; projectId: string }, role: Role) {
    const person = await addPersonTo({ db, auth }, { accountId: project.accountId, role });
    const { cookie } = person;
    return { ...person, ...callsOf({ cookie, [projectHeader]: project.projectId }) };
  }

  function callsOf(who: string | Record<string, string>) {
    return {
      get: (path: string) => callAs(who, 'GET', path),
      post: (path: string, body?: unknown) => callAs(who, 'POST', path, body),
      put: (path: string, body?: unknown) => callAs(who, 'PUT', path, body),
      del: (path: string) => callAs(who, 'DELETE', path),
      call: (method: string, path: string, body?: unknown) => callAs(who, method, path, body),
    };
  }

  /** `who`: an API key, or the headers of a session. */
  async function callAs(
    who: string | Record<string, string> | null,
    method: string,
    path: string,
    body?: unknown,
  ) {
    const response = await app.request(`/api/v1${path}`, {
      method,
      headers: typeof who === 'string' ? { authorization: `Bearer ${who}` } : (who ?? {}),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = (text === '' ? {} : JSON.parse(text)) as TestBody;
    return { status: response.status, headers: response.headers, body: json };
  }
}

export type TestApi = Awaited<ReturnType<typeof startApi>>;
export type TestProject = Awaited<ReturnType<TestApi['addProject']>>;

type Db = Parameters<Parameters<typeof startEngine>[1]>[0];

/** Every active flow is matched; a step is done, or held where its id is among `heldSteps`. */
function portsOf(db: Db, heldSteps: readonly string[]): Ports {
  const base = testPorts(
    {
      steps: [],
      flowId: newId(),
      versionId: newId(),
      effects: {},
      evaluate: () => [],
      admit: async (tx, projectId, entries) => {
        const { rows } = await sql<{ flowId: string; flowVersionId: string }>`
          select f.id as "flowId", v.id as "flowVersionId" from flow f
            join flow_version v on v.project_id = f.project_id and v.flow_id = f.id and v.version = f.active_version
           where f.project_id = ${projectId} and f.state = 'active'`.execute(tx);
        const candidates = rows.map((row) => ({
          ...row,
          reentry: { policy: 'always' as const },
          priority: 2,
          data: {},
        }));
        return Promise.all(
          entries.map(async ({ entry }): Promise<Admission> => {
            const { type, subject } = readApiEvent(entry);
            return { fanId: await fanOf(tx, projectId, entry), type, subject, candidates };
          }),
        );
      },
    },
    db,
  );
  return {
    ...base,
    async plan(projectId, versionId) {
      const steps = await stepsOf(db, projectId, versionId);
      return { steps: steps.map((step) => ({ step, stopOnFailure: false })) };
    },
    async evaluate(view) {
      const steps = await stepsOf(db, view.projectId, view.flowVersionId ?? '');
      const isHeld = heldSteps.includes(steps[view.position - 1] ?? '');
      const until = new Date(view.now.getTime() + 3_600_000);
      return [
        {
          service: '',
          gates: [],
          verdict: isHeld ? { kind: 'hold', reason: 'quiet_hours', until } : { kind: 'done' },
        },
      ];
    },
  };
}

async function stepsOf(db: Db, projectId: string, versionId: string): Promise<string[]> {
  const { rows } = await sql<{ steps: { step: string }[] }>`
    select steps from flow_version where project_id = ${projectId} and id = ${versionId}`.execute(db);
  return rows[0]?.steps.map(({ step }) => step) ?? [];
}

async function fanOf(tx: Parameters<Ports['admit']>[0], projectId: string, entry: Entry): Promise<string> {
  const { fan } = readApiEvent(entry);
  if (fan.id !== undefined) return fan.id;
  const value = fan.phone ?? '';
  const fanId = newId();
  await sql`insert into address (project_id, channel, value, fan_id, created_at)
            values (${projectId}, 'sms', ${value}, ${fanId}, now()) on conflict do nothing`.execute(tx);
  const { rows } = await sql<{ fan_id: string }>`
    select fan_id from address where project_id = ${projectId} and channel = 'sms' and value = ${value}`.execute(
    tx,
  );
  const found = rows[0]?.fan_id ?? fanId;
  await sql`insert into fan (project_id, id, created_at) values (${projectId}, ${found}, now())
            on conflict do nothing`.execute(tx);
  return found;
}

/** A number, ready to send and receive, lent to the project. */
export async function addNumber(
  api: TestApi,
  project: { accountId: string; projectId: string },
  number = '+16195550100',
) {
  const { id } = await api.connections.createConnection({
    accountId: project.accountId,
    connector: 'twilio',
    label: 'Number',
    isLive: false,
    settings: {
      accountSid: `AC${'0'.repeat(32)}`,
      authToken: 'f'.repeat(32),
      numbers: [{ number, type: 'long-code' }],
    },
  });
  await api.connections.lendConnection(project.accountId, id, project.projectId);
  return id;
}

/** What came back, smallest status first: of a race only the numbers are certain. */
export function statusesOf(answers: readonly { status: number }[]): number[] {
  return answers.map((answer) => answer.status).toSorted((a, b) => a - b);
}
