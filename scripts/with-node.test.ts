import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';

const dir = mkdtempSync('/tmp/segue-with-node-');
afterAll(() => rmSync(dir, { recursive: true }));

function start(args: string[]): { pid: number; said: Promise<string>; end: Promise<number | string | null> } {
  const child = spawn(process.execPath, ['scripts/with-node.mjs', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = new Promise<number | string | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  const said = new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))));
  return { pid: child.pid ?? 0, said, end };
}

function program(name: string, text: string): string {
  const file = path.join(dir, name);
  writeFileSync(file, text);
  return file;
}

test('hands arguments over and ends as the program does', async () => {
  const run = start([
    program('end.mjs', 'console.log(process.argv.slice(2).join()); process.exitCode = 7;'),
    'a',
    '--b',
  ]);
  expect(await run.said).toBe('a,--b\n');
  expect(await run.end).toBe(7);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s reaches the program', async (signal) => {
  const text = `process.once('${signal}', () => process.exit(8)); setInterval(() => {}, 1000); console.log('up');`;
  const run = start([program(`${signal}.mjs`, text)]);
  await run.said;
  process.kill(run.pid, signal);
  expect(await run.end).toBe(8);
});

test('ends with the shell in which npm runs it, and with no other', async () => {
  const file = program('stay.mjs', `setInterval(() => {}, 1000); console.log(process.pid);`);
  const command = `node scripts/with-node.mjs ${file}; true`;
  for (const npm of ['start', '']) {
    const env = { ...process.env, npm_lifecycle_event: npm };
    const shell = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'], env });
    const pid = await new Promise<number>((resolve) =>
      shell.stdout.once('data', (chunk) => resolve(Number(chunk))),
    );
    const silence = new Promise<'silence'>((resolve) => shell.stdout.once('close', () => resolve('silence')));
    shell.kill('SIGTERM');
    const end = await Promise.race([silence, sleep(npm === '' ? 1_500 : 10_000, 'up')]);
    if (end === 'up') process.kill(pid, 'SIGKILL');
    expect(end).toBe(npm === '' ? 'up' : 'silence');
  }
});

test('a program that dies of a signal is told as such', async () => {
  const run = start([program('die.mjs', `process.kill(process.pid, 'SIGKILL');`)]);
  expect(await run.end).toBe('SIGKILL');
});
