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
      name: null,
      language: null,
      country: null,
      createdAt: expect.any(String),
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
          method: 'web',
          source: { page: 'x' },
          perMonth: null,
          grantedAt: '2026-01-02T03:04:05.000Z',
          activeAt: null,
          revokedAt: null,
          revokedBy: null,
        },
      ],
      optOuts: [],
      blocks: [],
      suppressions: [],
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

describe('finding fans', () => {
  const names = async (query: string) =>
    (await finder.get(`/fans?${query}`)).body['items'].map((fan: { name: string }) => fan.name);
  let finder: TestProject;
  beforeAll(async () => {
    finder = await api.addProject();
    const people = [
      ['Maya Lind', '+13035550142', 'maya@lind.example', 'maya.sings'],
      ['Jonas 100%', '+15125550187', 'jonas_o@example.com', 'jonas'],
      ['Ada', '+447700900123', 'ada@example.com', 'ada'],
    ] as const;
    for (const [name, phone, email, instagram] of people) {
      const addresses: [string, string][] = [
        ['sms', phone],
        ['email', email],
        ['instagram', instagram],
      ];
      const fanId = await addFan(finder.projectId, addresses);
      await finder.put(`/fans/${fanId}`, { name, language: 'en' });
    }
  });

  test('by part of a name, a number in any spelling, an e-mail address, an Instagram name', async () => {
    expect(await names('q=lind')).toEqual(['Maya Lind']);
    expect(await names('q=(512) 555-01')).toEqual(['Jonas 100%']);
    expect(await names('q=%2B44 7700')).toEqual(['Ada']);
    expect(await names('q=42')).toEqual(['Maya Lind']);
    expect(await names('q=EXAMPLE.COM')).toEqual(['Ada', 'Jonas 100%']);
    expect(await names('q=a.sings')).toEqual(['Maya Lind']);
    expect(await names('q=ma')).toEqual(['Maya Lind']);
    expect(await names('q=nobody')).toEqual([]);
  });

  test('signs that mean something to a search mean only themselves', async () => {
    expect(await names('q=100%25')).toEqual(['Jonas 100%']);
    expect(await names('q=%25')).toEqual([]);
    expect(await names('q=___')).toEqual([]);
    expect(await names('q=s_o@')).toEqual(['Jonas 100%']);
    expect(await names(`q=${encodeURIComponent("' or 1=1 --")}`)).toEqual([]);
    expect(await names('q=')).toHaveLength(3);
    expect((await finder.get(`/fans?q=${'x'.repeat(101)}`)).status).toBe(422);
  });

  test('by what they agreed to and have linked, together with a search', async () => {
    const [{ id }] = (await finder.get('/fans?q=Ada')).body['items'];
    await addFacts(finder.projectId, id);
    expect(await names('service=music')).toEqual(['Ada']);
    // Pending until confirmed (R97).
    expect(await names('consent=sms')).toEqual([]);
    await sql`update consent set active_at = now() where project_id = ${finder.projectId}`.execute(api.db);
    expect(await names('consent=sms')).toEqual(['Ada']);
    expect(await names('consent=sms&q=ada&service=music')).toEqual(['Ada']);
    expect(await names('consent=email')).toEqual([]);
    expect((await finder.get('/fans?consent=fax')).status).toBe(422);
  });

  test('R88 R90 a change is audited, bounded and of this project only', async () => {
    const [{ id }] = (await finder.get('/fans?q=jonas')).body['items'];
    expect((await finder.put(`/fans/${id}`, { name: '  ', language: 'de-CH' })).body).toMatchObject({
      name: null,
      language: 'de-CH',
    });
    expect((await finder.put(`/fans/${id}`, { name: 'Jonas' })).body).toMatchObject({
      name: 'Jonas',
      language: 'de-CH',
    });
    expect((await finder.put(`/fans/${id}`, { language: 'German' })).status).toBe(422);
    expect((await finder.put(`/fans/${id}`, { name: 'x'.repeat(201) })).status).toBe(422);
    expect((await other.put(`/fans/${id}`, { name: 'Mine' })).status).toBe(404);
    const { rows } = await sql<{ before: object; after: object }>`
      select before, after from audit_entry where project_id = ${finder.projectId} and subject = ${`fan:${id}`}
       order by id desc limit 1`.execute(api.db);
    // Which field, not what stood there: the log cannot be altered when she is erased (R86).
    expect(rows).toEqual([{ before: null, after: { changed: ['name'] } }]);
  });
});

describe('segments', () => {
  test('are found by name; fans are put in and taken out by hand', async () => {
    const { id } = (await project.post('/segments', { name: 'By hand 100%' })).body;
    expect((await project.get('/segments?q=HAND')).body['items']).toMatchObject([{ id }]);
    expect((await project.get('/segments?q=%25')).body['items']).toMatchObject([{ id }]);
    expect((await project.get('/segments?q=nothing')).body['items']).toEqual([]);
    const fanId = await addFan(project.projectId);
    for (let again = 0; again < 2; again++) {
      expect((await project.put(`/segments/${id}/fans/${fanId}`)).status).toBe(204);
      expect((await project.get(`/segments/${id}`)).body['size']).toBe(1);
    }
    expect((await other.put(`/segments/${id}/fans/${fanId}`)).status).toBe(404);
    expect((await project.put(`/segments/${id}/fans/${newId()}`)).status).toBe(404);
    expect((await other.del(`/segments/${id}/fans/${fanId}`)).status).toBe(404);
    for (let again = 0; again < 2; again++) {
      expect((await project.del(`/segments/${id}/fans/${fanId}`)).status).toBe(204);
      expect((await project.get(`/segments/${id}`)).body['size']).toBe(0);
    }
  });

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
