import { request } from 'node:http';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { createMessagingRig, newPhone } from '../../test/messaging-rig.ts';

const rig = await createMessagingRig();

const textFields = (to: string) => ({
  MessageSid: `SM${newId().replaceAll('-', '')}`,
  From: newPhone(),
  To: to,
  Body: 'hello there my friends',
  NumMedia: '0',
});

async function rowCount(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from event_key)::int + (select count(*) from fan)::int
         + (select count(*) from inbox_message)::int as count`.execute(rig.db);
  return rows[0]?.count ?? -1;
}

describe('the order of checks at a webhook', () => {
  test('404 before 413 before 403, and none of them writes a row', async () => {
    const stage = await rig.stage();
    const fields = textFields(stage.number);
    const huge = { ...fields, Body: 'x'.repeat(4 * 1024 * 1024) };
    const before = await rowCount();
    const other = stage.inboundUrl.replace(stage.connectionId, newId());
    expect(await stage.call(huge, { url: other, signature: 'bad' })).toMatchObject({ status: 404 });
    expect(await stage.call(fields, { url: stage.inboundUrl.replace('twilio', 'spotify') })).toMatchObject({
      status: 404,
    });
    expect(await stage.call(fields, { url: `${stage.inboundUrl}x` })).toMatchObject({ status: 404 });
    expect(await stage.call(huge, { signature: 'bad' })).toMatchObject({ status: 413 });
    expect(await stage.call(fields, { signature: 'bad' })).toMatchObject({ status: 403 });
    expect(await rowCount()).toBe(before);
  });

  test('a body without a length is cut off where it grows too large', async () => {
    const stage = await rig.stage();
    // Not by fetch: it would keep the broken connection for the next test.
    const status = await new Promise((resolve, reject) => {
      const call = request(stage.inboundUrl, { method: 'POST', agent: false }, (answer) => {
        resolve(answer.statusCode);
        call.destroy();
      });
      call.on('error', reject);
      for (let sent = 0; sent < 6; sent++) call.write(Buffer.alloc(1024 * 1024, 'x'));
    });
    expect(status).toBe(413);
  });

  test('the acknowledgement is what the provider wants: a document that sends nothing', async () => {
    const stage = await rig.stage();
    expect(await stage.call(textFields(stage.number))).toEqual({ status: 200, body: '<Response/>' });
  });

  test('a disabled connection is no webhook', async () => {
    const stage = await rig.stage();
    await rig.first.connections.disableConnection(stage.accountId, stage.connectionId);
    expect(await stage.call(textFields(stage.number))).toMatchObject({ status: 404 });
  });

  test('what is signed but says nothing is acknowledged', async () => {
    const stage = await rig.stage();
    const before = await rowCount();
    expect(await stage.call({})).toMatchObject({ status: 200 });
    expect(
      await stage.call({ MessageSid: 'SM1', From: 'whatsapp:+15550001111', To: stage.number, Body: 'x' }),
    ).toMatchObject({ status: 200 });
    expect(await stage.call({ MessageSid: 'SM1', MessageStatus: 'delivered' })).toMatchObject({
      status: 200,
    });
    expect(
      await stage.call({ MessageSid: 'SM1', MessageStatus: 'delivered' }, { query: '?project=x&intent=y' }),
    ).toMatchObject({ status: 200 });
    expect(await rowCount()).toBe(before);
  });

  test('a number that no project reads', async () => {
    const stage = await rig.stage();
    await rig.first.connections.takeBackConnection(stage.accountId, stage.connectionId, stage.projectId);
    const before = await rowCount();
    expect(await stage.call(textFields(stage.number))).toMatchObject({ status: 200 });
    expect(await rowCount()).toBe(before);
  });

  test('503 with Retry-After when it cannot be taken, and taken when it comes again', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    const fields = { ...textFields(stage.number), Body: 'presave' };
    // What a broken deployment looks like: the table of events is not as expected.
    await sql`alter table event rename column subject to subject_gone`.execute(rig.db);
    try {
      expect(await stage.call(fields)).toMatchObject({ status: 503 });
    } finally {
      await sql`alter table event rename column subject_gone to subject`.execute(rig.db);
    }
    expect(await stage.call(fields)).toMatchObject({ status: 200 });
    await stage.settled();
    expect(await stage.runs()).toHaveLength(1);
  });

  test('503 for what is too much, and nobody else notices', async () => {
    const stage = await rig.stage();
    const quiet = await rig.stage();
    // Held by another transaction, nothing of this project is taken while more and more comes.
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const lock = rig.db.transaction().execute(async (tx) => {
      await sql`insert into gate (project_id, key) values (${stage.projectId}, 'flows')`.execute(tx);
      await held;
    });
    const occurredAt = stage.now();
    const filler = { source: 'step', type: 'nothing', fingerprint: '', occurredAt, payload: {} };
    const fill = (count: number) =>
      Array.from({ length: count }, () =>
        rig.first.accept(stage.projectId, { ...filler, key: newId() }).catch((error: Error) => error.name),
      );
    const line = fill(5_000);
    // The first five hundred are taken up and wait for the lock.
    await new Promise((resolve) => setTimeout(resolve, 20));
    line.push(...fill(600));
    expect(await stage.call(textFields(stage.number))).toMatchObject({ status: 503 });
    expect(await quiet.call(textFields(quiet.number))).toMatchObject({ status: 200 });
    release();
    await lock;
    const refused = (await Promise.all(line)).filter((one) => typeof one === 'string');
    expect(new Set(refused)).toEqual(new Set(['Overloaded']));
    expect(await stage.call(textFields(stage.number))).toMatchObject({ status: 200 });
    expect(await stage.inbox()).toHaveLength(1);
  }, 60_000);
});

describe('catching up after an outage', () => {
  test('R23 R112 what was missed is taken once, in order, and nothing is doubled', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    const [before, missed, leaving] = [newPhone(), newPhone(), newPhone()];
    await stage.text(before, 'presave');
    await stage.text(leaving, 'presave');
    stage.fake.setNetwork({ outage: true });
    expect(await stage.text(missed, 'presave')).toMatchObject({ webhookStatus: null });
    await stage.text(leaving, 'STOP');
    stage.fake.setNetwork({ outage: false });
    expect(await rig.first.catchUp(stage.connectionId)).toBe(4);
    await stage.settled();
    expect(await stage.runs()).toHaveLength(3);
    for (const phone of [before, missed]) expect(await stage.got(phone)).toHaveLength(1);
    expect(await stage.isOptedOut(leaving)).toBe(true);
    expect(await stage.isBlocked(leaving)).toBe(true);
    await rig.first.catchUp(stage.connectionId);
    await stage.settled();
    expect(await stage.runs()).toHaveLength(3);
    expect(await stage.got(leaving)).toHaveLength(2);
  });

  test('R94 a keyword that was missed for long opts in, but its text is no reply to the night', async () => {
    const stage = await rig.stage({ at: '02:00' });
    await stage.flow({ keywords: ['PRESAVE'] });
    await stage.flow({ keywords: ['TOUR'], mode: 'reply' });
    const [consenting, replied] = [newPhone(), newPhone()];
    stage.fake.setNetwork({ outage: true });
    await stage.text(consenting, 'presave');
    await stage.text(replied, 'tour');
    await stage.advance(10 * 60_000);
    stage.fake.setNetwork({ outage: false });
    await rig.first.catchUp(stage.connectionId);
    await stage.settled();
    expect((await stage.outcomes()).toSorted()).toEqual(['1 held: quiet_hours', '1 skipped: no_consent']);
    expect(await stage.consents(consenting)).toEqual(['keyword live']);
    expect(await stage.got(replied)).toEqual([]);
  });

  test('R108 a question of yesterday is not answered any more', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    const phone = newPhone();
    stage.fake.setNetwork({ outage: true });
    await stage.text(phone, 'help');
    await stage.advance(3 * 60 * 60_000);
    stage.fake.setNetwork({ outage: false });
    await rig.first.catchUp(stage.connectionId);
    await stage.settled();
    expect(await stage.got(phone)).toEqual([]);
  });

  test('hundreds of them share commits; two processes at once double nothing', async () => {
    const stage = await rig.stage();
    const second = await rig.startProcess();
    await second.connections.updateConnection(stage.accountId, stage.connectionId, {});
    await stage.flow({ keywords: ['PRESAVE'] });
    stage.fake.setCallbacks({ mode: 'off' });
    stage.fake.setNetwork({ outage: true });
    for (let at = 0; at < 450; at++)
      await stage.fake.receiveText({ from: newPhone(), to: stage.number, body: 'presave' });
    stage.fake.setNetwork({ outage: false });
    await Promise.all([rig.first.catchUp(stage.connectionId), second.catchUp(stage.connectionId)]);
    await stage.settled();
    expect(await stage.runs()).toHaveLength(450);
    expect(await stage.fake.texts({ direction: 'in' })).toHaveLength(450);
  }, 60_000);
});
