import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { startApi, type TestProject } from '#http/testing.ts';

const api = await startApi();
let project: TestProject;
let other: TestProject;
beforeAll(async () => {
  project = await api.addProject();
  other = await api.addProject();
});

async function addFan(
  projectId: string,
  addresses: [channel: string, value: string][] = [],
): Promise<string> {
  const fanId = newId();
  await sql`insert into fan (project_id, id, created_at) values (${projectId}, ${fanId}, now())`.execute(
    api.db,
  );
  for (const [channel, value] of addresses) {
    await sql`insert into address (project_id, channel, value, fan_id, created_at)
              values (${projectId}, ${channel}, ${value}, ${fanId}, now())`.execute(api.db);
  }
  return fanId;
}

async function addFacts(projectId: string, fanId: string) {
  const [consentId, releaseId] = [newId(), newId()];
  await sql`insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source, granted_at)
            values (${projectId}, ${consentId}, ${fanId}, 'sms', '+16195550111', 'I agree', 'v1', 'web',
                    '{"page":"x"}', '2026-01-02T03:04:05Z')`.execute(api.db);
  await sql`insert into streaming_grant (project_id, fan_id, service, connection_id, provider_account, tokens, scopes,
                                         state, authorised_at, proven_at)
            values (${projectId}, ${fanId}, 'music', ${newId()}, 'acct', '\\xdeadbeef', '{a}', 'live',
                    '2026-01-02T03:04:05Z', now())`.execute(api.db);
  await sql`insert into purpose (project_id, fan_id, kind, target_id, words, source, given_at)
            values (${projectId}, ${fanId}, 'release', ${releaseId}, 'w', 's', '2026-01-02T03:04:05Z')`.execute(
    api.db,
  );
  return { consentId, releaseId };
}

describe('fans', () => {
  test('R51 are found by any spelling of their number, with everything known and no token', async () => {
    const fanId = await addFan(project.projectId, [
      ['sms', '+16195550111'],
      ['email', 'maya@example.com'],
    ]);
    const { consentId, releaseId } = await addFacts(project.projectId, fanId);
    const expected = {
      id: fanId,
      phone: '+16195550111',
      email: 'maya@example.com',
      instagram: null,
      sendingHeld: { sms: false },
      consents: [
        {
          id: consentId,
          channel: 'sms',
          address: '+16195550111',
          text: 'I agree',
          textVersion: 'v1',
          source: { page: 'x' },
          grantedAt: '2026-01-02T03:04:05.000Z',
          revokedAt: null,
        },
      ],
      grants: [
        {
          service: 'music',
          state: 'live',
          authorisedAt: '2026-01-02T03:04:05.000Z',
          diesAt: null,
          purposes: [{ kind: 'release', targetId: releaseId, givenAt: '2026-01-02T03:04:05.000Z' }],
        },
      ],
      segments: [],
      connectUrl: `http://segue.test/c/${fanId}`,
    };
    for (const query of ['phone=%2B16195550111', 'phone=+1 (619) 555-0111', 'email=MAYA@example.com']) {
      expect((await project.get(`/fans?${query}`)).body).toEqual({ items: [expected], nextCursor: null });
    }
    expect((await project.get(`/fans/${fanId}`)).body).toEqual(expected);
    expect((await other.get(`/fans/${fanId}`)).status).toBe(404);
    for (const query of ['phone=%2B16195550111', 'email=maya@example.com']) {
      expect((await other.get(`/fans?${query}`)).body['items']).toEqual([]);
    }
    for (const query of ['phone=x', 'phone=', 'email=x', 'instagram=x', `segmentId=${newId()}`]) {
      expect((await project.get(`/fans?${query}`)).body['items']).toEqual([]);
    }
  });
});

describe('segments', () => {
  test('are made, renamed, read and deleted', async () => {
    const made = await project.post('/segments', { name: ' Front row ' });
    const id = made.body['id'];
    expect(made).toMatchObject({ status: 201, body: { name: 'Front row', size: 0 } });
    expect((await project.post('/segments', { name: 'Front row' })).body).toMatchObject({
      status: 422,
      errors: [{ path: 'name', code: 'taken' }],
    });
    expect((await project.put(`/segments/${id}`, { name: 'Second row' })).body).toMatchObject({
      name: 'Second row',
    });
    expect((await other.get(`/segments/${id}`)).status).toBe(404);
    expect((await other.put(`/segments/${id}`, { name: 'Mine' })).status).toBe(404);
    expect((await other.del(`/segments/${id}`)).status).toBe(404);
    expect((await other.get(`/segments/${id}/fans`)).status).toBe(404);
    expect((await project.del(`/segments/${id}`)).status).toBe(204);
    expect((await project.get(`/segments/${id}`)).status).toBe(404);
  });

  test('list their fans, newest first, page by page', async () => {
    const { id } = (await project.post('/segments', { name: 'Pages' })).body;
    const fans: string[] = [];
    for (let n = 0; n < 3; n++) {
      const fanId = await addFan(project.projectId);
      fans.unshift(fanId);
      await sql`insert into segment_member (project_id, segment_id, fan_id, added_at)
                values (${project.projectId}, ${id}, ${fanId}, now())`.execute(api.db);
    }
    const first = (await project.get(`/segments/${id}/fans?limit=2`)).body;
    const second = (await project.get(`/segments/${id}/fans?limit=2&cursor=${first['nextCursor']}`)).body;
    const ids = [...first['items'], ...second['items']].map((fan: { id: string }) => fan.id);
    expect(ids).toEqual(fans);
    expect(second['nextCursor']).toBeNull();
    expect(first['items'][0]['segments']).toEqual([id]);
    expect((await project.get(`/segments/${id}`)).body['size']).toBe(3);
    expect((await project.get(`/fans?segmentId=${id}`)).body['items']).toHaveLength(3);
  });

  test('one that a running flow adds to is not deleted, and the refusal names the flow', async () => {
    const { id } = (await project.post('/segments', { name: 'In use' })).body;
    const flow = (
      await project.post('/flows', {
        name: 'Adds',
        trigger: { trigger: 'keyword', config: { keywords: ['ADDS'] } },
        steps: [{ step: 'add-to-segment', config: { segmentId: id } }],
      })
    ).body;
    await project.post(`/flows/${flow['id']}/activate`);
    expect((await project.del(`/segments/${id}`)).body).toMatchObject({
      code: 'flow_conflict',
      conflict: { flowId: flow['id'], flowName: 'Adds' },
    });
    await project.del(`/flows/${flow['id']}`);
    expect((await project.del(`/segments/${id}`)).status).toBe(204);
  });
});
