import { expect, onTestFinished, test } from 'vitest';
import { startApp } from '../../src/app.ts';
import { readEnv } from '../../src/env.ts';
import { createTestDatabase } from '../db.ts';
import { createStage, environment, phones } from './stage.ts';

test('a text that the process with ROLE=http took is worked by the one with ROLE=worker', async () => {
  const { url: databaseUrl } = await createTestDatabase();
  const start = async (more: Record<string, string>) => {
    const app = await startApp(readEnv({ ...environment(databaseUrl), ...more }), { hasDemoPast: false });
    onTestFinished(() => app.stop());
    return app;
  };
  const door = await start({ ROLE: 'http' });
  const stage = await createStage({ url: door.url, databaseUrl }, () => undefined);
  await stage.sandbox('POST', '/phone/texts', {
    from: phones.unknown,
    to: stage.demo['number'],
    body: 'presave',
  });
  expect(await stage.sandbox('GET', '/idle?timeoutMs=300')).toEqual({ idle: false });
  expect(await stage.got(phones.unknown)).toEqual([]);

  await start({ ROLE: 'worker', PUBLIC_URL: door.url });
  await stage.idle();
  expect(await stage.got(phones.unknown)).toEqual([expect.stringContaining(`${door.url}/s/`)]);
  await stage.text(phones.connected, 'presave');
  expect(await stage.outcomes(phones.connected)).toContain('1 presave (spotify) done: scheduled');
});
