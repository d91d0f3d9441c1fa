import { describe, expect, test } from 'vitest';
import { addNumber } from '#http/testing.ts';
import { plainFlow, startFlows } from '../testing.ts';

const { api, project, other, keywordFlow, add, addRelease, connectionId, segmentId } = await startFlows();

describe('the facts of a project', () => {
  test('name its numbers, their hours, its services and what the plan allows', async () => {
    const { body } = await project.get('/flow-facts');
    expect(body).toMatchObject({
      isLive: false,
      programme: 'Luna Vale',
      legalSender: 'Luna Vale',
      monthlyCap: 6,
      services: [],
      senders: [
        {
          connectionId,
          value: '+16195550100',
          isReady: true,
          openHours: { from: 480, to: 1260 },
          acceptsKeywordAsConsent: true,
        },
      ],
    });
    expect(body['termsUrl']).toMatch(/\/t\/luna-vale/);
  });

  test('R4 R5 R6 R7 the plan’s limits, with how many flows are active', async () => {
    const basic = await api.addProject({ plan: 'basic' });
    const { id } = await add(plainFlow('ONE'), basic);
    await basic.post(`/flows/${id}/activate`);
    expect((await basic.get('/flow-facts')).body['plan']).toEqual({
      label: 'Basic',
      maxSteps: 1,
      maxActive: 1,
      active: 1,
      instagram: false,
      newReleaseTrigger: false,
    });
  });

  test('a service with its actions, for whom it is, and how long a link lasts', async () => {
    const own = await api.addProject();
    const { id } = await api.connections.createConnection({
      accountId: own.accountId,
      connector: 'spotify',
      label: 'App',
      isLive: false,
      settings: { clientId: 'c', mode: 'development', namedTesters: ['a@fans.example'] },
    });
    await api.connections.lendConnection(own.accountId, id, own.projectId);
    const { body } = await own.get('/flow-facts');
    expect(body['services']).toMatchObject([
      { id: 'spotify', canSave: true, canFollow: true, isForTesters: true },
    ]);
    expect(body['services'][0].linkDays).toBeGreaterThan(170);
    expect((await other.get('/flow-facts')).body['services']).toEqual([]);
  });
});

describe('R14 conflicts before an activation', () => {
  const trigger = (keywords: string[], connection = connectionId) => ({
    trigger: 'keyword',
    config: { keywords, connectionId: connection },
  });

  test('name the other flow, in every spelling; a flow is not in its own way', async () => {
    const { id } = await add(keywordFlow('NIGHT'));
    await project.post(`/flows/${id}/activate`);
    const ask = async (body: object) => (await project.post('/flow-conflicts', body)).body['items'];
    expect(await ask({ trigger: trigger(['n-ight!', 'FREE']) })).toEqual([
      { flowId: id, flowName: 'Flow NIGHT', words: 'the keyword “NIGHT”' },
    ]);
    expect(await ask({ trigger: trigger(['NIGHT']), flowId: id })).toEqual([]);
    expect(await ask({ trigger: trigger(['NIG']) })).toEqual([]);
    expect(await ask({ trigger: trigger([]) })).toEqual([]);
  });

  test('R117 of another project that shares the number, without a way to its flow', async () => {
    const friend = await api.addProject({ accountId: project.accountId });
    await api.connections.lendConnection(project.accountId, connectionId, friend.projectId);
    const flow = { ...keywordFlow('SHARED'), steps: [{ step: 'send-text', config: { body: 'hi' } }] };
    const { id } = await add(flow, friend);
    await friend.post(`/flows/${id}/activate`);
    const { body } = await project.post('/flow-conflicts', { trigger: trigger(['SHARED']) });
    expect(body['items']).toEqual([{ flowId: null, flowName: 'Flow SHARED', words: 'the keyword “SHARED”' }]);
  });
});

describe('the preview of a text', () => {
  const trigger = (config: object = {}) => ({
    trigger: 'keyword',
    config: { keywords: ['PRE'], connectionId, ...config },
  });
  const callToAction = { programme: 'Luna Vale', perMonth: 5, where: 'page', link: 'https://luna.example' };

  async function preview(steps: object[], config: object = {}, position = steps.length) {
    const { status, body } = await project.post('/flow-previews', {
      trigger: trigger(config),
      steps,
      position,
    });
    expect(status).toBe(200);
    return body as unknown as {
      problem: string | null;
      readings: { reader: string; pieces: { by: string; text: string }[]; parts: number; credits: number }[];
    };
  }
  const texts = ({ readings }: Awaited<ReturnType<typeof preview>>) =>
    readings.map(({ reader, pieces }) => `${reader}: ${pieces.map(({ text }) => text).join('')}`);

  test('R39 R54 shows what each fan reads, with the words that the system adds marked as such', async () => {
    const { releaseId } = await addRelease(project.projectId);
    const body =
      "{% if steps.presave.status == 'done' %}done, {{ fan.name | default: 'friend' }}!{% elsif run.again %}again {{ links.connect }}{% else %}{{ release.title }}: {{ links.connect }}{% endif %}";
    const steps = [
      { step: 'presave', config: { releaseId } },
      { step: 'send-text', config: { body } },
    ];
    const seen = await preview(steps, { mode: 'consent', callToAction });
    const link = '127.0.0.1:3000/s/Ab3dEf6h1J';
    expect(texts(seen)).toEqual([
      `new: Luna Vale: Nightglass: ${link} You joined: max 5 msgs/mo. Msg&data rates may apply. HELP for help, STOP to end`,
      'linked: Luna Vale: done, Maya! STOP to end',
      `link_ended: Luna Vale: Nightglass: ${link} STOP to end`,
      `again: Luna Vale: again ${link} STOP to end`,
    ]);
    expect(seen.readings[0]?.pieces.map(({ by }) => by)).toEqual(['system', 'artist', 'system']);
    expect(seen.readings[0]).toMatchObject({ parts: 1, credits: 1 });
  });

  test('R94 the one reply holds only what was asked for and who we are', async () => {
    expect(texts(await preview([{ step: 'send-text', config: { body: 'hi' } }]))).toEqual([
      'new: Luna Vale: hi',
      'again: Luna Vale: hi',
    ]);
  });

  test('works on what is half filled in, and says why it cannot where it cannot', async () => {
    const steps = [
      { step: 'presave', config: {} },
      { step: 'add-to-segment', config: { segmentId } },
      { step: 'send-text', config: { body: 'hi {{ artist.name }}' } },
    ];
    expect(texts(await preview(steps))[0]).toBe('new: Luna Vale: hi Luna Vale');
    expect((await preview([{ step: 'send-text', config: { body: '{{ nobody }}' } }])).problem).toMatch(
      /nobody/,
    );
    expect((await preview([{ step: 'send-text', config: { body: '{% if %}' } }])).problem).not.toBeNull();
    expect((await preview([{ step: 'send-text', config: { body: '' } }])).readings).toEqual([]);
    expect((await preview([{ step: 'send-text', config: { body: 'x' } }], {}, 3)).readings).toEqual([]);
  });

  test('R82 an emoji makes the text dearer, and the country of the number counts', async () => {
    const long = [{ step: 'send-text', config: { body: `${'a'.repeat(80)}🎵` } }];
    expect((await preview(long)).readings[0]).toMatchObject({
      parts: 2,
      encoding: 'UCS-2',
      credits: 2,
      lighter: { emoji: 1, letters: [], parts: 1 },
    });
    const uk = await addNumber(api, project, '+447400123456');
    expect((await preview(long, { connectionId: uk })).readings[0]).toMatchObject({ parts: 2, credits: 12 });
  });
});
