import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { addSegment, startFlows } from '../testing.ts';

const { api, project, other, keywordFlow, add, addRelease, connectionId } = await startFlows();

let segmentId = '';
beforeAll(async () => {
  segmentId = await addSegment(project, 'Backstage');
});

const text = (body: string, more: object = {}) => ({ step: 'send-text', config: { body }, ...more });
const toSegment = (id = segmentId) => ({ step: 'add-to-segment', config: { segmentId: id } });

/** Saves these steps one after the other. */
async function saveAll(keyword: string, ...versions: object[][]) {
  const [first = [], ...others] = versions;
  const { id } = await add(keywordFlow(keyword, { steps: first }));
  for (const [index, steps] of others.entries()) {
    const { status } = await project.put(`/flows/${id}`, keywordFlow(keyword, { steps, version: index + 1 }));
    expect(status).toBe(200);
  }
  return id;
}

const shown = async (id: string) =>
  ((await project.get(`/flows/${id}/versions`)).body['items'] as Record<string, unknown>[]).map(
    ({ version, state }) => `${String(version)} ${String(state)}`,
  );
const changes = async (id: string, query = '') =>
  (await project.get(`/flows/${id}/difference${query}`)).body['changes'] as Record<string, unknown>[];

describe('the versions of a flow', () => {
  test('say who saved them, when, and which of them runs; of one sitting only the last is shown', async () => {
    const id = await saveAll('HISTORY', [text('a')], [text('b')], [text('c')]);
    expect(await shown(id)).toEqual(['3 draft']);
    await project.post(`/flows/${id}/activate`);
    await project.put(`/flows/${id}`, keywordFlow('HISTORY', { steps: [text('d')], version: 3 }));
    await project.put(`/flows/${id}`, keywordFlow('HISTORY', { steps: [text('e')], version: 4 }));
    const { body } = await project.get(`/flows/${id}/versions`);
    expect(body['items']).toEqual([
      {
        version: 5,
        state: 'draft',
        savedAt: expect.stringMatching(/Z$/),
        savedBy: { kind: 'key', name: 'test' },
        activatedAt: null,
      },
      {
        version: 3,
        state: 'active',
        savedAt: expect.stringMatching(/Z$/),
        savedBy: { kind: 'key', name: 'test' },
        activatedAt: expect.stringMatching(/Z$/),
      },
    ]);
  });

  test('of two people, and of two sittings, are shown apart', async () => {
    const id = await saveAll('SITTINGS', [text('a')], [text('b')], [text('c')], [text('d')]);
    await sql`update flow_version set saved_by = 'system' where flow_id = ${id} and version = 2`.execute(
      api.db,
    );
    await sql`update flow_version set created_at = created_at - interval '11 minutes'
               where flow_id = ${id} and version <= 3`.execute(api.db);
    expect(await shown(id)).toEqual(['4 draft', '3 old', '2 old', '1 old']);
    const { body } = await project.get(`/flows/${id}/versions?limit=3`);
    const { body: rest } = await project.get(
      `/flows/${id}/versions?limit=3&cursor=${String(body['nextCursor'])}`,
    );
    expect([body['items'].length, rest['items'].length, rest['nextCursor']]).toEqual([3, 1, null]);
    expect(body['items'][2].savedBy).toEqual({ kind: 'system', name: null });
  });

  test('can be read one by one', async () => {
    const id = await saveAll('READ', [text('a')], [text('b')]);
    const { body } = await project.get(`/flows/${id}/versions/1`);
    expect(body).toMatchObject({ version: 1, state: 'old', steps: [{ config: { body: 'a' } }] });
    expect((await project.get(`/flows/${id}/versions/9`)).status).toBe(404);
    expect((await project.get(`/flows/${id}/versions/x`)).status).toBe(404);
  });

  test('R88 of another project are 404 at every door', async () => {
    const id = await saveAll('THEIRS', [text('a')]);
    expect((await other.get(`/flows/${id}/versions`)).status).toBe(404);
    expect((await other.get(`/flows/${id}/versions/1`)).status).toBe(404);
    expect((await other.get(`/flows/${id}/difference`)).status).toBe(404);
    expect((await other.post(`/flows/${id}/versions/1/restore`, { version: 1 })).status).toBe(404);
  });

  test('an older one becomes the draft; what runs stays, and a stale wish is refused', async () => {
    const id = await saveAll('RESTORE', [text('a')], [text('b')]);
    await project.post(`/flows/${id}/activate`);
    const stale = await project.post(`/flows/${id}/versions/1/restore`, { version: 1 });
    expect([stale.status, stale.body['code']]).toEqual([409, 'stale_version']);
    const { body } = await project.post(`/flows/${id}/versions/1/restore`, { version: 2 });
    expect(body).toMatchObject({ version: 3, activeVersion: 2, steps: [{ config: { body: 'a' } }] });
  });
});

describe('what changed', () => {
  test('is nothing before the flow was ever started', async () => {
    const id = await saveAll('NEVER', [text('a')], [text('b')]);
    expect((await project.get(`/flows/${id}/difference`)).body).toEqual({ from: null, to: 2, changes: [] });
  });

  test('is said of trigger, re-entry and steps, with the words of each field', async () => {
    const before = [text('a'), toSegment()];
    const id = await saveAll('CHANGED', before);
    await project.post(`/flows/${id}/activate`);
    const after = [text('b', { onUnmet: 'skip', stopOnFailure: true }), toSegment()];
    const trigger = {
      trigger: 'keyword',
      config: { keywords: ['CHANGED', 'TWO'], connectionId, match: 'exact' },
    };
    const reentry = { policy: 'cooldown', seconds: 86_400 };
    await project.put(`/flows/${id}`, keywordFlow('CHANGED', { steps: after, trigger, reentry, version: 1 }));
    expect(await changes(id)).toEqual([
      {
        kind: 'trigger',
        summary: 'A fan texts CHANGED or TWO',
        fields: [
          { label: 'Keywords', before: 'CHANGED', after: 'CHANGED, TWO' },
          { label: 'Matches', before: 'texts that begin with the keyword', after: 'only the keyword itself' },
        ],
      },
      { kind: 'reentry', before: 'again after 1 minute', after: 'again after 1 day' },
      {
        kind: 'step_changed',
        position: 1,
        summary: 'Text “b”',
        fields: [
          { label: 'Text', before: 'a', after: 'b' },
          { label: 'If it cannot happen yet', before: 'wait', after: 'skip it' },
          { label: 'If it fails', before: 'go on', after: 'stop the run' },
        ],
      },
    ]);
  });

  test('tells a moved step from one that only made room', async () => {
    const { releaseId, artistId } = await addRelease(project.projectId);
    const presave = { step: 'presave', config: { releaseId } };
    const follow = { step: 'follow-artist', config: { artistId } };
    const id = await saveAll('MOVED', [presave, follow, toSegment()], [toSegment(), presave, follow]);
    expect(await changes(id, '?from=1&to=2')).toEqual([
      { kind: 'step_moved', position: 1, summary: 'Add to “Backstage”', from: 3 },
    ]);
    const next = [text('hi'), toSegment(), follow];
    await project.put(`/flows/${id}`, keywordFlow('MOVED', { steps: next, version: 2 }));
    expect(await changes(id, '?from=2&to=3')).toEqual([
      { kind: 'step_added', position: 1, summary: 'Text “hi”' },
      { kind: 'step_removed', position: 2, summary: 'Pre-save Nightglass' },
    ]);
  });

  test('names what a step is about, and knows two steps of one kind apart', async () => {
    const vip = await addSegment(project, 'VIP');
    const late = await addSegment(project, 'Late');
    const id = await saveAll('NAMES', [toSegment(), toSegment(vip)], [toSegment(vip), toSegment(late)]);
    expect(await changes(id, '?from=1&to=2')).toEqual([
      { kind: 'step_moved', position: 1, summary: 'Add to “VIP”', from: 2 },
      {
        kind: 'step_changed',
        position: 2,
        summary: 'Add to “Late”',
        fields: [{ label: 'Segment', before: 'Backstage', after: 'Late' }],
      },
    ]);
  });
});
