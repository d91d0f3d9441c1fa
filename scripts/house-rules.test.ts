import { expect, test } from 'vitest';
import { findBreaches } from './house-rules.ts';

function breachesOf(path: string, text: string): string[] {
  const known = { path: 'src/connectors/acme-music/connector.ts', text: '' };
  return findBreaches([known, { path, text }]);
}

test.each([
  ['src/lib/clock.ts', '#db/pool.ts'],
  ['src/db/pool.ts', '../fans/queries.ts'],
  ['src/engine/claim.ts', '#messages/outbox.ts'],
  ['src/engine/claim.ts', '#connectors/server.ts'],
  ['src/engine/claim.ts', '#steps/step.ts'],
  ['src/steps/send-text/run.ts', '#db/pool.ts'],
  ['src/steps/send-text/run.ts', '#connectors/other/client.ts'],
  ['src/steps/send-text/run.ts', '../presave/run.ts'],
  ['src/steps/step.ts', '#engine/contract.ts'],
  ['src/triggers/keyword/match.ts', '#messages/inbox.ts'],
  ['src/connectors/acme-music/client.ts', '#db/pool.ts'],
  ['src/connectors/acme-music/client.ts', '../other/client.ts'],
  ['src/connectors/acme-music/client.ts', '../testing/serve.ts'],
  ['src/fans/routes.ts', '#http/app.ts'],
  ['src/fans/routes.ts', '#connectors/server.ts'],
  ['src/fans/queries.ts', '#engine/claim.ts'],
  ['src/fans/queries.ts', '#triggers/keyword/match-keyword.ts'],
  ['src/messages/webhook.ts', '#steps/server.ts'],
  ['src/fans/queries.ts', '#env.ts'],
  ['src/pages/connect.ts', '#engine/claim.ts'],
  ['src/web/pages/Fans.tsx', '#fans/queries.ts'],
])('%s may not import %s', (file, target) => {
  expect(breachesOf(file, `// first\nimport { x } from '${target}';\n`)).toEqual([
    expect.stringMatching(new RegExp(`^${file}:2 may not import src/`)),
  ]);
  expect(breachesOf(file, `const x = await import('${target}');`)).toHaveLength(1);
  expect(breachesOf(file, `export * from '${target}';`)).toHaveLength(1);
});

test.each([
  ['src/main.ts', `import { x } from './app.ts';`],
  ['src/app.ts', `import { x } from '#connectors/server.ts';`],
  ['src/db/pool.ts', `import { x } from '#lib/log.ts';`],
  ['src/engine/claim.ts', `import type { Step } from '#steps/step.ts';`],
  ['src/connectors/acme-music/fake/state.ts', `import type { x } from '../../connector.ts';`],
  ['src/connectors/acme-music/client.ts', `import { x } from '#lib/http.ts';\nimport pg from 'pg';`],
  ['src/connectors/acme-music/client.test.ts', `import { serve } from '../testing/serve.ts';`],
  ['src/steps/step.ts', `import type { x } from '#engine/contract.ts';`],
  ['src/fans/facts.ts', `import { readGates } from '#engine/gates.ts';`],
  ['src/fans/facts.ts', `import { priority } from '#engine/contract.ts';`],
  ['src/flows/evaluate.ts', `import { x } from '#steps/server.ts';`],
  ['src/messages/inbound/reading.ts', `import { x } from '#triggers/keyword/match-keyword.ts';`],
  ['src/steps/index.ts', `import { x } from './send-text/step.ts';`],
  ['src/fans/routes.ts', `import { x } from '#messages/queries.ts';`],
  ['src/web/pages/Fans.tsx', `import { x } from '#fans/contract.ts';`],
])('%s may say %s', (file, text) => {
  expect(breachesOf(file, text)).toEqual([]);
});

test.each(['acme-music', 'AcmeMusic', 'ACME_MUSIC', 'Acme Music'])(
  '%s may be named by its connector only',
  (brand) => {
    const text = `\nconst label = '${brand}';`;
    expect(breachesOf('src/fans/queries.ts', text)).toEqual([
      expect.stringContaining('src/fans/queries.ts:2 names acme-music'),
    ]);
    expect(breachesOf('migrations/001_engine.sql', text)).toHaveLength(1);
    expect(breachesOf('src/connectors/other/client.ts', text)).toHaveLength(1);
    for (const free of [
      'src/connectors/acme-music/client.ts',
      'src/connectors/index.ts',
      'src/sandbox/demo.ts',
      'src/fans/a.test.ts',
    ]) {
      expect(breachesOf(free, text)).toEqual([]);
    }
  },
);

test('process.env is read in one place', () => {
  expect(breachesOf('src/fans/queries.ts', 'process.env.PORT')).toHaveLength(1);
  expect(breachesOf('src/env.ts', 'process.env.PORT')).toEqual([]);
});
