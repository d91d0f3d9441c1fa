import { sql } from 'kysely';
import { expect } from 'vitest';
import { newId } from '#lib/ids.ts';
import { addNumber, startApi, type TestProject } from '#http/testing.ts';

export async function addSegment(to: TestProject, name: string): Promise<string> {
  return (await to.post('/segments', { name })).body['id'];
}

/** A flow that names nothing of its project. */
export const plainFlow = (keyword: string, body = 'hi') => ({
  name: `Plain ${keyword}`,
  trigger: { trigger: 'keyword', config: { keywords: [keyword] } },
  steps: [{ step: 'send-text', config: { body } }],
});

/** Two projects over one API; the first has a segment and a number. */
export async function startFlows() {
  const api = await startApi();
  const project = await api.addProject();
  const other = await api.addProject();
  const segmentId = await addSegment(project, 'New Fans');
  const connectionId = await addNumber(api, project);

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

  const joinTrigger = (config: object) => ({
    trigger: { trigger: 'keyword', config: { keywords: ['JOIN'], connectionId, mode: 'consent', ...config } },
  });

  return {
    api,
    project,
    other,
    segmentId,
    connectionId,
    addRelease,
    keywordFlow,
    add,
    gate,
    codes,
    joinTrigger,
  };
}
