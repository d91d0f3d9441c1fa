import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { startApi, type TestProject } from '#http/testing.ts';
import { createMessagingRig, day, hour, newPhone, type Stage } from '../../test/messaging-rig.ts';
import { isDoubtOverdue } from './business-days.ts';
import { decideDoubt, settleOldDoubts } from './decide-doubt.ts';

const rig = await createMessagingRig();
const deps = {
  db: rig.db,
  clock: rig.first.clocks,
  engine: { accept: rig.first.accept },
};
const stopWords = /unsubscribed/;

/** A fan who joined and then wrote something that may mean STOP. */
async function doubtful(body = 'can you stop texting me so much') {
  const stage = await rig.stage({ optOutHandling: 'segue' });
  await stage.flow({ keywords: ['PRESAVE'] });
  const phone = newPhone();
  await stage.text(phone, 'presave');
  await stage.text(phone, body);
  expect(await stage.isHeld(phone)).toBe(true);
  return { stage, phone, messageId: await lastDoubt(stage) };
}

async function lastDoubt(stage: Stage): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select id from inbox_message where project_id = ${stage.projectId} and reason = 'doubt' order by id desc`.execute(
    rig.db,
  );
  return rows[0]?.id ?? '';
}

async function decisions(stage: Stage): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select coalesce(decision, 'open') || ' by ' || coalesce(decided_by, 'nobody') as line from inbox_message
     where project_id = ${stage.projectId} and reason = 'doubt' order by id`.execute(rig.db);
  return rows.map((row) => row.line);
}

describe('R41 a doubtful text', () => {
  test('R40 that was a STOP ends consent at once and is confirmed once, whoever decides it how often', async () => {
    const { stage, phone, messageId } = await doubtful();
    await Promise.all(
      Array.from({ length: 5 }, () => decideDoubt(deps, stage.projectId, messageId, 'opt_out', 'person:1')),
    );
    await stage.settled();
    expect(await stage.isOptedOut(phone)).toBe(true);
    expect(await stage.isHeld(phone)).toBe(false);
    expect(await stage.consents(phone)).toEqual(['keyword ended by can you stop texting me so much']);
    expect((await stage.got(phone)).filter((text) => stopWords.test(text))).toHaveLength(1);
    expect(await decisions(stage)).toEqual(['opt_out by person:1']);
    const otherwise = decideDoubt(deps, stage.projectId, messageId, 'not_opt_out', 'person:2');
    await expect(otherwise).rejects.toMatchObject({ status: 422, details: { rule: 'R41' } });
    expect(await stage.isOptedOut(phone)).toBe(true);
  });

  test('that was none lets go what was held, and nothing was said to the fan', async () => {
    const { stage, phone, messageId } = await doubtful();
    await stage.advance(hour);
    await stage.byApi(phone, 'presave');
    const before = (await stage.got(phone)).length;
    expect(await stage.outcomes()).toContainEqual(expect.stringContaining('held: opt_out_doubt'));
    await decideDoubt(deps, stage.projectId, messageId, 'not_opt_out', 'person:1');
    await stage.settled();
    expect(await stage.isHeld(phone)).toBe(false);
    expect(await stage.got(phone)).toHaveLength(before + 1);
    expect((await stage.got(phone)).filter((text) => stopWords.test(text))).toEqual([]);
  });

  test('of two, one that was none leaves the fan held; one that was a STOP settles both', async () => {
    const { stage, phone, messageId } = await doubtful();
    await stage.text(phone, 'please stop messaging me all day');
    expect(await decisions(stage)).toEqual(['open by nobody', 'open by nobody']);
    await decideDoubt(deps, stage.projectId, messageId, 'not_opt_out', 'person:1');
    expect(await stage.isHeld(phone)).toBe(true);
    await decideDoubt(deps, stage.projectId, await lastDoubt(stage), 'opt_out', 'person:1');
    expect(await stage.isOptedOut(phone)).toBe(true);
    expect(await decisions(stage)).toEqual(['not_opt_out by person:1', 'opt_out by person:1']);
  });

  test.each([
    ['presave', 'not_opt_out by fan'],
    ['START', 'not_opt_out by fan'],
    ['STOP', 'opt_out by fan'],
  ])('is answered by the fan herself with %s', async (word, line) => {
    const { stage, phone } = await doubtful();
    await stage.text(phone, word);
    expect(await decisions(stage)).toEqual([line]);
  });

  test('that nobody decided within five business days was a STOP', async () => {
    const { stage, phone } = await doubtful();
    await stage.advance(4 * day);
    await settleOldDoubts(deps);
    expect(await decisions(stage)).toEqual(['open by nobody']);
    await stage.advance(4 * day);
    await settleOldDoubts(deps);
    await settleOldDoubts(deps);
    await stage.settled();
    expect(await decisions(stage)).toEqual(['opt_out by system']);
    expect(await stage.isOptedOut(phone)).toBe(true);
  });

  test('business days are Monday to Friday where the project is', () => {
    const friday = new Date('2026-11-20T20:00:00Z');
    const at = (days: number, hours = 0) => new Date(friday.getTime() + days * day + hours * hour);
    expect(isDoubtOverdue(friday, at(6, 23), 'America/New_York')).toBe(false);
    expect(isDoubtOverdue(friday, at(7), 'America/New_York')).toBe(true);
    const tuesday = new Date('2026-11-24T20:00:00Z');
    expect(isDoubtOverdue(tuesday, new Date('2026-11-30T23:00:00Z'), 'America/New_York')).toBe(false);
    expect(isDoubtOverdue(tuesday, new Date('2026-12-01T20:00:00Z'), 'America/New_York')).toBe(true);
    // Friday in New York is Saturday in Auckland already: one business day fewer has passed.
    expect(isDoubtOverdue(friday, at(7), 'Pacific/Auckland')).toBe(true);
    expect(isDoubtOverdue(at(-1), at(5), 'Pacific/Auckland')).toBe(false);
  });
});

describe('the inbox', async () => {
  const api = await startApi();
  let project: TestProject;
  let other: TestProject;
  const ids: string[] = [];
  beforeAll(async () => {
    project = await api.addProject();
    other = await api.addProject();
    for (const [body, reason] of [
      ['stop sending me so much', 'doubt'],
      ['love the new one', 'unmatched'],
      ['when is the tour?', 'unmatched'],
    ] as const) {
      const id = newId();
      ids.push(id);
      await sql`insert into inbox_message (project_id, id, channel, from_address, to_address, body, reason, received_at)
                values (${project.projectId}, ${id}, 'sms', '+13035550142', '+16195550100', ${body}, ${reason}, now())`.execute(
        api.db,
      );
    }
  });
  const bodies = async (query = '') =>
    (await project.get(`/inbox${query}`)).body['items'].map((one: { body: string }) => one.body);

  test('R41 shows what may mean STOP first, page by page, and counts what waits', async () => {
    const inOrder = ['stop sending me so much', 'when is the tour?', 'love the new one'];
    expect(await bodies()).toEqual(inOrder);
    const paged: string[] = [];
    let query = '?limit=1';
    for (let page = 0; page < 3; page++) {
      const { items, nextCursor } = (await project.get(`/inbox${query}`)).body;
      paged.push(items[0].body);
      query = `?limit=1&cursor=${nextCursor}`;
    }
    expect(paged).toEqual(inOrder);
    expect(query).toMatch(/null$/);
    expect((await project.get('/inbox?cursor=eA')).body['code']).toBe('bad_cursor');
    expect((await project.get('/inbox/counts')).body).toEqual({ unread: 3, doubts: 1 });
    expect((await other.get('/inbox/counts')).body).toEqual({ unread: 0, doubts: 0 });
    expect((await other.get('/inbox')).body['items']).toEqual([]);
  });

  test('a text is read, done and taken up again; a doubtful one is not done before it is decided', async () => {
    const [doubt, loves] = ids;
    expect((await project.put(`/inbox/${loves}`, { isRead: true })).body['readAt']).toMatch(/Z$/);
    expect((await project.get('/inbox/counts')).body).toEqual({ unread: 2, doubts: 1 });
    expect((await project.put(`/inbox/${loves}`, { isDone: true })).body['doneAt']).toMatch(/Z$/);
    expect(await bodies()).not.toContain('love the new one');
    expect(await bodies('?view=done')).toEqual(['love the new one']);
    expect(await bodies('?view=all')).toHaveLength(3);
    expect((await project.put(`/inbox/${loves}`, { isDone: false })).body['doneAt']).toBeNull();
    expect((await project.put(`/inbox/${doubt}`, { isDone: true })).body).toMatchObject({
      status: 422,
      rule: 'R41',
    });
    expect((await other.put(`/inbox/${loves}`, { isDone: true })).status).toBe(404);
    expect((await other.get(`/inbox/${loves}`)).status).toBe(404);
    expect((await other.post(`/inbox/${doubt}/decide`, { decision: 'opt_out' })).status).toBe(404);
    expect((await project.post(`/inbox/${loves}/decide`, { decision: 'opt_out' })).body).toMatchObject({
      status: 422,
      errors: [{ code: 'no_doubt' }],
    });
    expect((await project.post(`/inbox/${doubt}/decide`, { decision: 'maybe' })).status).toBe(422);
  });
});
