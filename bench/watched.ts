/**
 * `npm run bench -- watched`: what it costs a burst that somebody looks on. Rounds of `burst` alternate
 * with rounds during which a page of live runs is open: its stream, and the list read anew as the page does.
 */
import { createApiKey } from '#accounts/create.ts';
import { median, round2, rounds, segueRound, texts } from './burst/round.ts';
import { setStage } from './burst/stage.ts';

/** As `use-live-runs.ts` of the dashboard: however many runs are new, the list is read once a second. */
const readAgainMs = 1_000;

export async function watched(isJson: boolean): Promise<void> {
  const say = (line: string) => (isJson ? process.stderr : process.stdout).write(`${line}\n`);
  const stage = await setStage();
  const segue = await stage.startSegue();
  try {
    const { projectId } = stage.seeded;
    const { key } = await createApiKey(stage.pool.db, { projectId, name: 'bench', scopes: ['read'] });
    const alone: number[] = [];
    const seen: number[] = [];
    let events = 0;
    // The first of all warms up.
    await segueRound(stage, segue, 1);
    for (let round = 1; round <= rounds; round++) {
      alone.push(texts / (await segueRound(stage, segue, round * 2)).seconds);
      const page = openPage(segue.ready.url, key);
      seen.push(texts / (await segueRound(stage, segue, round * 2 + 1)).seconds);
      events += await page.close();
      say(`round ${round}: ${Math.round(alone.at(-1) ?? 0)}/s, watched ${Math.round(seen.at(-1) ?? 0)}/s`);
    }
    const summary = {
      flowsPerSecond: Math.round(median(alone)),
      watchedPerSecond: Math.round(median(seen)),
      ratio: round2(median(seen) / median(alone)),
      eventsSeen: events,
    };
    for (const [name, value] of Object.entries(summary)) say(`${name.padEnd(18)} ${value}`);
    if (isJson) process.stdout.write(`${JSON.stringify(summary)}\n`);
  } finally {
    await segue.stop();
    await stage.close();
  }
}

/** Follows the live runs until it is closed; answers with how many events came. */
function openPage(url: string, key: string): { close(): Promise<number> } {
  const ending = new AbortController();
  const headers = { authorization: `Bearer ${key}` };
  let [events, readAt] = [0, 0];
  const readList = async () => {
    readAt = performance.now();
    const response = await fetch(`${url}/api/v1/runs?limit=50`, { headers, signal: ending.signal });
    await response.text();
  };
  const follow = async () => {
    const response = await fetch(`${url}/api/v1/runs/stream`, { headers, signal: ending.signal });
    if (!response.ok || response.body === null) throw new Error(`The stream answers ${response.status}.`);
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      events += piece.split('event: run').length - 1;
      if (performance.now() - readAt > readAgainMs) void readList().catch(() => undefined);
    }
  };
  const following = follow().catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  return {
    async close() {
      ending.abort();
      await following;
      return events;
    },
  };
}
