import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { startReceiver } from '../../src/webhooks/testing.ts';
import { erasureOf } from '../../src/privacy/tables.ts';
import { day, startStage, type Json, type Stage } from './stage.ts';

/** Marks that occur nowhere else: whoever finds one has found the fan. */
const phone = '+13035557719';
const email = 'zelda.quillfeather@marked.example';
const name = 'Zelda Quillfeather';
const words = 'wistful xylophone under the harbour lamp';
const marks = ['3035557719', 'quillfeather', 'xylophone'];

async function connectTo({ databaseUrl }: Stage): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** Every table of every schema, those of the sandbox and of libraries too, that holds a mark. */
async function findMarks(client: pg.Client): Promise<string[]> {
  const { rows: tables } = await client.query<{ name: string }>(`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'`);
  expect(tables.length).toBeGreaterThan(60);
  const found: string[] = [];
  for (const { name: table } of tables) {
    const { rowCount } = await client.query(
      `select 1 from ${table} t where lower(t::text) like any($1) limit 1`,
      [marks.map((mark) => `%${mark}%`)],
    );
    if (rowCount) found.push(table.replace(/^public\.(event|outcome|run)_\w*\d.*/, 'public.$1'));
  }
  return [...new Set(found)].toSorted();
}

/** Posts an event that claims a consent, with a key that may (R96). */
async function claimConsent(stage: Stage, client: pg.Client, event: Json): Promise<void> {
  const key = 'key-that-may-claim-consents';
  await client.query(
    `insert into api_key (id, project_id, name, hash, scopes)
     values (gen_random_uuid(), $1, 'shop', sha256($2), '{events:write,consent:write}') on conflict do nothing`,
    [stage.demo['projectId'], Buffer.from(key)],
  );
  const consent = {
    text: `I, ${name}, agree.`,
    version: 'v1',
    obtainedAt: '2026-01-02T03:04:05Z',
    method: 'web',
    sourceUrl: 'https://shop.example/sign-up',
  };
  const response = await fetch(`${stage.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ subject: {}, ...event, consent }),
  });
  expect([response.status, await response.text()]).toEqual([202, expect.any(String)]);
}

/** A fan in every table that fans are in. */
async function plant(stage: Stage, client: pg.Client): Promise<string> {
  const event = { type: 'email.opted_in', fan: { phone, email }, idempotencyKey: `shop ${email}` };
  await claimConsent(stage, client, event);
  const { id } = await stage.fan(phone);
  await stage.api('PUT', `/fans/${String(id)}`, { name });
  const segment = String(stage.demo['segmentId']);
  await stage.api('PUT', `/segments/${segment}/fans/${String(id)}`);
  const hello = '{{ fan.name | default: "friend" }}';
  const mail = { step: 'send-email', config: { subject: `To ${hello}`, body: `Hi ${hello}` } };
  const flow = await stage.api('POST', '/flows', {
    name: 'Mail',
    trigger: { trigger: 'keyword', config: { keywords: ['LETTER'], mode: 'reply' } },
    steps: [mail, { step: 'send-text', config: { body: `for ${hello}` } }],
    reentry: { policy: 'always' },
  });
  await stage.api('POST', `/flows/${String(flow['id'])}/activate`);
  await stage.text(phone, 'letter');
  await stage.text(phone, 'presave');
  const link = (await stage.got(phone)).find((text) => text.includes('/s/')) ?? '';
  await stage.connect(link.replace(/^[\s\S]*?(https?:\S+)[\s\S]*$/, '$1'), 'mara-lindqvist');
  await stage.text(phone, words);
  await stage.idle();
  return String(id);
}

test('R86 R87 an erased fan is found nowhere in the whole database, what waited for her ends, and counts stay', async () => {
  const stage = await startStage();
  const client = await connectTo(stage);
  const receiver = await startReceiver();
  // One that says back what it was told, and fails, so that it is kept for the next attempt.
  receiver.answer({ status: 500, body: `no room for ${email}` });
  await stage.api('POST', '/webhook-endpoints', { url: receiver.url });
  expect(await findMarks(client)).toEqual([]);
  const fanId = await plant(stage, client);
  await expect.poll(() => receiver.received.length).toBeGreaterThan(0);
  await stage.text(phone, 'presave');
  await expect
    .poll(() => findMarks(client))
    .toEqual(
      expect.arrayContaining(
        ['address', 'consent', 'event', 'event_key', 'fan', 'inbox_message', 'message', 'webhook_delivery']
          .map((table) => `public.${table}`)
          .concat('sandbox.entry'),
      ),
    );
  const runs = (await stage.runs(phone)).length;
  const saves = async () =>
    (await client.query<Json>('select state from save where fan_id = $1', [fanId])).rows.map(
      (row) => row['state'] as string,
    );
  expect(await saves()).toEqual(['scheduled']);

  const exported = JSON.stringify(await stage.api('POST', `/fans/${fanId}/export`));
  for (const mark of [
    phone,
    email,
    name,
    words,
    'I, Zelda',
    'Mara Lindqvist',
    'Midnight Ferry',
    `To ${name}`,
  ])
    expect(exported).toContain(mark);
  expect(exported).not.toMatch(/token|payload|secret/i);

  await expect(stage.api('POST', `/fans/${fanId}/erase`, { confirm: 'yes' })).rejects.toThrow('Type ERASE');
  expect((await stage.fan(phone))['id']).toBe(fanId);
  await stage.api('POST', `/fans/${fanId}/erase`, { confirm: 'ERASE' });
  await stage.idle();
  await expect.poll(() => findMarks(client)).toEqual([]);

  await expect(stage.fan(phone)).rejects.toThrow('nobody');
  await expect(stage.api('POST', `/fans/${fanId}/erase`, { confirm: 'ERASE' })).rejects.toThrow('404');
  expect((await stage.api('GET', `/runs?fanId=${fanId}`))['items']).toHaveLength(runs);
  expect(await saves()).toEqual(['cancelled']);
  const { rowCount } = await client.query('select 1 from work where fan_id = $1', [fanId]);
  expect(rowCount).toBe(0);
  const [entry] = (await stage.api('GET', '/audit?action=fan'))['items'] as Json[];
  expect(entry).toMatchObject({ action: 'fan.erased', subject: `fan:${fanId}` });
  // Release day comes, and nothing is done for nobody.
  const before = receiver.received.length;
  await stage.advance(12 * day);
  expect(await stage.library('mara-lindqvist')).toMatchObject({ saved: [] });
  expect(receiver.received.slice(before).filter(({ body }) => body.includes(fanId))).toEqual([]);
  expect(await findMarks(client)).toEqual([]);
});

test('R42 R87 after erasure nobody can claim a consent for her but herself; a STOP that was said still counts', async () => {
  const stage = await startStage();
  const client = await connectTo(stage);
  const claim = (idempotencyKey: string) =>
    claimConsent(stage, client, { type: 'sms.opted_in', fan: { phone }, idempotencyKey });
  await claim('first');
  expect((await stage.fan(phone))['consents']).toHaveLength(1);
  const erase = async () =>
    stage.api('POST', `/fans/${String((await stage.fan(phone))['id'])}/erase`, { confirm: 'ERASE' });
  await erase();
  await claim('second');
  expect(await stage.fan(phone)).toMatchObject({ consents: [], optOuts: [] });
  // She herself is a fan like any other.
  await stage.text(phone, 'presave');
  expect((await stage.fan(phone))['consents']).toHaveLength(1);
  await stage.text(phone, 'stop');
  await erase();
  const texts = (await stage.got(phone)).length;
  await stage.text(phone, 'hello there');
  expect(await stage.fan(phone)).toMatchObject({
    optOuts: [{ channel: 'sms', word: expect.stringMatching(/stop/i) }],
  });
  expect(await stage.got(phone)).toHaveLength(texts);
  const evidence = { channel: 'sms', address: phone, reason: 'A letter from her lawyer' };
  // No key may, whatever its scopes.
  await expect(stage.api('POST', '/evidence', evidence)).rejects.toThrow('403');
});

test('R86 of every table it is decided what erasure does to it', async () => {
  const stage = await startStage();
  const client = await connectTo(stage);
  const { rows } = await client.query<{ name: string }>(`
    select c.relname as name from pg_class c
     where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace`);
  expect(Object.keys(erasureOf).toSorted()).toEqual(rows.map((row) => row.name).toSorted());
});
