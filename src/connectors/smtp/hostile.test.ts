import { inspect } from 'node:util';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { GiveUp, NeedsReconnect, RetryLater, Unsure } from '#lib/errors.ts';
import { createHttp } from '#lib/http.ts';
import { mailTo, rejection } from '../testing/mails.ts';
import { createSmtpClient } from './client.ts';

/** What a mail server that is none, or is unwell, does with a client. */

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const password = 'a password that nobody may see';

/** Answers each line of the client as told; `null` hangs up, `undefined` says nothing. */
async function serve(
  talk: (line: string, socket: Socket) => string | null | undefined,
  greeting = '220 hello\r\n',
) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    if (greeting !== '') socket.write(greeting);
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const answer = talk(line, socket);
        if (answer === null) return void socket.destroy();
        if (answer !== undefined) socket.write(answer);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const http = createHttp();
  open.push(
    () => http.close(),
    () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  );
  // As: it listens on a port.
  const { port } = server.address() as AddressInfo;
  const settings = { host: 'x.example', fromAddress: 'hello@mail.example', user: 'segue', password };
  const client = createSmtpClient({
    baseUrl: `smtp://127.0.0.1:${port}`,
    settings,
    http,
    now: () => new Date(),
  });
  const send = () => {
    const mail = mailTo('maya@fans.example');
    return rejection(client.send(mail, { key: mail.key, signal: AbortSignal.timeout(700) }));
  };
  return { send };
}

/** A server that is well up to where `broken` takes over. */
function wellUntil(
  stop: 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | '.',
  broken: string | null | undefined,
) {
  return (line: string) => {
    const command = line === '.' ? '.' : line.split(' ')[0]?.toUpperCase();
    if (command === stop) return broken;
    if (command === 'EHLO') return '250-hello\r\n250 AUTH PLAIN LOGIN\r\n';
    if (command === 'AUTH') return '235 2.7.0 ok\r\n';
    if (command === 'MAIL' || command === 'RCPT') return '250 2.1.0 ok\r\n';
    if (command === 'DATA') return '354 go on\r\n';
    return command === '.' ? '250 2.0.0 ok\r\n' : undefined;
  };
}

test('the server of these tests is well where it is not told otherwise', async () => {
  const { send } = await serve(wellUntil('EHLO', '250-hello\r\n250 AUTH PLAIN\r\n'));
  expect(await send()).toMatch(/no error/);
});

test.each<[string, 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA', string | null | undefined, object]>([
  ['hangs up at the greeting', 'EHLO', null, RetryLater],
  ['hangs up before the mail', 'DATA', null, RetryLater],
  ['says nothing to RCPT', 'RCPT', undefined, RetryLater],
  ['answers rubbish', 'MAIL', 'what?\r\n', RetryLater],
  ['takes no password', 'AUTH', '535 5.7.8 no\r\n', NeedsReconnect],
  ['takes no such mail', 'MAIL', '552 5.3.4 too big\r\n', GiveUp],
  ['wants a pause', 'RCPT', '421 4.7.0 slow down\r\n', RetryLater],
])('%s', async (_name, stop, broken, expected) => {
  const { send } = await serve(wellUntil(stop, broken));
  expect(await send()).toBeInstanceOf(expected);
});

test.each<[string, string | null | undefined]>([
  ['hangs up once it has the mail', null],
  ['says nothing once it has the mail', undefined],
])('%s: nobody knows', async (_name, broken) => {
  const { send } = await serve(wellUntil('.', broken));
  expect(await send()).toBeInstanceOf(Unsure);
});

test.each([
  ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ['binary rubbish', '\u0000\u00ff\u0016\u0003\u0001\r\n'],
  ['a line without an end', 'x'.repeat(200_000)],
  ['silence', ''],
])('%s in place of a mail server: try later, and nothing breaks', async (_name, greeting) => {
  const { send } = await serve(() => undefined, greeting);
  expect(await send()).toBeInstanceOf(RetryLater);
  expect(await send()).toBeInstanceOf(RetryLater);
});

test('R64 no password and no address reaches an error', async () => {
  for (const broken of [`535 5.7.8 ${password}\r\n`, '550 5.1.1 <maya@fans.example> is unknown\r\n']) {
    const { send } = await serve(wellUntil(broken.startsWith('535') ? 'AUTH' : 'RCPT', broken));
    const text = inspect(await send(), { depth: 10 });
    expect(text).not.toContain(password);
    expect(text).not.toContain(Buffer.from(`\u0000segue\u0000${password}`).toString('base64'));
    expect(text).not.toContain('maya@');
  }
});
