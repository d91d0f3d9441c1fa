import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { plainFlow, startFlows } from '../testing.ts';

const { api, project, addRelease, keywordFlow, add, codes, joinTrigger } = await startFlows();

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
