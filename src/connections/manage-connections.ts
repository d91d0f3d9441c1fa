import { sql } from 'kysely';
import { z } from 'zod';
import { transaction, type Db, type Tx } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';
import { UserError } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import type { Sealer } from '#lib/seal.ts';
import { buildClients, type ClientSources, type Clients } from './build-clients.ts';
import type { Connection } from './connections.ts';
import { domainNow } from './domain-now.ts';
import { moveConnectionGates } from './move-gates.ts';
import { findConnectionRow, listConnectionRows, type ConnectionRow } from './read-connections.ts';
import { questionOf } from './test-connection.ts';

/** A connection as people see it: no secret, only the names of those that are set. */
export interface ConnectionView {
  id: string;
  connector: string;
  label: string;
  isLive: boolean;
  state: Connection['state'];
  settings: Record<string, unknown>;
  secretsSet: string[];
  senders: { kind: string; value: string }[];
  optOutHandling: 'provider' | 'segue' | null;
  /** Its owner can sign in at the provider. */
  canSignIn: boolean;
  /** Segue can enter the words that lift the provider's block (R98). */
  takesOptInWords: boolean;
  /** What ends unless it is renewed; `isEnding`: it should have been by now. */
  credential: { issuedAt: Date; endsAt: Date; isEnding: boolean } | null;
  projectIds: string[];
  lastSuccessAt: Date | null;
  lastWebhookAt: Date | null;
  /** Whether the provider can be asked something that changes nothing. */
  canBeTested: boolean;
  lastError: string | null;
}

export interface ConnectionManager {
  /** Stores a new connection. 422 when the settings do not fit; lent to nobody yet. */
  createConnection(input: {
    accountId: string;
    connector: string;
    label: string;
    isLive: boolean;
    settings: unknown;
  }): Promise<ConnectionView>;
  /** Settings replace the old ones but for secrets that are left out: those stay. Repeating is harmless. */
  updateConnection(
    accountId: string,
    connectionId: string,
    change: { label?: string; settings?: unknown },
  ): Promise<ConnectionView>;
  /** Nothing uses it from now on; what is stored stays. `enable` takes it back. */
  disableConnection(accountId: string, connectionId: string): Promise<ConnectionView>;
  enableConnection(accountId: string, connectionId: string): Promise<ConnectionView>;
  /** R117, R104: only to a project of the same account, test to test and live to live. Idempotent. */
  lendConnection(accountId: string, connectionId: string, projectId: string): Promise<ConnectionView>;
  takeBackConnection(accountId: string, connectionId: string, projectId: string): Promise<ConnectionView>;
  /** What signing in gave is deleted, and the connection waits for somebody to sign in. Repeating is harmless. */
  forgetAccount(accountId: string, connectionId: string): Promise<void>;
  getConnection(accountId: string, connectionId: string): Promise<ConnectionView>;
  /** Newest first; with a project: those lent to it. */
  listConnections(accountId: string, projectId?: string): Promise<ConnectionView[]>;
  /** Settings with their secrets, of a test connection only: how a sandbox signs webhooks by hand. */
  revealTestSettings(accountId: string, connectionId: string): Promise<Record<string, unknown>>;
}

interface ManagerDeps extends ClientSources {
  db: Db;
  clocks: DomainClock;
  sealer: Sealer;
}

type Settings = Record<string, unknown>;

export function manageConnections(deps: ManagerDeps, reload: () => Promise<void>): ConnectionManager {
  const { db, sealer, servers } = deps;

  // We sealed an object.
  const open = (row: ConnectionRow) => JSON.parse(sealer.unseal(row.settings)) as Settings;

  function view(row: ConnectionRow): ConnectionView {
    const settings = open(row);
    const secrets = new Set(servers[row.connector]?.definition.secretSettings);
    const clients = clientsOf(deps, row.connector, row.isLive, settings);
    return {
      id: row.id,
      connector: row.connector,
      label: row.label,
      isLive: row.isLive,
      state: row.state,
      settings: Object.fromEntries(Object.entries(settings).filter(([name]) => !secrets.has(name))),
      secretsSet: Object.keys(settings).filter((name) => secrets.has(name)),
      senders: sendersOf(clients),
      optOutHandling: clients?.sms?.optOutHandling ?? null,
      canSignIn: clients?.login != null,
      takesOptInWords: clients?.sms?.enterOptInWords !== undefined,
      credential: credentialOf(clients, domainNow(deps.clocks, row.projectIds)),
      projectIds: row.projectIds,
      lastSuccessAt: row.lastSuccessAt,
      lastWebhookAt: row.lastWebhookAt,
      canBeTested: clients !== null && questionOf(clients) !== null,
      lastError: row.lastError,
    };
  }

  async function get(accountId: string, connectionId: string): Promise<ConnectionRow> {
    const row = await findConnectionRow(db, accountId, connectionId);
    if (row === undefined) throw new UserError(404, 'not_found', 'There is no such connection.');
    return row;
  }

  async function changed(accountId: string, connectionId: string): Promise<ConnectionView> {
    await reload();
    return view(await get(accountId, connectionId));
  }

  async function setState(accountId: string, connectionId: string, state: Connection['state']) {
    await get(accountId, connectionId);
    await transaction(db, async (tx) => {
      await sql`update connection set state = ${state} where id = ${connectionId}`.execute(tx);
      await moveConnectionGates(tx, connectionId);
    });
    return changed(accountId, connectionId);
  }

  return {
    async createConnection({ accountId, connector, label, isLive, settings: given }) {
      const settings = checkSettings(deps, connector, given);
      const id = newId();
      const clients = clientsOf(deps, connector, isLive, settings);
      await transaction(db, async (tx) => {
        await sql`
          insert into connection (id, account_id, connector, label, is_live, settings, state)
          values (${id}, ${accountId}, ${connector}, ${checkLabel(label)}, ${isLive},
                  ${sealer.seal(JSON.stringify(settings))}, ${stateOf(clients)})`.execute(tx);
        await writeSenders(tx, id, sendersOf(clients));
      });
      return changed(accountId, id);
    },

    async updateConnection(accountId, connectionId, change) {
      const row = await get(accountId, connectionId);
      const before = open(row);
      const settings =
        change.settings === undefined
          ? before
          : checkSettings(deps, row.connector, withSecrets(deps, row.connector, before, change.settings));
      const clients = clientsOf(deps, row.connector, row.isLive, settings);
      await transaction(db, async (tx) => {
        await sql`
          update connection set label = ${checkLabel(change.label ?? row.label)},
                 settings = ${sealer.seal(JSON.stringify(settings))},
                 state = case when state = 'disabled' then state else ${stateOf(clients)} end
           where id = ${connectionId}`.execute(tx);
        await writeSenders(tx, connectionId, sendersOf(clients));
        await moveConnectionGates(tx, connectionId);
      });
      return changed(accountId, connectionId);
    },

    disableConnection: (accountId, connectionId) => setState(accountId, connectionId, 'disabled'),
    enableConnection: (accountId, connectionId) => setState(accountId, connectionId, 'ready'),

    async lendConnection(accountId, connectionId, projectId) {
      const row = await get(accountId, connectionId);
      await checkBorrower(db, accountId, row, projectId);
      await transaction(db, async (tx) => {
        await sql`
          insert into loan (project_id, connection_id) values (${projectId}, ${connectionId})
          on conflict do nothing`.execute(tx);
        await moveConnectionGates(tx, connectionId);
      });
      return changed(accountId, connectionId);
    },

    async takeBackConnection(accountId, connectionId, projectId) {
      await get(accountId, connectionId);
      await transaction(db, async (tx) => {
        await moveConnectionGates(tx, connectionId);
        await sql`
          delete from loan where project_id = ${projectId} and connection_id = ${connectionId}`.execute(tx);
      });
      return changed(accountId, connectionId);
    },

    async forgetAccount(accountId, connectionId) {
      const row = await get(accountId, connectionId);
      const gone = new Set(servers[row.connector]?.definition.accountSettings);
      const kept = Object.fromEntries(Object.entries(open(row)).filter(([name]) => !gone.has(name)));
      const settings = checkSettings(deps, row.connector, kept);
      const clients = clientsOf(deps, row.connector, row.isLive, settings);
      await transaction(db, async (tx) => {
        await sql`
          update connection set settings = ${sealer.seal(JSON.stringify(settings))}, last_error = ${forgotten},
                 state = case when state = 'disabled' then state else ${stateOf(clients)} end
           where id = ${connectionId}`.execute(tx);
        await writeSenders(tx, connectionId, sendersOf(clients));
        await moveConnectionGates(tx, connectionId);
      });
      await reload();
    },

    getConnection: async (accountId, connectionId) => view(await get(accountId, connectionId)),
    listConnections: async (accountId, projectId) =>
      (await listConnectionRows(db, accountId, projectId ?? null)).map(view),

    async revealTestSettings(accountId, connectionId) {
      const row = await get(accountId, connectionId);
      if (row.isLive) throw new UserError(404, 'not_found', 'There is no such connection.');
      return open(row);
    },
  };
}

const forgotten =
  'The account removed the app, or asked for its data to be deleted: what signing in gave is gone.';

/** An account that nobody has signed in to yet can do nothing. */
function stateOf(clients: Clients | null): Connection['state'] {
  return clients?.social != null && clients.social.account === null ? 'needs_reconnect' : 'ready';
}

function credentialOf(clients: Clients | null, now: Date): ConnectionView['credential'] {
  if (clients?.renewal == null) return null;
  const { issuedAt, endsAt, warnFrom } = clients.renewal;
  return { issuedAt, endsAt, isEnding: now >= warnFrom };
}

/** Null where the connector is gone or, for a stored connection, no longer takes its settings. */
function clientsOf(
  sources: ClientSources,
  connector: string,
  isLive: boolean,
  settings: Settings,
): Clients | null {
  // Senders are read from the settings; where calls would go does not matter for that.
  const anywhere = { ...sources, baseUrls: () => 'http://127.0.0.1:9' };
  try {
    return buildClients(anywhere, { id: '', connector, isLive, settings }, () => new Date());
  } catch {
    return null;
  }
}

function sendersOf(clients: Clients | null): { kind: string; value: string }[] {
  const address = clients?.email?.sender.address;
  const account = clients?.social?.account;
  return [
    ...(clients?.sms?.senders ?? []).map(({ kind, value }) => ({ kind, value })),
    ...(address === undefined ? [] : [{ kind: 'email', value: address }]),
    ...(account == null ? [] : [{ kind: 'account', value: account.name ?? account.id }]),
  ];
}

async function writeSenders(tx: Tx, connectionId: string, senders: { kind: string; value: string }[]) {
  await sql`delete from sender where connection_id = ${connectionId}`.execute(tx);
  await sql`
    insert into sender (connection_id, kind, value)
    select ${connectionId}, kind, value
      from json_to_recordset(${JSON.stringify(senders)}::json) as s(kind text, value text)
    on conflict do nothing`.execute(tx);
}

/** What the connector's schema makes of it; 422 that names each setting, never its value. */
function checkSettings({ servers }: ClientSources, connector: string, given: unknown): Settings {
  const definition = servers[connector]?.definition;
  if (definition === undefined) {
    throw invalid([{ path: 'connector', code: 'unknown', message: 'There is no such connector.' }]);
  }
  const parsed = definition.settings.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalid(
    parsed.error.issues.map(({ path, code, message }) => ({
      path: ['settings', ...path].join('.'),
      code,
      message,
    })),
  );
}

function withSecrets(
  { servers }: ClientSources,
  connector: string,
  before: Settings,
  given: unknown,
): unknown {
  const change = z.record(z.string(), z.unknown()).safeParse(given);
  if (!change.success) return given;
  const secrets = servers[connector]?.definition.secretSettings ?? [];
  const kept = secrets.filter((name) => change.data[name] === undefined && before[name] !== undefined);
  return { ...change.data, ...Object.fromEntries(kept.map((name) => [name, before[name]])) };
}

function checkLabel(label: string): string {
  const trimmed = label.trim();
  if (trimmed !== '' && trimmed.length <= 100) return trimmed;
  throw invalid([{ path: 'label', code: 'invalid', message: 'A label has 1 to 100 characters.' }]);
}

async function checkBorrower(db: Db, accountId: string, row: ConnectionRow, projectId: string) {
  const { rows } = await sql<{ is_live: boolean }>`
    select is_live from project where id = ${projectId} and account_id = ${accountId}`.execute(db);
  const project = rows[0];
  if (project === undefined) {
    throw invalid([{ path: 'projectId', code: 'not_found', message: 'There is no such project.' }]);
  }
  if (project.is_live === row.isLive) return;
  const message = row.isLive
    ? 'A live connection is lent to live projects only.'
    : 'A test connection is lent to test projects only.';
  throw new UserError(422, 'invalid', message, {
    errors: [{ path: 'projectId', code: 'test_and_live', message }],
    rule: 'R104',
  });
}

function invalid(errors: { path: string; code: string; message: string }[]): UserError {
  return new UserError(422, 'invalid', errors.map((one) => one.message).join(' '), { errors });
}
