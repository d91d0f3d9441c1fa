import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { addNumber, startApi, statusesOf, type TestProject } from '#http/testing.ts';

const api = await startApi();
let project: TestProject;
let other: TestProject;
let segmentId: string;
let connectionId: string;

beforeAll(async () => {
  project = await api.addProject();
  other = await api.addProject();
  segmentId = await addSegment(project, 'New Fans');
  connectionId = await addNumber(api, project);
});

async function addSegment(to: TestProject, name: string): Promise<string> {
  return (await to.post('/segments', { name })).body['id'];
}

/** A release of an artist, by hand: what is tested here is how flows name it. */
async function addRelease(projectId: string, kind = 'album') {
  const artistId = newId();
  const releaseId = newId();
  await sql`insert into artist (project_id, id, name, created_at)
            values (${projectId}, ${artistId}, 'Luna Vale', now())`.execute(api.db);
  await sql`insert into release (project_id, id, artist_id, title, kind, release_at, created_at)
            values (${projectId}, ${releaseId}, ${artistId}, 'Nightglass', ${kind}, now(), now())`.execute(
    api.db,
  );
  return { artistId, releaseId };
}

const keywordFlow = (keyword: string, more: object = {}) => ({
  name: `Flow ${keyword}`,
  trigger: { trigger: 'keyword', config: { keywords: [keyword], connectionId } },
  steps: [{ step: 'add-to-segment', config: { segmentId } }],
  ...more,
});

async function add(flow: object, to = project) {
  const { status, body } = await to.post('/flows', flow);
  expect(body).not.toHaveProperty('errors');
  expect(status).toBe(201);
  return body as {
    id: string;
    version: number;
    problems: { code: string; path: string; severity: string }[];
  };
}

const gate = async (key: string) => {
  const { rows } = await sql<{ seq: number; closed: boolean }>`
    select seq, closed from gate where project_id = ${project.projectId} and key = ${key}`.execute(api.db);
  return rows[0] ?? { seq: 0, closed: false };
};

const codes = async (flow: object) =>
  (await add(flow)).problems.map(({ severity, code }) => `${severity} ${code}`);

/** A flow that names nothing of its project. */
const plainFlow = (keyword: string, body = 'hi') => ({
  name: `Plain ${keyword}`,
  trigger: { trigger: 'keyword', config: { keywords: [keyword] } },
  steps: [{ step: 'send-text', config: { body } }],
});

const joinTrigger = (config: object) => ({
  trigger: { trigger: 'keyword', config: { keywords: ['JOIN'], connectionId, mode: 'consent', ...config } },
});

describe('a draft', () => {
  test('is made with defaults and read back', async () => {
    const { id } = await add(keywordFlow('DEFAULTS'));
    const { body } = await project.get(`/flows/${id}`);
    expect(body).toEqual({
      id,
      name: 'Flow DEFAULTS',
      state: 'draft',
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

describe('problems', () => {
  test('R17 R19 reserved, empty, long and odd keywords are errors that block activation', async () => {
    const cases = {
      STOP: 'keyword_reserved',
      HELP: 'keyword_reserved',
      '!!': 'keyword_empty',
      'A&B': 'keyword_characters',
    };
    for (const [keyword, code] of Object.entries(cases)) {
      const { id, problems } = await add(keywordFlow(keyword));
      expect(problems).toMatchObject([{ severity: 'error', code, path: 'trigger.config.keywords.0' }]);
      const { status, body } = await project.post(`/flows/${id}/activate`);
      expect(status).toBe(422);
      expect(body['errors']).toMatchObject([{ code, path: 'trigger.config.keywords.0' }]);
    }
    expect(await codes(keywordFlow('A'.repeat(31)))).toEqual(['error keyword_too_long']);
  });

  test('R1 a flow without steps cannot start', async () => {
    expect(await codes(keywordFlow('EMPTY', { steps: [] }))).toEqual(['error no_steps']);
  });

  test('R22 a playlist cannot be pre-saved', async () => {
    const { releaseId } = await addRelease(project.projectId, 'playlist');
    expect(await codes(keywordFlow('LIST', { steps: [{ step: 'presave', config: { releaseId } }] }))).toEqual(
      ['error playlist'],
    );
  });

  test('R52 a text without a sender is warned of, and may start', async () => {
    const poor = await api.addProject();
    const flow = {
      name: 'Poor',
      trigger: { trigger: 'keyword', config: { keywords: ['POOR'] } },
      steps: [{ step: 'send-text', config: { body: 'hi' } }],
    };
    const { id, problems } = await add(flow, poor);
    expect(problems.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      'warning no_sender',
      'warning no_sender',
    ]);
    expect((await poor.post(`/flows/${id}/activate`)).body).toMatchObject({
      state: 'active',
      activeVersion: 1,
    });
  });

  test('R92 templates are checked with what this step can know', async () => {
    const text = (body: string) => keywordFlow('T', { steps: [{ step: 'send-text', config: { body } }] });
    expect(await codes(text('Hi {{ fan.name }}'))).toEqual(['error missing_fallback']);
    expect(await codes(text('{{ release.title }}'))).toEqual(['error unknown_variable']);
    expect(await codes(text('{% for x in y %}'))).toEqual(['error unknown_tag']);
    expect(await codes(text('Hi {{ fan.name | default: "you" }}, {{ links.connect }}'))).toEqual([]);
    const { releaseId } = await addRelease(project.projectId);
    const body =
      '{% if steps.presave.status == "done" %}{{ release.title }} is set{% else %}{{ links.connect }}{% endif %}';
    const steps = [
      { step: 'presave', config: { releaseId } },
      { step: 'send-text', config: { body } },
    ];
    expect(await codes(keywordFlow('T2', { steps }))).toEqual([]);
    expect(await codes(keywordFlow('T3', { steps: steps.toReversed() }))).toEqual(['error unknown_variable']);
  });

  test('a text of more than ten parts cannot start', async () => {
    const steps = [{ step: 'send-text', config: { body: '🎵 '.repeat(400) } }];
    expect(await codes(keywordFlow('LONG', { steps }))).toEqual(['error too_many_parts']);
  });

  test('R101 a prize near a streaming step is warned of', async () => {
    const { releaseId } = await addRelease(project.projectId);
    const steps = [
      { step: 'presave', config: { releaseId } },
      { step: 'send-text', config: { body: 'Pre-save to win a shirt' } },
    ];
    expect(await codes(keywordFlow('WIN', { steps }))).toEqual(['warning reward_words']);
  });

  test('R106 a live text may only link to public https hosts, and never through a shortener', async () => {
    const live = await api.addProject({ isLive: true });
    const errors = async (body: string) =>
      (await add(plainFlow('LIVE', body), live)).problems
        .filter((one) => one.severity === 'error')
        .map((one) => one.code);
    // The address of this installation is not one that fans reach.
    expect(await errors('hi')).toEqual(['address_not_public']);
    expect(await errors('http://luna.example.com')).toEqual(['link_not_public', 'address_not_public']);
    expect(await errors('https://bit.ly/x')).toEqual(['link_shortener', 'address_not_public']);
  });

  test('R95 consent mode needs its call to action, which is published with the activation', async () => {
    expect(await codes(keywordFlow('JOIN', joinTrigger({})))).toEqual(['error call_to_action_missing']);
    const { releaseId } = await addRelease(project.projectId);
    const callToAction = {
      programme: 'Luna Vale',
      perMonth: 5,
      where: 'poster',
      link: 'https://luna.example/poster.png',
    };
    const steps = [{ step: 'presave', config: { releaseId } }];
    const { id, problems } = await add(keywordFlow('JOIN', { ...joinTrigger({ callToAction }), steps }));
    expect(problems).toEqual([]);
    expect((await project.post(`/flows/${id}/activate`)).status).toBe(200);
    const { rows } = await sql<{ text: string; per_month: number; place: string }>`
      select text, per_month, place from call_to_action where flow_id = ${id}`.execute(api.db);
    expect(rows).toMatchObject([{ per_month: 5, place: 'poster' }]);
    expect(rows[0]!.text).toContain('Text JOIN to +16195550100 to pre-save Nightglass.');
  });
});

describe('versions', () => {
  test('R12 an edit makes a draft version; the active one stays until activation', async () => {
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

describe('activation', () => {
  test('R14 a taken keyword is 409 and names the flow that has it, in any spelling', async () => {
    const first = await add(keywordFlow('Pre-Taken'));
    const second = await add(keywordFlow('“pretaken!”'));
    await project.post(`/flows/${first.id}/activate`);
    const { status, body } = await project.post(`/flows/${second.id}/activate`);
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'flow_conflict',
      rule: 'R14',
      conflict: { flowId: first.id, flowName: 'Flow Pre-Taken', scope: `keyword:${connectionId}:pretaken` },
    });
    // A1: a paused flow reserves nothing.
    await project.post(`/flows/${first.id}/pause`);
    expect((await project.post(`/flows/${second.id}/activate`)).status).toBe(200);
    expect((await project.post(`/flows/${first.id}/activate`)).status).toBe(409);
  });

  test('R15 of twenty flows with one keyword activated at once, one starts', async () => {
    const flows = await Promise.all(Array.from({ length: 20 }, () => add(keywordFlow('RACE'))));
    const answers = await Promise.all(flows.map(({ id }) => project.post(`/flows/${id}/activate`)));
    const winner = flows[answers.findIndex((one) => one.status === 200)]!;
    expect(answers.filter((one) => one.status === 200)).toHaveLength(1);
    const conflicts = answers.filter((one) => one.status !== 200).map((one) => one.body);
    expect(new Set(conflicts.map((body) => `${body['code']} ${body['conflict'].flowId}`))).toEqual(
      new Set([`flow_conflict ${winner.id}`]),
    );
  });

  test('R15 R117 the race holds between projects that share a sender', async () => {
    const sibling = await api.addProject({ accountId: project.accountId });
    await api.connections.lendConnection(project.accountId, connectionId, sibling.projectId);
    const theirs = await addSegment(sibling, 'Theirs');
    const flow = {
      ...keywordFlow('SHARED'),
      steps: [{ step: 'add-to-segment', config: { segmentId: theirs } }],
    };
    for (let round = 0; round < 5; round++) {
      const [a, b] = [await add(keywordFlow('SHARED')), await add(flow, sibling)];
      const answers = await Promise.all([
        project.post(`/flows/${a.id}/activate`),
        sibling.post(`/flows/${b.id}/activate`),
      ]);
      expect(statusesOf(answers)).toEqual([200, 409]);
      await Promise.all([project.del(`/flows/${a.id}`), sibling.del(`/flows/${b.id}`)]);
    }
  });

  test('R5 a plan’s limit of active flows holds under a race; paused flows do not count', async () => {
    const pro = await api.addProject({ plan: 'pro' });
    const flows = await Promise.all(Array.from({ length: 20 }, (_, n) => add(plainFlow(`WORD${n}`), pro)));
    const answers = await Promise.all(flows.map(({ id }) => pro.post(`/flows/${id}/activate`)));
    expect(answers.filter((one) => one.status === 200)).toHaveLength(5);
    const refused = answers.find((one) => one.status !== 200)!;
    expect(refused.body).toMatchObject({ status: 409, code: 'plan_limit', rule: 'R5' });
    expect(refused.body['detail']).toMatch(/Pro allows 5 active flows, and 5 are active/);
    const active = flows[answers.findIndex((one) => one.status === 200)]!;
    const waiting = flows[answers.findIndex((one) => one.status === 409)]!;
    await pro.post(`/flows/${active.id}/pause`);
    expect((await pro.post(`/flows/${waiting.id}/activate`)).status).toBe(200);
  });

  test('R6 a basic project cannot save a second step', async () => {
    const basic = await api.addProject({ plan: 'basic' });
    const step = { step: 'send-text', config: { body: 'hi' } };
    const flow = { name: 'B', trigger: { trigger: 'keyword', config: { keywords: ['B'] } } };
    expect((await basic.post('/flows', { ...flow, steps: [step] })).status).toBe(201);
    expect((await basic.post('/flows', { ...flow, steps: [step, step] })).body).toMatchObject({
      status: 409,
      code: 'plan_limit',
      rule: 'R6',
    });
  });

  test('moves the gates of matching, and is repeated without effect', async () => {
    const { id } = await add(keywordFlow('GATES'));
    const before = await gate('flows');
    await project.post(`/flows/${id}/activate`);
    const after = await gate('flows');
    expect(after.seq).toBe(before.seq + 1);
    expect((await project.post(`/flows/${id}/activate`)).status).toBe(200);
    expect(await gate('flows')).toEqual(after);
  });
});

describe('pause and start', () => {
  test.each([
    ['hold', true],
    ['finish', false],
    ['cancel', true],
  ])('R9 %s: the gate of its runs is closed: %s; start opens it', async (inProgress, closed) => {
    const { id } = await add(keywordFlow(`PAUSE${inProgress}`));
    await project.post(`/flows/${id}/activate`);
    expect((await project.post(`/flows/${id}/pause`, { inProgress })).body).toMatchObject({
      state: 'paused',
    });
    expect((await gate(`flow:${id}`)).closed).toBe(closed);
    expect((await gate(`flow:${id}:deleted`)).closed).toBe(false);
    expect((await project.post(`/flows/${id}/activate`)).body).toMatchObject({ state: 'active' });
    expect((await gate(`flow:${id}`)).closed).toBe(false);
  });

  test('a draft cannot be paused', async () => {
    const { id } = await add(keywordFlow('NEVER'));
    expect((await project.post(`/flows/${id}/pause`)).status).toBe(422);
  });
});

describe('delete', () => {
  test('R11 closes both gates, frees the keyword and leaves nothing to read', async () => {
    const { id } = await add(keywordFlow('GONE'));
    await project.post(`/flows/${id}/activate`);
    expect((await project.del(`/flows/${id}`)).status).toBe(204);
    expect((await gate(`flow:${id}`)).closed).toBe(true);
    expect((await gate(`flow:${id}:deleted`)).closed).toBe(true);
    expect((await project.get(`/flows/${id}`)).status).toBe(404);
    expect((await project.del(`/flows/${id}`)).status).toBe(404);
    expect((await project.post(`/flows/${id}/activate`)).status).toBe(404);
    const next = await add(keywordFlow('GONE'));
    expect((await project.post(`/flows/${next.id}/activate`)).status).toBe(200);
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
