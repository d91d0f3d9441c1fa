import { describe, expect, test } from 'vitest';
import { statusesOf } from '#http/testing.ts';
import { newId } from '#lib/ids.ts';
import { addSegment, plainFlow, startFlows } from './testing.ts';

const { api, project, other, segmentId, connectionId, keywordFlow, add, addRelease, gate } =
  await startFlows();

describe('activation', () => {
  test('A1 R14 a taken keyword is 409 and names the flow that has it, in any spelling', async () => {
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

  test('R117 who would take a connection back reads which active flows name it', async () => {
    const sibling = await api.addProject({ accountId: project.accountId });
    const owner = await api.addPerson(project, 'owner');
    const path = `/connections/${connectionId}/projects`;
    await owner.put(`${path}/${sibling.projectId}`, {});
    const flowsThere = async () => {
      const { items } = (await owner.get(path)).body;
      return items.find((one: { projectId: string }) => one.projectId === sibling.projectId).flows;
    };
    const steps = [{ step: 'send-text', config: { body: 'hi' } }];
    const { id } = await add(keywordFlow('LENT', { steps }), sibling);
    await add(plainFlow('OWN'), sibling);
    expect(await flowsThere()).toEqual([]);
    expect((await sibling.post(`/flows/${id}/activate`)).status).toBe(200);
    expect(await flowsThere()).toEqual(['Flow LENT']);
    await sibling.post(`/flows/${id}/pause`);
    expect(await flowsThere()).toEqual([]);
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

  test('R14 two Instagram flows share neither keyword nor “any” in one place; one post is another place than all', async () => {
    const steps = [{ step: 'send-instagram-dm', config: { text: 'hi' } }];
    const flowOf = async (trigger: string, config: object) => {
      const { id } = await add({
        name: `${trigger} ${JSON.stringify(config)}`,
        trigger: { trigger, config },
        steps,
      });
      const { status, body } = await project.post(`/flows/${id}/activate`);
      return status === 200 ? 200 : `${body['code']} ${body['rule']}`;
    };
    const taken = 'flow_conflict R14';
    expect(await flowOf('instagram-dm', { keywords: ['Link'] })).toBe(200);
    expect(await flowOf('instagram-dm', { keywords: ['l-i-n-k', 'OTHER'] })).toBe(taken);
    expect(await flowOf('instagram-dm', { on: 'any' })).toBe(200);
    expect(await flowOf('instagram-dm', { on: 'any' })).toBe(taken);
    expect(await flowOf('instagram-comment', { keywords: ['LINK'] })).toBe(200);
    expect(await flowOf('instagram-comment', { keywords: ['LINK'], mediaId: '179' })).toBe(200);
    expect(await flowOf('instagram-comment', { keywords: ['LINK'], mediaId: '179' })).toBe(taken);
    expect(await flowOf('instagram-comment', { on: 'any', mediaId: '179' })).toBe(200);
  });

  test('a message for Instagram is counted in bytes, as it leaves', async () => {
    const problems = async (text: string) => {
      const flow = {
        name: 'Long',
        trigger: { trigger: 'instagram-dm', config: { keywords: ['LONG'] } },
        steps: [{ step: 'send-instagram-dm', config: { text } }],
      };
      return (await add(flow)).problems.map(({ severity, code }) => `${severity} ${code}`);
    };
    const missing = 'warning no_sender';
    expect(await problems('a'.repeat(900))).toEqual([missing]);
    expect(await problems('🔥'.repeat(225))).toEqual([missing]);
    expect(await problems('🔥'.repeat(240))).toEqual([missing, 'error too_many_bytes']);
  });

  test.each([
    ['sms-sign-up', 'R13', 'everyone who signs up for texts'],
    ['email-sign-up', 'R13', 'everyone who signs up for mails'],
    ['new-release', 'R13', 'every new release'],
    ['presave', 'R14', 'pre-saves of this release'],
    ['follow', 'R14', 'new followers of this artist'],
    ['library-add', 'R14', 'library adds of this release'],
    ['nextsave', 'R14', 'NextSave for this artist'],
  ])('R13 R14 R15 of eight %s flows activated at once, one starts (%s)', async (trigger, rule, words) => {
    const { releaseId, artistId } = await addRelease(project.projectId);
    const isOfRelease = ['presave', 'library-add'].includes(trigger);
    const isOfArtist = ['follow', 'nextsave'].includes(trigger);
    const config = isOfRelease ? { releaseId } : isOfArtist ? { artistId } : {};
    const steps = [{ step: 'add-to-segment', config: { segmentId } }];
    const flow = { name: `Flow ${trigger}`, trigger: { trigger, config }, steps };
    const flows = await Promise.all(Array.from({ length: 8 }, () => add(flow)));
    const answers = await Promise.all(flows.map(({ id }) => project.post(`/flows/${id}/activate`)));
    const winner = flows[answers.findIndex((one) => one.status === 200)]!;
    expect(statusesOf(answers)).toEqual([200, ...Array.from({ length: 7 }, () => 409)]);
    for (const { status, body } of answers.filter((one) => one.status === 409)) {
      expect([status, body['code'], body['rule']]).toEqual([409, 'flow_conflict', rule]);
      expect(body['detail']).toBe(`The active flow “Flow ${trigger}” already has ${words}.`);
      expect(body['conflict'].flowId).toBe(winner.id);
    }
    // R14: another release, another artist, is another flow's; another project has its own (R13).
    const theirs = await addRelease(isOfRelease || isOfArtist ? project.projectId : other.projectId);
    const to = isOfRelease || isOfArtist ? project : other;
    const free = {
      ...flow,
      trigger: {
        trigger,
        config: isOfRelease
          ? { releaseId: theirs.releaseId }
          : isOfArtist
            ? { artistId: theirs.artistId }
            : {},
      },
      steps: [{ step: 'send-text', config: { body: 'hi' } }],
    };
    const { id } = await add(free, to);
    expect((await to.post(`/flows/${id}/activate`)).status).toBe(200);
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

  test('R7 a basic project has no Instagram trigger and no Instagram step; a Pro project has both', async () => {
    const dm = { trigger: { trigger: 'instagram-dm', config: { keywords: ['LINK'] } } };
    const step = { step: 'send-instagram-dm', config: { text: 'hi' } };
    const basic = await api.addProject({ plan: 'basic' });
    const inBasic = await addSegment(basic, 'New Fans');
    const segment = { step: 'add-to-segment', config: { segmentId: inBasic } };
    const flows = [
      { name: 'Trigger', ...dm, steps: [segment] },
      { ...plainFlow('STEP'), steps: [step] },
    ];
    for (const flow of flows) {
      const { status, body } = await basic.post('/flows', flow);
      expect([status, body['code'], body['rule']]).toEqual([409, 'plan_limit', 'R7']);
    }
    const pro = await api.addProject({ plan: 'pro' });
    expect((await pro.post('/flows', { name: 'Both', ...dm, steps: [step] })).status).toBe(201);
  });

  test('R7 a basic project has no new-release trigger', async () => {
    const basic = await api.addProject({ plan: 'basic' });
    const steps = [{ step: 'send-text', config: { body: 'hi' } }];
    const flow = { name: 'B', trigger: { trigger: 'new-release', config: {} }, steps };
    expect((await basic.post('/flows', flow)).body).toMatchObject({
      status: 409,
      code: 'plan_limit',
      rule: 'R7',
    });
  });

  test('a draft without its release is kept, and says what is missing', async () => {
    const steps = [{ step: 'add-to-segment', config: { segmentId } }];
    const { id, problems } = await add({ name: 'Open', trigger: { trigger: 'presave', config: {} }, steps });
    const problem = { path: 'trigger.config.releaseId', code: 'required', severity: 'error' };
    expect(problems).toEqual([{ ...problem, message: 'Choose the release.' }]);
    expect((await project.post(`/flows/${id}/activate`)).status).toBe(422);
    const wrong = { trigger: { trigger: 'presave', config: { releaseId: newId() } } };
    expect((await project.post('/flows', { name: 'Wrong', ...wrong, steps })).body['errors']).toEqual([
      { path: 'trigger.config.releaseId', code: 'not_found', message: expect.any(String) },
    ]);
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

describe('R8 states', () => {
  test('R8 a draft starts, is paused, starts again and is gone once deleted; nothing else', async () => {
    const { id } = await add(keywordFlow('STATES'));
    const state = async () => (await project.get(`/flows/${id}`)).body['state'];
    const seen = [await state()];
    for (const verb of ['activate', 'pause', 'activate']) {
      await project.post(`/flows/${id}/${verb}`);
      seen.push(await state());
    }
    await project.del(`/flows/${id}`);
    expect([...seen, await state()]).toEqual(['draft', 'active', 'paused', 'active', undefined]);
    for (const verb of ['activate', 'pause'])
      expect((await project.post(`/flows/${id}/${verb}`)).status).toBe(404);
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
