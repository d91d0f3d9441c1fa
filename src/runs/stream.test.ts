import { describe, expect, test } from 'vitest';
import { type TestProject } from '#http/testing.ts';
import { startRuns } from './testing.ts';

const { api, project, other, start } = await startRuns();

async function openStream(to: TestProject, query = '') {
  const abort = new AbortController();
  const response = await api.app.request(`/api/v1/runs/stream${query}`, {
    headers: { authorization: `Bearer ${to.key}` },
    signal: abort.signal,
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    async until(pattern: RegExp): Promise<string> {
      while (!pattern.test(text)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended with: ${text}`);
        text += value;
      }
      return text;
    },
    async close() {
      abort.abort();
      await reader.cancel();
    },
  };
}

describe('the live stream', () => {
  test('tells a run that starts and what becomes of it, to its own project only', async () => {
    const [mine, theirs] = [await openStream(project), await openStream(other)];
    await mine.until(/event: ready/);
    const { runs } = await start();
    const text = await mine.until(new RegExp(`"id":"${runs[0]}"[^\\n]*"state":"held"`));
    expect(text).toMatch(/event: run\ndata: \{"id"/);
    const heard = await theirs.until(/event: ready/);
    expect(heard).not.toContain(runs[0]!);
    await mine.close();
    await theirs.close();
  });

  test('follows one run by name', async () => {
    const { runs } = await start();
    const stream = await openStream(project, `?runId=${runs[0]}`);
    await stream.until(/"state":"held"/);
    await project.post(`/runs/${runs[0]}/cancel`);
    expect(await stream.until(/"state":"cancelled"/)).toContain(runs[0]!);
    await stream.close();
  });

  test('is not opened by a HEAD', async () => {
    const headers = { authorization: `Bearer ${project.key}` };
    const before = api.runFeed.streams;
    const response = await api.app.request('/api/v1/runs/stream', { method: 'HEAD', headers });
    expect([response.status, api.runFeed.streams]).toEqual([200, before]);
  });

  test('unknown filters are 422', async () => {
    expect((await project.get('/runs/stream?x=1')).status).toBe(422);
  });
});
