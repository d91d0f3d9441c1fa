import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { rollUp } from '#engine/rollups.ts';
import type { Sealer } from '#lib/seal.ts';
import { copyRows, type Row } from './copy.ts';

/** How much of everything; at scale 1: 1,000,000 fans, 5,000,000 runs, 20,000,000 outcomes. */
export interface Size {
  fans: number;
  runs: number;
}

export function sizeOf(scale: number): Size {
  return { fans: Math.round(1_000_000 * scale), runs: Math.round(5_000_000 * scale) };
}

export interface Setting {
  projectId: string;
  connectionId: string;
  flows: { id: string; versionId: string }[];
  releaseIds: string[];
  artistId: string;
  segmentIds: string[];
}

const dayMs = 24 * 60 * 60_000;
/** The past that the seeded project has. */
export const pastDays = 42;

const first = [
  'Maya',
  'Jonas',
  'Ada',
  'Lea',
  'Noor',
  'Luis',
  'Ines',
  'Tom',
  'Yuki',
  'Sara',
  'Omar',
  'Eva',
  'Max',
  'Zoe',
];
const last = [
  'Lind',
  'Okafor',
  'Reyes',
  'Vale',
  'Moreau',
  'Novak',
  'Schmidt',
  'Tanaka',
  'Costa',
  'Berg',
  'Diaz',
];
/** Of the example flow. */
const positions = 4;
export const service = 'spotify';

/** Every run has four outcomes: those of the example flow, of each status somewhere. */
const outcomes: readonly (readonly [status: string, reason: string | null])[] = [
  ['done', null],
  ['done', 'scheduled'],
  ['done', 'verified'],
  ['done', 'already'],
  ['deferred', 'not_connected'],
  ['deferred', 'grant_dead'],
  ['skipped', 'no_consent'],
  ['skipped', 'cap'],
  ['held', 'quiet_hours'],
  ['failed', 'undeliverable'],
  ['failed', 'refused'],
  ['unknown', 'maybe_done'],
];
const shares = [0.5, 0.62, 0.7, 0.76, 0.86, 0.88, 0.93, 0.95, 0.955, 0.98, 0.9995, 1];

/** The same numbers every time. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** A UUIDv7 of a moment; `kind` and `n` make it one of its own. */
function idAt(ms: number, kind: number, n: number): string {
  const time = Math.floor(ms).toString(16).padStart(12, '0');
  const tail = n.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${kind.toString(16).padStart(3, '0')}-8000-${tail}`;
}

/** Writes a project's past by COPY, then the daily counts as the sweep would have. */
export async function writeHistory(
  url: string,
  db: Db,
  sealer: Sealer,
  setting: Setting,
  { fans, runs }: Size,
): Promise<void> {
  const now = Date.now();
  const start = now - pastDays * dayMs;
  const fanAt = (n: number) => start + (n / fans) * pastDays * dayMs * 0.98;
  const fan = (n: number) => idAt(fanAt(n), 1, n);
  const write = { url, setting, fans, runs, now, start, fan, fanAt };
  await writeFans(write);
  await writeLinks(write);
  await writeRuns(write);
  await writeMessages(write, sealer.seal(JSON.stringify({ body: 'Luna Vale: tap to pre-save Nightglass' })));
  await sql`vacuum analyze`.execute(db);
  await rollUp(db, new Date(now), dayMs);
}

interface Writing {
  url: string;
  setting: Setting;
  fans: number;
  runs: number;
  now: number;
  start: number;
  fan: (n: number) => string;
  fanAt: (n: number) => number;
}

/** A row for each number below `count`, or none where it gives null; made as they are asked for. */
function* rowsOf(count: number, row: (n: number) => Row | null): Generator<Row> {
  for (let n = 0; n < count; n++) {
    const made = row(n);
    if (made !== null) yield made;
  }
}
const phone = (n: number) => `+1${2_120_000_000 + n * 7}`;

async function writeFans(writing: Writing) {
  const { url, setting, fans, fan, fanAt } = writing;
  const { projectId, flows, segmentIds } = setting;
  const at = (n: number) => new Date(fanAt(n));
  const name = (n: number) =>
    n % 3 === 0 ? null : `${first[n % first.length]} ${last[(n * 31) % last.length]}`;
  await copyRows(
    url,
    'fan',
    'project_id, id, name, country, created_at',
    rowsOf(fans, (n) => [projectId, fan(n), name(n), 'US', at(n)]),
  );
  const addresses = 'project_id, channel, value, fan_id, created_at';
  const numbers = rowsOf(fans, (n) => [projectId, 'sms', phone(n), fan(n), at(n)]);
  await copyRows(url, 'address', addresses, numbers);
  const emails = rowsOf(fans, (n) =>
    n % 4 === 0 ? [projectId, 'email', `fan${n}@example.com`, fan(n), at(n)] : null,
  );
  await copyRows(url, 'address', addresses, emails);
  const words = 'I agree to recurring automated texts.';
  const source = { flowId: flows[0]?.id };
  await copyRows(
    url,
    'consent',
    `project_id, id, fan_id, channel, address, text, text_version,
       method, source, per_month, granted_at, active_at`,
    rowsOf(fans, (n) => {
      if (n % 10 >= 7) return null;
      const proof = [words, 'v1', 'keyword', source, 5, at(n), at(n)];
      return [projectId, idAt(fanAt(n), 2, n), fan(n), 'sms', phone(n), ...proof];
    }),
  );
  for (const [index, id] of segmentIds.entries()) {
    const members = rowsOf(fans, (n) => (n % (index + 2) === 0 ? [projectId, id, fan(n), at(n)] : null));
    await copyRows(url, 'segment_member', 'project_id, segment_id, fan_id, added_at', members);
  }
}

/** Two fans of five have linked a service. */
async function writeLinks({ url, setting, fans, fan, fanAt, now }: Writing) {
  const { projectId, connectionId, releaseIds, artistId } = setting;
  const ofLinked = (row: (n: number) => Row | null) => rowsOf(fans, (n) => (n % 5 < 2 ? row(n) : null));
  const at = (n: number) => new Date(fanAt(n));
  await copyRows(
    url,
    'streaming_grant',
    `project_id, fan_id, service, connection_id, provider_account, scopes,
       state, authorised_at, dies_at, proven_at`,
    ofLinked((n) => {
      const diesAt = new Date(now + ((n % 180) - 5) * dayMs);
      const state = n % 50 === 0 ? 'expired' : 'live';
      return [projectId, fan(n), service, connectionId, `user${n}`, '{}', state, at(n), diesAt, at(n)];
    }),
  );
  const states = ['scheduled', 'scheduled', 'scheduled', 'verified', 'already', 'failed'];
  for (const [index, id] of releaseIds.entries()) {
    await copyRows(
      url,
      'save',
      'project_id, fan_id, release_id, service, state, created_at',
      ofLinked((n) =>
        n % (index + 1) === 0
          ? [projectId, fan(n), id, service, states[(n + index) % states.length] ?? '', at(n)]
          : null,
      ),
    );
  }
  await copyRows(
    url,
    'followed',
    'project_id, fan_id, artist_id, service, at',
    ofLinked((n) => [projectId, fan(n), artistId, service, at(n)]),
  );
}

interface Run {
  n: number;
  ms: number;
  fanId: string;
  runId: string;
  eventId: string;
}

/** When a run began, and whose it was: fans come all along, so older ones have more. */
function createRuns({ fans, runs, start, now, fan }: Writing): (n: number) => Run {
  const random = createRandom(7);
  return (n) => {
    const ms = start + (n / runs) * (now - start - 60_000);
    const known = Math.max(1, Math.floor((n / runs) * fans));
    const fanId = fan(Math.floor(random() * known));
    return { n, ms, fanId, runId: idAt(ms, 4, n), eventId: idAt(ms, 3, n) };
  };
}

async function writeRuns(writing: Writing) {
  const { url, setting, runs } = writing;
  const { projectId, flows, connectionId } = setting;
  const flowOf = (n: number) => flows[n % flows.length];
  const subject = { keyword: 'PRESAVE', text: 'Presave' };
  const eventOf = createRuns(writing);
  await copyRows(
    url,
    'event',
    `project_id, id, type, fan_id, source, key,
       fingerprint, subject, result, occurred_at, accepted_at`,
    rowsOf(runs, (at) => {
      const { ms, n, fanId, runId, eventId } = eventOf(at);
      const result = { runs: [runId], ignored: [] };
      const when = [new Date(ms), new Date(ms)];
      return [projectId, eventId, 'sms.keyword', fanId, connectionId, `SM${n}`, '', subject, result, ...when];
    }),
  );
  const runOf = createRuns(writing);
  await copyRows(
    url,
    'run',
    'project_id, id, flow_id, flow_version_id, fan_id, event_id, state, started_at, ended_at',
    rowsOf(runs, (at) => {
      const { ms, n, fanId, runId, eventId } = runOf(at);
      const { id = '', versionId = '' } = flowOf(n) ?? {};
      const state = n % 200 === 0 ? 'cancelled' : 'ended';
      return [projectId, runId, id, versionId, fanId, eventId, state, new Date(ms), new Date(ms + 2_000)];
    }),
  );
  await writeOutcomes(writing);
}

async function writeOutcomes(writing: Writing) {
  const { url, setting, runs, start, now } = writing;
  const random = createRandom(11);
  await copyRows(
    url,
    'outcome',
    'project_id, run_id, position, service, status, reason, attempts, credits, started_at, ended_at',
    rowsOf(runs * positions, (at) => {
      const n = Math.floor(at / positions);
      const ms = start + (n / runs) * (now - start - 60_000);
      const position = (at % positions) + 1;
      const chance = random();
      const [status, reason] = outcomes[shares.findIndex((share) => chance < share)] ?? ['done', null];
      const credits = position === positions && status === 'done' ? 1 : 0;
      const what = [position, position < 3 ? service : '', status, reason, 1, credits];
      return [setting.projectId, idAt(ms, 4, n), ...what, new Date(ms), new Date(ms + 1_000)];
    }),
  );
}

/** Three runs of five sent a text; one text of twenty-five matched nothing. */
async function writeMessages(writing: Writing, payload: Buffer) {
  const { url, setting, runs, fans, start, now } = writing;
  const { projectId } = setting;
  const ofSent = (row: (run: Run) => Row) => {
    const runOf = createRuns(writing);
    return rowsOf(runs, (at) => {
      const run = runOf(at);
      return run.n % 5 < 3 ? row(run) : null;
    });
  };
  await copyRows(
    url,
    'message',
    'project_id, id, fan_id, channel, address, sender, class, parts, has_opt_out_wording, sent_at',
    ofSent(({ n, ms, fanId }) => {
      const what = ['sms', '+12125550100', '+16195550100', 'reply', 1, false];
      return [projectId, idAt(ms, 5, n), fanId, ...what, new Date(ms)];
    }),
  );
  await copyRows(
    url,
    'intent',
    'project_id, id, work_id, fan_id, effect, key, payload, state, sent_at',
    ofSent(({ n, ms, fanId, runId }) => {
      const state = n % 10_000 === 0 ? 'unknown' : 'done';
      return [projectId, idAt(ms, 5, n), runId, fanId, 'sms.send', `k${n}`, payload, state, new Date(ms)];
    }),
  );
  const texts = Math.ceil(runs / 25);
  await copyRows(
    url,
    'inbox_message',
    `project_id, id, fan_id, channel, from_address, to_address,
       body, reason, received_at, done_at, read_at`,
    rowsOf(texts, (n) => {
      const at = new Date(start + (n / texts) * (now - start));
      const done = n % 3 === 0 ? null : at;
      const whose = [writing.fan(n % fans), 'sms', phone(n % fans), '+16195550100'];
      const reason = n % 997 === 0 ? 'doubt' : 'unmatched';
      const body = `when is the next show? ${n}`;
      return [projectId, idAt(at.getTime(), 6, n), ...whose, body, reason, at, done, done];
    }),
  );
}
