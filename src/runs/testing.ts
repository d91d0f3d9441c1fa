import { expect } from 'vitest';
import { newId } from '#lib/ids.ts';
import { startApi, type TestProject } from '#http/testing.ts';

export const keywordEvent = (key: string, more: object = {}) => ({
  type: 'sms.keyword',
  fan: { phone: '+16195550101' },
  subject: { keyword: 'presave' },
  idempotencyKey: key,
  ...more,
});

/** An active flow; its steps are given a segment of the project. */
export async function addFlow(to: TestProject, steps: (segmentId: string) => object[]): Promise<string> {
  const segment = await to.post('/segments', { name: newId() });
  const { body } = await to.post('/flows', {
    name: 'Flow',
    trigger: { trigger: 'keyword', config: { keywords: ['PRESAVE'] } },
    steps: steps(segment.body['id']),
  });
  expect((await to.post(`/flows/${body['id']}/activate`)).status).toBe(200);
  return body['id'];
}

/** Two projects over one API; the first has a flow whose second step, a text, is held. */
export async function startRuns() {
  const api = await startApi({ heldSteps: ['send-text'] });
  const project = await api.addProject();
  const other = await api.addProject();
  const flowId = await addFlow(project, (segmentId) => [
    { step: 'add-to-segment', config: { segmentId } },
    { step: 'send-text', config: { body: 'hi' } },
    { step: 'add-to-segment', config: { segmentId } },
  ]);
  let phones = 0;

  /** A fan of its own each: one has at most one live run of a flow (R30). */
  async function start(phone = `+16195551${String(phones++).padStart(3, '0')}`) {
    const { body } = await project.post('/events', keywordEvent(newId(), { fan: { phone } }));
    return body as { eventId: string; runs: string[] };
  }

  async function untilHeld(runId: string) {
    const state = async () => (await project.get(`/runs/${runId}`)).body['state'];
    await expect.poll(state, { timeout: 10_000 }).toBe('held');
  }

  return { api, project, other, flowId, start, untilHeld };
}
