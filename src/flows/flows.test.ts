import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { addNumber, statusesOf } from '#http/testing.ts';
import { addSegment, plainFlow, startFlows } from './testing.ts';

const { api, project, other, segmentId, connectionId, addRelease, keywordFlow, add } = await startFlows();

describe('a draft', () => {
  test('is made with defaults and read back', async () => {
    const { id } = await add(keywordFlow('DEFAULTS'));
    const { body } = await project.get(`/flows/${id}`);
    expect(body).toEqual({
      id,
      name: 'Flow DEFAULTS',
      summary: 'A fan texts DEFAULTS',
      state: 'draft',
      pauseReason: null,
      version: 1,
      activeVersion: null,
      trigger: {
        trigger: 'keyword',
        config: { keywords: ['DEFAULTS'], match: 'first', mode: 'reply', connectionId },
      },
      steps: [{ step: 'add-to-segment', config: { segmentId }, onUnmet: 'defer', stopOnFailure: false }],
      // R29
      reentry: { policy: 'cooldown', seconds: 60 },
      problems: [],
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
    });
  });

  test.each(['release', 'artist', 'segment', 'connection'])(
    'R88 naming another project’s %s, or none that is there, is 422 and names the field',
    async (kind) => {
      const foreign = await addRelease(other.projectId);
      const ids: Record<string, string> = {
        release: foreign.releaseId,
        artist: foreign.artistId,
        segment: await addSegment(other, `Theirs ${newId()}`),
        connection: await addNumber(api, other, '+16195550199'),
      };
      const steps: Record<string, (id: string) => object> = {
        release: (id) => ({ step: 'presave', config: { releaseId: id } }),
        artist: (id) => ({ step: 'follow-artist', config: { artistId: id } }),
        segment: (id) => ({ step: 'add-to-segment', config: { segmentId: id } }),
        connection: (id) => ({ step: 'send-text', config: { body: 'hi', connectionId: id } }),
      };
      for (const id of [ids[kind]!, newId()]) {
        const { status, body } = await project.post(
          '/flows',
          keywordFlow('X', { steps: [steps[kind]!(id)] }),
        );
        expect([status, body['code']]).toEqual([422, 'invalid']);
        expect(body['errors']).toEqual([
          { path: `steps.0.config.${kind}Id`, code: 'not_found', message: expect.any(String) },
        ]);
      }
    },
  );

  test('the trigger’s connection is checked too', async () => {
    const flow = keywordFlow('X');
    const trigger = { trigger: 'keyword', config: { keywords: ['X'], connectionId: newId() } };
    const { status, body } = await project.post('/flows', { ...flow, trigger });
    expect(status).toBe(422);
    expect(body['errors']).toMatchObject([{ path: 'trigger.config.connectionId' }]);
  });

  test('unknown fields, steps and triggers are 422', async () => {
    const flow = keywordFlow('X');
    const bad = [
      { ...flow, colour: 'red' },
      { ...flow, steps: [{ step: 'dance', config: {} }] },
      { ...flow, steps: [{ step: 'add-to-segment', config: { segmentId, x: 1 } }] },
      { ...flow, steps: [{ step: 'add-to-segment', config: { segmentId }, deadlineHours: 0 }] },
      { ...flow, trigger: { trigger: 'dance', config: {} } },
      { ...flow, trigger: { trigger: 'keyword', config: { keywords: 'X' } } },
      { ...flow, name: '' },
      { ...flow, reentry: { policy: 'sometimes' } },
    ];
    for (const body of bad) expect([(await project.post('/flows', body)).status, body]).toEqual([422, body]);
  });

  test('may be half filled in: what it lacks is said beside the field, and keeps it from starting', async () => {
    const steps = [
      { step: 'presave', config: {} },
      { step: 'follow-artist', config: { artistId: '' } },
      { step: 'send-text', config: { body: '' } },
    ];
    const trigger = { trigger: 'keyword', config: { keywords: [], connectionId } };
    const { id, problems } = await add({ name: 'Half', trigger, steps });
    expect(problems).toEqual([
      {
        severity: 'error',
        path: 'steps.0.config.releaseId',
        code: 'required',
        message: 'Choose the release to pre-save.',
      },
      {
        severity: 'error',
        path: 'steps.1.config.artistId',
        code: 'required',
        message: 'Choose the artist to follow.',
      },
      { severity: 'error', path: 'steps.2.config.body', code: 'required', message: 'Write the text.' },
      {
        severity: 'error',
        path: 'trigger.config.keywords',
        code: 'no_keyword',
        message: 'Choose at least one keyword.',
      },
    ]);
    const { status, body } = await project.post(`/flows/${id}/activate`);
    expect([status, body['code']]).toEqual([422, 'invalid']);
    expect(body['errors']).toHaveLength(4);
  });

  test('R95 half-written published words are named field by field', async () => {
    const callToAction = { programme: 'Luna Vale', link: '' };
    const trigger = {
      trigger: 'keyword',
      config: { keywords: ['HALF'], connectionId, mode: 'consent', callToAction },
    };
    const { problems } = await add(keywordFlow('HALF', { trigger }));
    expect(problems.map(({ path }) => path)).toEqual([
      'trigger.config.callToAction.perMonth',
      'trigger.config.callToAction.link',
      'trigger.config.callToAction.where',
    ]);
  });

  test('of another project is 404 at every door', async () => {
    const { id, version } = await add(keywordFlow('MINE'));
    expect((await other.get(`/flows/${id}`)).status).toBe(404);
    expect((await other.post(`/flows/${id}/activate`)).status).toBe(404);
    expect((await other.post(`/flows/${id}/pause`)).status).toBe(404);
    expect((await other.del(`/flows/${id}`)).status).toBe(404);
    const theirs = {
      ...keywordFlow('MINE', { steps: [] }),
      trigger: { trigger: 'keyword', config: { keywords: ['MINE'] } },
    };
    expect((await other.put(`/flows/${id}`, { ...theirs, version })).status).toBe(404);
    expect((await project.get(`/flows/${id}`)).status).toBe(200);
  });
});

describe('versions', () => {
  test('A11 R12 an edit makes a draft version; the active one stays until activation', async () => {
    const flow = keywordFlow('VERSIONS');
    const { id } = await add(flow);
    await project.post(`/flows/${id}/activate`);
    const edited = await project.put(`/flows/${id}`, { ...flow, name: 'Renamed', version: 1 });
    expect(edited.body).toMatchObject({ name: 'Renamed', version: 2, activeVersion: 1, state: 'active' });
    expect((await project.put(`/flows/${id}`, { ...flow, version: 1 })).body).toMatchObject({
      status: 409,
      code: 'stale_version',
    });
    expect((await project.post(`/flows/${id}/activate`)).body).toMatchObject({
      version: 2,
      activeVersion: 2,
    });
  });

  test('what was read may be sent back whole', async () => {
    const { id } = await add(keywordFlow('ROUND'));
    const { body } = await project.get(`/flows/${id}`);
    expect((await project.put(`/flows/${id}`, body)).body).toMatchObject({ version: 2 });
  });

  test('of ten edits at once, one is saved', async () => {
    const flow = keywordFlow('EDITS');
    const { id } = await add(flow);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => project.put(`/flows/${id}`, { ...flow, version: 1 })),
    );
    expect(statusesOf(answers)).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
  });
});

describe('audit', () => {
  test('R90 says who did what, and cannot be altered', async () => {
    const { id } = await add(keywordFlow('AUDIT'));
    await project.post(`/flows/${id}/activate`);
    await project.post(`/flows/${id}/pause`);
    const { rows } = await sql<{ action: string; actor: string }>`
      select action, actor from audit_entry where subject = ${`flow:${id}`} order by id`.execute(api.db);
    expect(rows.map((row) => row.action)).toEqual(['flow.created', 'flow.activated', 'flow.paused']);
    expect(new Set(rows.map((row) => row.actor))).toEqual(new Set([`key:${project.keyId}`]));
    await expect(sql`update audit_entry set actor = 'x'`.execute(api.db)).rejects.toThrow(
      'cannot be altered',
    );
    await expect(sql`delete from audit_entry`.execute(api.db)).rejects.toThrow('cannot be altered');
  });
});

describe('lists', () => {
  test('are newest first, page by page, and refuse a cursor that is none', async () => {
    const own = await api.addProject();
    for (let n = 0; n < 5; n++) await add(plainFlow(`${n}`), own);
    const names: string[] = [];
    let cursor = '';
    do {
      const { body } = await own.get(`/flows?limit=2${cursor}`);
      names.push(...(body['items'] as { name: string }[]).map((one) => one.name));
      cursor = body['nextCursor'] === null ? '' : `&cursor=${String(body['nextCursor'])}`;
    } while (cursor !== '');
    expect(names).toEqual(['4', '3', '2', '1', '0'].map((n) => `Plain ${n}`));
    for (const bad of ['x', newId(), '%F0%9F%8E%B5']) {
      expect((await own.get(`/flows?cursor=${bad}`)).body).toMatchObject({ status: 422, code: 'bad_cursor' });
    }
    for (const limit of ['0', '201', 'x', '1.5'])
      expect((await own.get(`/flows?limit=${limit}`)).status).toBe(422);
  });
});
