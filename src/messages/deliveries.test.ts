import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { createMessagingRig, minute, newPhone } from '../../test/messaging-rig.ts';

const rig = await createMessagingRig();
type Stage = Awaited<ReturnType<typeof rig.stage>>;

async function delivery(stage: Stage) {
  const { rows } = await sql<{ status: string | null; reason: string | null }>`
    select delivery->>'status' as status, delivery->>'reason' as reason from outcome
     where project_id = ${stage.projectId} order by run_id, position`.execute(rig.db);
  return rows;
}

async function intents(stage: Stage) {
  const { rows } = await sql<{ id: string; provider_id: string; delivery: { status: string } | null }>`
    select id, provider_id, delivery from intent where project_id = ${stage.projectId} order by id`.execute(
    rig.db,
  );
  return rows;
}

/** A text that was sent, with its callbacks left to the test. */
async function sent() {
  const stage = await rig.stage();
  await stage.flow({ keywords: ['PRESAVE'] });
  stage.fake.setCallbacks({ mode: 'off' });
  await stage.text(newPhone(), 'presave');
  const intent = (await intents(stage))[0]!; // one text, one intent
  const query = `?project=${stage.projectId}&intent=${intent.id}`;
  const tell = (MessageStatus: string, more: Record<string, string> = {}, to = query) =>
    stage.call({ MessageSid: intent.provider_id, MessageStatus, ...more }, { query: to });
  return { stage, intent, tell };
}

describe('what the provider says became of a text', () => {
  test('it is shown on the outcome, whatever the order and however often', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    stage.fake.setNetwork({ reorder: true, duplicates: true });
    await stage.text(newPhone(), 'presave');
    expect(await delivery(stage)).toEqual([{ status: 'delivered', reason: null }]);
  });

  test('a report that overtakes the outcome is shown on it all the same', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    // The answer to the send comes long after the phone has the text.
    const phones = Array.from({ length: 20 }, newPhone);
    await Promise.all(
      phones.map((phone) => stage.fake.receiveText({ from: phone, to: stage.number, body: 'presave' })),
    );
    await stage.settled();
    expect(new Set((await delivery(stage)).map((one) => one.status))).toEqual(new Set(['delivered']));
  });

  test('a later callback never goes back', async () => {
    const { stage, tell } = await sent();
    expect(await tell('delivered')).toMatchObject({ status: 200 });
    await tell('sent');
    await tell('undelivered', { ErrorCode: '30003' });
    expect(await delivery(stage)).toEqual([{ status: 'delivered', reason: null }]);
  });

  test('undelivered says why', async () => {
    const { stage, tell } = await sent();
    await Promise.all([tell('sent'), tell('undelivered', { ErrorCode: '30003' }), tell('queued')]);
    expect(await delivery(stage)).toEqual([
      { status: 'undelivered', reason: expect.stringContaining('30003') },
    ]);
  });

  test('an unknown intent, another text, another project: acknowledged, and nothing changes', async () => {
    const { stage, intent, tell } = await sent();
    const other = await rig.stage();
    expect(await tell('delivered', {}, `?project=${stage.projectId}&intent=${newId()}`)).toMatchObject({
      status: 200,
    });
    expect(await tell('delivered', { MessageSid: 'SMother' })).toMatchObject({ status: 200 });
    expect(await tell('delivered', {}, `?project=${other.projectId}&intent=${intent.id}`)).toMatchObject({
      status: 200,
    });
    expect(await tell('delivered', {}, '')).toMatchObject({ status: 200 });
    expect(await tell('no such status')).toMatchObject({ status: 200 });
    expect(await delivery(stage)).toEqual([{ status: null, reason: null }]);
  });

  test("another account's connection cannot report on it", async () => {
    const { stage, intent } = await sent();
    const other = await rig.stage();
    const query = `?project=${stage.projectId}&intent=${intent.id}`;
    await other.call(
      { MessageSid: intent.provider_id, MessageStatus: 'failed', ErrorCode: '21610' },
      { query },
    );
    expect(await delivery(stage)).toEqual([{ status: null, reason: null }]);
  });
});

describe('R98 R42 an opt-out that only the provider knows', () => {
  test('R98 found out after the text was taken: block and opt-out, and nothing more goes', async () => {
    const stage = await rig.stage({ messagingService: true });
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    // The STOP never reached us.
    await stage.fake.setNumber({ ...stage.ownNumber, inboundUrl: null });
    await stage.text(phone, 'STOP');
    await stage.fake.setNumber(stage.ownNumber);
    await stage.advance(2 * minute);
    await stage.byApi(phone, 'presave');
    expect((await delivery(stage)).at(-1)).toEqual({
      status: 'failed',
      reason: expect.stringContaining('21610'),
    });
    expect(await stage.isBlocked(phone)).toBe(true);
    expect(await stage.isOptedOut(phone)).toBe(true);
    expect(await stage.consents(phone)).toEqual(['keyword ended by the provider']);
    await stage.advance(2 * minute);
    await stage.byApi(phone, 'presave');
    expect((await stage.outcomes()).at(-1)).toBe('1 skipped: opted_out');
    await stage.text(phone, 'START');
    expect(await stage.isOptedOut(phone)).toBe(false);
    expect((await stage.consents(phone)).at(-1)).toBe('restart live');
  });

  test('R98 of two texts to two fans of one moment it meets the right one', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'], steps: ['a', 'b'] });
    stage.fake.setCallbacks({ mode: 'off' });
    const [one, two] = [newPhone(), newPhone()];
    await Promise.all([stage.text(one, 'presave'), stage.text(two, 'presave')]);
    const { rows } = await sql<{ id: string; provider_id: string }>`
      select i.id, i.provider_id from intent i join message m on m.id = i.id
       where m.project_id = ${stage.projectId} and m.address = ${two} order by i.id limit 1`.execute(rig.db);
    const intent = rows[0]!; // both were sent
    const query = `?project=${stage.projectId}&intent=${intent.id}`;
    await stage.call(
      { MessageSid: intent.provider_id, MessageStatus: 'failed', ErrorCode: '21610' },
      { query },
    );
    expect([await stage.isOptedOut(one), await stage.isOptedOut(two)]).toEqual([false, true]);
  });
});

describe('R79 a send whose end nobody saw', () => {
  test.each([
    ['the status callback proves it', 'on' as const],
    ['the list of the provider proves it', 'off' as const],
  ])('R28 %s: one text, and the outcome is done', async (_name, mode) => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    stage.fake.setCallbacks({ mode });
    stage.fake.setLostAnswer('carried_out');
    stage.fake.setFault({ mode: 'timeout', ms: 2_000, count: 1 });
    const phone = newPhone();
    await stage.fake.receiveText({ from: phone, to: stage.number, body: 'presave' });
    await expect.poll(() => stage.outcomes(), { timeout: 8_000 }).toEqual(['1 done']);
    expect(await stage.got(phone)).toHaveLength(1);
    const listed = stage.fake.calls().filter((call) => call.method === 'GET').length;
    expect(listed > 0).toBe(mode === 'off');
  });

  test('R28 not carried out: it goes once more', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    stage.fake.setLostAnswer('not_carried_out');
    stage.fake.setFault({ mode: 'garbage', count: 1 });
    const phone = newPhone();
    await stage.fake.receiveText({ from: phone, to: stage.number, body: 'presave' });
    await expect.poll(() => stage.outcomes(), { timeout: 8_000 }).toEqual(['1 done']);
    expect(await stage.got(phone)).toHaveLength(1);
  });

  test('R28 R94 an equal text of an earlier run is not taken for it', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'], mode: 'reply', reentry: { policy: 'always' } });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    stage.fake.setLostAnswer('not_carried_out');
    stage.fake.setFault({ mode: 'garbage', count: 1 });
    await stage.fake.receiveText({ from: phone, to: stage.number, body: 'presave' });
    await expect.poll(() => stage.outcomes(), { timeout: 8_000 }).toEqual(['1 done', '1 done']);
    expect(await stage.got(phone)).toHaveLength(2);
  });

  test('R28 R107 an answer of the system whose send was not carried out goes once more', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'] });
    stage.fake.setLostAnswer('not_carried_out');
    stage.fake.setFault({ mode: 'garbage', count: 1 });
    const phone = newPhone();
    await stage.fake.receiveText({ from: phone, to: stage.number, body: 'hello' });
    await expect.poll(() => stage.got(phone), { timeout: 8_000 }).toHaveLength(1);
  });
});
