import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { createKeyReader } from '#accounts/read-key.ts';
import { spendSignIn } from '#people/sign-in-links.ts';
import { createTestDatabase } from '../test/db.ts';

const { db, url } = await createTestDatabase();
const secretKey = Buffer.alloc(32, 5).toString('base64');

async function run(
  args: string[],
  env: Record<string, string> = { DATABASE_URL: url, SECRET_KEY: secretKey },
) {
  const child = spawn(process.execPath, ['scripts/new-project.ts', ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}

test('makes a project whose key, shown once, opens the API; live only when asked for', async () => {
  for (const [args, facts] of [
    [['Ada Vale'], { is_live: false, legal_sender: 'Ada Vale' }],
    [
      ['Ada Vale', '--live', '--zone', 'Europe/Berlin', '--contact', 'hello@ada.example'],
      { is_live: true, zone: 'Europe/Berlin', contact: 'hello@ada.example' },
    ],
  ] as const) {
    const { code, out, err } = await run([...args]);
    expect([code, err]).toEqual([0, '']);
    const projectId = /^Project {2}(\S+)/.exec(out)?.[1] ?? '';
    const key = /^API key {2}(\S+)$/m.exec(out)?.[1] ?? '';
    expect(await createKeyReader(db)(key)).toMatchObject({ projectId });
    const token = /^Sign in {2}\S+\/sign-in\/(\S+) /m.exec(out)?.[1] ?? '';
    expect(await spendSignIn(db, token, new Date())).toMatchObject({ userId: expect.any(String) });
    const project = await db.selectFrom('project').selectAll().where('id', '=', projectId).executeTakeFirst();
    expect(project).toMatchObject({ name: 'Ada Vale', ...facts });
  }
});

test.each([
  [[], undefined, /^Usage: npm run new-project/],
  [['Ada', '--lives'], undefined, /Unknown option '--lives'[\s\S]*Usage:/],
  [['Ada', '--zone', 'Mars/Base'], undefined, /--zone is “Mars\/Base”/],
  [['Ada'], {}, /^DATABASE_URL is missing/],
  [['Ada'], { DATABASE_URL: url }, /^DATABASE_URL is set without SECRET_KEY/],
])('says in a sentence what is wrong with %j', async (args, env, sentence) => {
  const { code, out, err } = await run(args, env);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(sentence);
});
