import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '#connectors/testing/memory-store.ts';
import { serveFetch } from '#connectors/testing/serve.ts';
import { createTelnyxFake, type TelnyxFake } from '#connectors/telnyx/fake.ts';
import { reaches } from './sender.ts';
import { createMessagingRig, minute, newPhone } from '../../../test/messaging-rig.ts';

/**
 * Which number a text leaves from, where a project was lent several: those of a connection of the
 * stage's own provider and of another one beside it.
 */
const rig = await createMessagingRig();
type Stage = Awaited<ReturnType<typeof rig.stage>>;

const german = '+4915112345670';
const berlin = '+4915112345671';
const usSecond = '+16195550990';
const canadian = '+14165550123';

/** Lends the project the numbers of a second connection. */
async function lendAlso(stage: Stage, numbers: readonly string[]) {
  const fake: TelnyxFake = createTelnyxFake({
    store: createMemoryStore(),
    now: () => stage.now(),
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
  const [first = ''] = numbers;
  const settings = await fake.addNumber(first, null);
  const { connections } = rig.first;
  const { id } = await connections.createConnection({
    accountId: stage.accountId,
    connector: 'telnyx',
    label: 'Second',
    isLive: false,
    settings: {
      ...settings,
      numbers: numbers.map((number) => ({ number, type: '10dlc', partsPerSecond: 1_000 })),
    },
  });
  rig.fakeUrls.set(id, served.url);
  const inboundUrl = `${rig.first.url}/webhooks/telnyx/${id}`;
  for (const number of numbers) await fake.setNumber({ number, inboundUrl }, first);
  await connections.lendConnection(stage.accountId, id, stage.projectId);
  await connections.updateConnection(stage.accountId, id, {});
  const settled = async () => {
    await stage.settled();
    await fake.settled();
    await stage.settled();
  };
  return {
    id,
    fake,
    settled,
    async text(from: string, to: string, body: string) {
      const received = await fake.receiveText({ from, to, body });
      await settled();
      return received;
    },
    got: async (phone: string) =>
      (await fake.texts({ number: phone, direction: 'in' }))
        .map(({ from, body }) => `${from}: ${body}`)
        .toReversed(),
  };
}

/** Consent and sender of a fan who came by the API, for whom the artist vouches. */
async function consented(stage: Stage, phone: string) {
  await stage.byApi(phone, 'nothing');
  await sql`
    insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source, per_month,
                         granted_at, active_at)
    select project_id, gen_random_uuid(), fan_id, 'sms', value, 'Yes', 'v1', 'web', '{}', 20, ${stage.now()},
           ${stage.now()}
      from address where project_id = ${stage.projectId} and value = ${phone}`.execute(rig.db);
}

async function sendersTo(stage: Stage, phone: string): Promise<string[]> {
  const { rows } = await sql<{ sender: string }>`
    select sender from message where project_id = ${stage.projectId} and address = ${phone}
     order by sent_at, id`.execute(rig.db);
  return rows.map(({ sender }) => sender);
}

describe('R127 the sender is chosen by the fan’s country', () => {
  test('R127 each fan is texted from a number she can answer, over two providers', async () => {
    const stage = await rig.stage({ at: '10:00', countries: ['US', 'CA', 'DE'] });
    const also = await lendAlso(stage, [german, canadian]);
    await stage.flow({ keywords: ['PRESAVE'], namesConnection: false });
    const expected = { [newPhone()]: stage.number, [berlin]: german, '+14165550188': canadian };
    for (const [phone, number] of Object.entries(expected)) {
      await consented(stage, phone);
      await stage.byApi(phone, 'presave');
      await also.settled();
      expect(await sendersTo(stage, phone)).toEqual([number]);
    }
    expect(await also.got(berlin)).toEqual([expect.stringMatching(/^\+4915112345670: /)]);
  });

  test('R127 the number that texted her before stays, whatever is lent later', async () => {
    const stage = await rig.stage({ countries: ['US', 'CA'] });
    const also = await lendAlso(stage, [usSecond]);
    await stage.flow({ keywords: ['PRESAVE'], namesConnection: false });
    const phone = newPhone();
    await also.text(phone, usSecond, 'presave');
    await stage.advance(2 * minute);
    await stage.byApi(phone, 'presave');
    await also.settled();
    const senders = await sendersTo(stage, phone);
    expect(senders.length).toBeGreaterThan(1);
    expect(new Set(senders)).toEqual(new Set([usSecond]));
    // A month without a word does not change it.
    await stage.advance(40 * 24 * 60 * minute);
    await stage.goTo('14:00');
    await stage.byApi(phone, 'presave');
    await also.settled();
    expect((await sendersTo(stage, phone)).at(-1)).toBe(usSecond);
  });

  test('R127 a connection in trouble is passed over by fans who were never texted from it', async () => {
    const stage = await rig.stage();
    await sql`update connection set state = 'needs_reconnect' where id = ${stage.connectionId}`.execute(
      rig.db,
    );
    await lendAlso(stage, [usSecond]);
    await stage.flow({ keywords: ['PRESAVE'], namesConnection: false });
    const phone = newPhone();
    await consented(stage, phone);
    await stage.byApi(phone, 'presave');
    expect(await sendersTo(stage, phone)).toEqual([usSecond]);
  });

  test('R94 R127 S9 from Germany to a US number: the one reply comes from the German number, in German', async () => {
    const stage = await rig.stage({ countries: ['US', 'DE'] });
    const also = await lendAlso(stage, [german]);
    await stage.flow({ keywords: ['PRESAVE'], namesConnection: false, steps: ['Hallo', 'Noch eine'] });
    await stage.text(berlin, 'presave');
    await also.settled();
    expect(await stage.outcomes()).toEqual(['1 done', '2 skipped: no_consent']);
    expect(await also.got(berlin)).toEqual([`${german}: Luna Vale: Hallo`]);
    // What the law owes comes from the number that was written to.
    await stage.text(berlin, 'REVOKE me from this');
    await stage.text(berlin, 'HELP');
    expect(new Set((await sendersTo(stage, berlin)).slice(1))).not.toContain(german);
  });
});

describe('another provider beside the first', () => {
  test('R40 R43 its STOP is recorded and confirmed once, by the provider', async () => {
    const stage = await rig.stage();
    const also = await lendAlso(stage, [usSecond]);
    await stage.flow({ keywords: ['PRESAVE'], namesConnection: false });
    const phone = newPhone();
    await also.text(phone, usSecond, 'presave');
    await also.text(phone, usSecond, 'STOP ALL');
    expect(await stage.isOptedOut(phone)).toBe(true);
    expect(await also.got(phone)).toEqual([
      expect.stringContaining('you are in'),
      expect.stringContaining('You left'),
    ]);
    // A word that the provider does not know is Segue's to answer.
    const other = newPhone();
    await also.text(other, usSecond, 'presave');
    await also.text(other, usSecond, 'revoke');
    expect(await stage.isOptedOut(other)).toBe(true);
    expect((await also.got(other)).at(-1)).toContain('unsubscribed');
  });

  test('R98 a block that only the provider knew is learned from its refusal', async () => {
    const stage = await rig.stage();
    const also = await lendAlso(stage, [usSecond]);
    await stage.flow({ keywords: ['PRESAVE'], namesConnection: false });
    const phone = newPhone();
    also.fake.setNetwork({ outage: true });
    await also.text(phone, usSecond, 'STOP');
    also.fake.setNetwork({ outage: false });
    await also.text(phone, usSecond, 'presave');
    expect(await stage.outcomes()).toEqual(['1 deferred: provider_block']);
    await also.text(phone, usSecond, 'UNSTOP');
    expect(await stage.outcomes()).toEqual(['1 done']);
  });

  test('R98 the provider blocks from all numbers of a profile, and START to one of them ends it for all', async () => {
    const stage = await rig.stage();
    const usThird = '+16195550991';
    const also = await lendAlso(stage, [usSecond, usThird]);
    await stage.flow({ keywords: ['PRESAVE'], namesConnection: false });
    const phone = newPhone();
    await also.text(phone, usSecond, 'STOP');
    await also.text(phone, usThird, 'presave');
    expect(await stage.outcomes()).toEqual(['1 deferred: provider_block']);
    await also.text(phone, usSecond, 'START');
    expect(await stage.outcomes()).toEqual(['1 done']);
    expect(await sendersTo(stage, phone)).toContain(usThird);
  });

  test('a lost answer is settled by its report: one text', async () => {
    const stage = await rig.stage();
    const also = await lendAlso(stage, [usSecond]);
    await stage.flow({ keywords: ['PRESAVE'], namesConnection: false });
    const phone = newPhone();
    also.fake.setLostAnswer('carried_out');
    also.fake.setFault({ mode: 'garbage', count: 1 });
    await also.text(phone, usSecond, 'presave');
    await expect.poll(() => stage.outcomes(), { timeout: 8_000 }).toEqual(['1 done']);
    expect(await also.got(phone)).toHaveLength(1);
  });

  test('R94 what an outage lost is caught up with, once', async () => {
    const stage = await rig.stage();
    const also = await lendAlso(stage, [usSecond]);
    await stage.flow({ keywords: ['PRESAVE'], namesConnection: false });
    const phone = newPhone();
    also.fake.setNetwork({ outage: true });
    await also.text(phone, usSecond, 'presave');
    also.fake.setNetwork({ outage: false });
    expect(await stage.outcomes()).toEqual([]);
    for (let i = 0; i < 2; i += 1) expect(await rig.first.catchUp(also.id)).toBe(1);
    await also.settled();
    expect(await stage.outcomes()).toEqual(['1 done']);
    expect(await also.got(phone)).toHaveLength(1);
  });
});

describe('R127 how far a number reaches', () => {
  const place = (number: string) => ({
    country: number.startsWith('+1') ? 'US' : 'DE',
    zones: [],
    region: null,
  });
  const us = { number: '+16195550100', country: null };
  test.each([
    ['a US number in Canada: one numbering plan', us, 'CA', true],
    ['a US number in Germany', us, 'DE', false],
    ['a German number at home', { number: german, country: null }, 'DE', true],
    ['a US short code at home', { number: '24365', country: 'US' }, 'US', true],
    [
      'a US short code in Canada: carriers know it in one country only',
      { number: '24365', country: 'US' },
      'CA',
      false,
    ],
    ['a number of nowhere', us, null, false],
  ])('%s: %s', (_what, sender, country, isReached) => {
    expect(reaches(sender, country, place)).toBe(isReached);
  });
});
