import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { systemClock } from '#lib/clock.ts';
import { createLog } from '#lib/log.ts';
import { startApi, type TestBody, type TestProject } from '#http/testing.ts';
import { newId } from '#lib/ids.ts';
import { collectDeliveries } from './collect.ts';
import { takeDue, tell } from './deliver.ts';
import { pumpOnce, startWebhookPump } from './pump.ts';
import { webhookHeaders } from './secrets.ts';
import { retrySeconds, settle } from './settle.ts';
import { createTargets } from './target.ts';
import { isSignedBy, startReceiver } from './testing.ts';

const api = await startApi();
const targets = createTargets(new Set(['127.0.0.1']));
const deps = { db: api.db, sealer: api.sealer, targets, now: () => systemClock.now() };
const pump = () => pumpOnce(deps);

async function addEndpoint(project: TestProject, url: string, types?: string[]): Promise<TestBody> {
  const { status, body } = await project.post('/webhook-endpoints', { url, ...(types && { types }) });
  expect(status).toBe(201);
  return body;
}

async function text(project: TestProject, keyword = 'PRESAVE', phone = '+16195550101'): Promise<string> {
  const { status, body } = await project.post('/events', {
    type: 'sms.keyword',
    fan: { phone },
    subject: { keyword },
    idempotencyKey: newId(),
  });
  expect(status).toBe(202);
  return String(body['eventId']);
}

/** Deliveries are due in so many seconds; then, at once. */
async function skipTime(): Promise<void> {
  await sql`update webhook_delivery set due_at = now() where state = 'open'`.execute(api.db);
  await sql`update webhook_endpoint set resting_until = null`.execute(api.db);
}

const deliveryOf = async (project: TestProject, endpoint: TestBody, eventId: string) =>
  (await project.get(`/webhook-endpoints/${endpoint['id']}/deliveries/${eventId}`)).body;

test('R91 an event reaches the endpoint that asked for its type, signed, with the fan it is about', async () => {
  const project = await api.addProject();
  const receiver = await startReceiver();
  const endpoint = await addEndpoint(project, receiver.url, ['sms.keyword']);
  const deaf = await addEndpoint(project, receiver.url, ['artist.followed']);
  const eventId = await text(project);
  await pump();
  const [webhook, ...more] = receiver.received;
  expect(more).toEqual([]);
  if (webhook === undefined) throw new Error('nothing came');
  expect(webhook.headers['webhook-id']).toBe(eventId);
  expect(isSignedBy(endpoint['secret'], webhook)).toBe(true);
  expect(isSignedBy(deaf['secret'], webhook)).toBe(false);
  expect(JSON.parse(webhook.body)).toMatchObject({
    type: 'sms.keyword',
    data: {
      eventId,
      projectId: project.projectId,
      fan: { phone: '+16195550101' },
      subject: { keyword: 'PRESAVE' },
    },
  });
  expect(await deliveryOf(project, endpoint, eventId)).toMatchObject({
    state: 'delivered',
    nextAt: null,
    attempts: [{ status: 204, error: null }],
    body: webhook.body,
  });
  // Read again, told once.
  await sql`update webhook_cursor set read_to = now() - interval '1 hour'`.execute(api.db);
  await pump();
  expect(receiver.received).toHaveLength(1);
});

test('R91 what we send carries the signature of the specification’s own example', () => {
  const body = '{"test": 2432232314}';
  const at = new Date(1_614_265_330_000);
  const headers = webhookHeaders(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    body,
    at,
  });
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('R91 what was not taken is tried again over three days under the same id, and its end says so', async () => {
  const project = await api.addProject();
  const receiver = await startReceiver();
  receiver.answer({ status: 500, body: 'out of order' });
  const endpoint = await addEndpoint(project, receiver.url);
  const eventId = await text(project);
  await pump();
  const open = await deliveryOf(project, endpoint, eventId);
  expect(open).toMatchObject({ state: 'open', attempts: [{ status: 500, answer: 'out of order' }] });
  const seconds = (Date.parse(open['nextAt']) - Date.now()) / 1000;
  expect(seconds).toBeGreaterThan(3);
  expect(seconds).toBeLessThan(6);
  for (const _ of retrySeconds) {
    await skipTime();
    await pump();
  }
  expect(receiver.received).toHaveLength(retrySeconds.length + 1);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([eventId]));
  expect((await deliveryOf(project, endpoint, eventId))['state']).toBe('failed');
  const days = retrySeconds.reduce((sum, one) => sum + one, 0) / 86_400;
  expect(days).toBeGreaterThan(2.9);
  expect(days).toBeLessThan(3.1);
  // Nothing arrived in all that time: it is switched off, and says why.
  const { body } = await project.get(`/webhook-endpoints/${endpoint['id']}`);
  expect(body).toMatchObject({ state: 'disabled', disabledFor: 'failing' });
});

test('R91 an endpoint that is gone (410) is switched off at once; switched on again it is told what comes then', async () => {
  const project = await api.addProject();
  const receiver = await startReceiver();
  receiver.answer({ status: 410 });
  const endpoint = await addEndpoint(project, receiver.url);
  const path = `/webhook-endpoints/${endpoint['id']}`;
  const first = await text(project);
  await pump();
  expect((await project.get(path)).body).toMatchObject({ state: 'disabled', disabledFor: 'gone' });
  await text(project, 'WHILE IT WAS OFF');
  await pump();
  expect(receiver.received).toHaveLength(1);
  expect((await project.post(`${path}/deliveries/${first}/redeliver`)).status).toBe(422);

  receiver.answer({ status: 200 });
  expect((await project.put(path, { isActive: true })).body).toMatchObject({
    state: 'active',
    disabledFor: null,
  });
  const second = await text(project);
  await pump();
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([first, second]);
  expect((await project.post(`${path}/redeliver`, {})).body).toEqual({ count: 1 });
  await pump();
  expect(receiver.received.at(-1)?.headers['webhook-id']).toBe(first);
  expect((await deliveryOf(project, endpoint, first))['state']).toBe('delivered');
});

test('R91 a private or careless address is refused, where it is typed in and where it is called', async () => {
  const project = await api.addProject();
  for (const url of [
    'https://10.0.0.1/hook',
    'https://localhost/hook',
    'https://[::1]/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://metadata.google.internal/',
    'https://167772161/',
    'http://example.com/hook',
    'ftp://example.com',
    'https://me:secret@example.com/',
    'not an address',
  ]) {
    const { status, body } = await project.post('/webhook-endpoints', { url });
    expect([url, status, body['rule']]).toEqual([url, 422, 'R91']);
  }
  // Allowed when it was made; the operator has changed her mind since.
  const receiver = await startReceiver();
  const endpoint = await addEndpoint(project, receiver.url);
  const eventId = await text(project);
  await pumpOnce({ ...deps, targets: createTargets(new Set()) });
  expect(receiver.received).toEqual([]);
  const { attempts } = await deliveryOf(project, endpoint, eventId);
  expect(attempts).toMatchObject([{ status: null, error: expect.stringContaining('private network') }]);
});

test('R91 a redirect is not followed, and a receiver that asks for time gets it', async () => {
  const project = await api.addProject();
  const receiver = await startReceiver();
  const other = await startReceiver();
  receiver.answer(
    { status: 307, headers: { location: other.url } },
    { status: 429, headers: { 'retry-after': '7200' } },
  );
  const endpoint = await addEndpoint(project, receiver.url);
  const eventId = await text(project);
  await pump();
  await skipTime();
  await pump();
  expect(other.received).toEqual([]);
  const { attempts, nextAt } = await deliveryOf(project, endpoint, eventId);
  expect(attempts).toMatchObject([{ status: 307 }, { status: 429 }]);
  expect(Date.parse(nextAt) - Date.now()).toBeGreaterThan(7_000_000);
});

test('R91 while a secret is changed both sign, then the new one alone', async () => {
  const project = await api.addProject();
  const receiver = await startReceiver();
  const endpoint = await addEndpoint(project, receiver.url);
  const path = `/webhook-endpoints/${endpoint['id']}`;
  const { body: rotated } = await project.post(`${path}/rotate-secret`, { overlapHours: 1 });
  expect(rotated['secret']).not.toBe(endpoint['secret']);
  expect((await project.get(path)).body).not.toHaveProperty('secret');
  await project.post(`${path}/test`);
  await pump();
  await sql`update webhook_endpoint set previous_until = now() where id = ${endpoint['id']}`.execute(api.db);
  await project.post(`${path}/test`);
  await pump();
  const signed = receiver.received.map((one) =>
    [endpoint, rotated].map(({ secret }) => isSignedBy(secret, one)),
  );
  expect(signed).toEqual([
    [true, true],
    [false, true],
  ]);
  expect(receiver.received.map(({ body }) => (JSON.parse(body) as TestBody)['type'])).toEqual([
    'webhook.test',
    'webhook.test',
  ]);
});

test('a process that dies with a delivery in hand costs a minute; the late answer of one that did not changes nothing', async () => {
  const project = await api.addProject();
  const receiver = await startReceiver();
  const endpoint = await addEndpoint(project, receiver.url);
  const eventId = await text(project);
  await collectDeliveries(api.db);
  const [lost] = await takeDue(api.db, project.projectId, endpoint['id'], 8);
  if (lost === undefined) throw new Error('nothing was due');
  expect(await takeDue(api.db, project.projectId, endpoint['id'], 8)).toEqual([]);
  const late = await tell(deps, lost);
  await skipTime();
  receiver.answer({ status: 503 });
  await pump();
  await settle(api.db, [late]);
  const delivery = await deliveryOf(project, endpoint, eventId);
  expect(delivery).toMatchObject({ state: 'open', attempts: [{ status: 503 }] });
  // At least once, always under the same id.
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([eventId, eventId]);
});

test('what commits late, behind what was read already, is told all the same', async () => {
  const project = await api.addProject();
  const receiver = await startReceiver();
  await addEndpoint(project, receiver.url);
  await sql`update webhook_cursor set read_to = now() - interval '1 hour'`.execute(api.db);
  const slow = await api.db.startTransaction().execute();
  const eventId = newId();
  await sql`
    insert into event (project_id, id, type, source, key, fingerprint, subject, result, occurred_at)
    values (${project.projectId}, ${eventId}, 'artist.followed', 'test', ${eventId}, '', '{}', '{"runs": []}', now())`.execute(
    slow,
  );
  const fast = await text(project);
  await collectDeliveries(api.db, 1);
  await pump();
  await slow.commit().execute();
  await pump();
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([fast, eventId]);
});

test('R88 endpoints and deliveries of another project do not exist; R89 who may not connect may not see them', async () => {
  const mine = await api.addProject();
  const yours = await api.addProject();
  const endpoint = await addEndpoint(mine, 'http://127.0.0.1:9/hook');
  const eventId = await text(mine);
  await collectDeliveries(api.db);
  const path = `/webhook-endpoints/${endpoint['id']}`;
  const answers = [
    await yours.get(path),
    await yours.put(path, { description: 'mine' }),
    await yours.del(path),
    await yours.post(`${path}/rotate-secret`, {}),
    await yours.post(`${path}/test`),
    await yours.get(`${path}/deliveries`),
    await yours.get(`${path}/deliveries/${eventId}`),
    await yours.post(`${path}/deliveries/${eventId}/redeliver`),
    await yours.post(`${path}/redeliver`, {}),
  ];
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
  expect((await yours.get('/webhook-endpoints')).body['items']).toEqual([]);
  const marketer = await api.addPerson(mine, 'marketer');
  expect((await marketer.get('/webhook-endpoints')).status).toBe(403);
  expect((await mine.get('/webhook-endpoints')).body['items']).toHaveLength(1);
  expect((await mine.del(path)).status).toBe(204);
  expect((await mine.get(path)).status).toBe(404);
});

test('an endpoint that keeps failing is left alone for longer and longer; the others are served meanwhile', async () => {
  const project = await api.addProject();
  const bad = await startReceiver();
  const good = await startReceiver();
  bad.answer({ status: 500 });
  const endpoint = await addEndpoint(project, bad.url);
  await addEndpoint(project, good.url);
  for (let count = 0; count < 12; count++) await text(project);
  const running = startWebhookPump({ ...deps, log: createLog({ level: 'silent' }), everyMs: 10 });
  await expect.poll(() => good.received.length).toBe(12);
  await expect
    .poll(async () => {
      const { rows } = await sql`
        select from webhook_endpoint where id = ${endpoint['id']} and resting_until > now()`.execute(api.db);
      return rows.length;
    })
    .toBe(1);
  await running.stop();
  // Eight at once, then rest.
  expect(bad.received.length).toBeLessThan(12);
  const page = await project.get(`/webhook-endpoints/${endpoint['id']}/deliveries?limit=5&state=open`);
  expect(page.body['items']).toHaveLength(5);
  const next = await project.get(
    `/webhook-endpoints/${endpoint['id']}/deliveries?limit=50&state=open&cursor=${page.body['nextCursor']}`,
  );
  expect(next.body['items']).toHaveLength(7);
});
