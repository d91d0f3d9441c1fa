import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fake, FakeDoor, FakeDoorOptions, FakeFault } from '../../connector.ts';
import type { SmtpFake } from '../fake.ts';

/** Nobody sends larger mails here. */
const maxBytes = 5 * 1024 * 1024;

/**
 * The one port behind which the mail servers of all test connections stand. Which of them a client
 * means is the name in its greeting (EHLO); any other name means the oldest one.
 */
export async function openSmtpDoor({ host, port, find }: FakeDoorOptions): Promise<FakeDoor> {
  const fakeOf = async (session: SMTPServerSession): Promise<SmtpFake | undefined> => {
    const named = await find(session.hostNameAppearsAs);
    return asSmtp(named ?? (await find(null)));
  };

  /** By the port at the other end: the library does not hand out a session's socket. */
  const sockets = new Map<number, Socket>();
  const hangUp = (session: SMTPServerSession) => sockets.get(session.remotePort)?.destroy();

  const server = new SMTPServer({
    banner: 'Segue sandbox',
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: false,
    size: maxBytes,
    logger: false,
    closeTimeout: 100,
    onAuth({ username, password }, session, callback) {
      answer(callback, async () => {
        const fake = await fakeOf(session);
        if (fake?.isAccount(username ?? '', password ?? '') !== true)
          throw refusal(535, '5.7.8 Authentication failed');
        return { user: username };
      });
    },
    onMailFrom({ address }, session, callback) {
      answer(callback, async () => {
        const fake = await fakeOf(session);
        if (fake === undefined) throw refusal(421, '4.3.0 No such server');
        await breakDown(fake, session);
        if (!fake.isOwnAddress(address))
          throw refusal(553, '5.7.1 Sender address rejected: not owned by user');
      });
    },
    onRcptTo({ address }, session, callback) {
      answer(callback, async () => {
        const fake = await fakeOf(session);
        const refused = fake?.refusalOf(address) ?? null;
        if (refused !== null) fake?.note('RCPT', refused.code);
        if (refused !== null) throw refusal(refused.code, refused.text);
      });
    },
    onData(stream, session, callback) {
      answer<string>(callback, async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer)); // a byte stream
        const fake = await fakeOf(session);
        if (fake === undefined) throw refusal(421, '4.3.0 No such server');
        if (stream.sizeExceeded) throw refusal(552, '5.3.4 Message too big');
        const [to] = session.envelope.rcptTo;
        const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
        const envelope = { from, to: to?.address ?? '' };
        const reply = await take(fake, session, envelope, Buffer.concat(chunks));
        if (reply === null) hangUp(session);
        return reply ?? '';
      });
    },
  });
  server.server.on('connection', (socket: Socket) => {
    const { remotePort = 0 } = socket;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  // A client that hangs up in the middle is no event here.
  server.on('error', () => {});
  // An address object, not a string: the server listens on a port, not on a pipe.
  const { port: own } = server.server.address() as AddressInfo;
  return { port: own, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** The answer to a mail; null: none, the line goes dead. */
async function take(
  fake: SmtpFake,
  session: SMTPServerSession,
  envelope: { from: string; to: string },
  raw: Buffer,
): Promise<string | null> {
  const fault = lost.get(session);
  if (fault === undefined || fake.lostAnswer === 'carried_out') {
    const id = await fake.receive(envelope, raw);
    fake.note('DATA', 250);
    if (fault === undefined) return `2.0.0 Ok: queued as ${id}`;
  }
  lost.delete(session);
  if (fault.mode === 'timeout') await wait(fault.ms ?? 30_000, undefined, { ref: false });
  return null;
}

/** Faults that lose the answer to the mail itself. */
const lost = new WeakMap<SMTPServerSession, FakeFault>();

/** What a broken server says when a mail is begun. */
async function breakDown(fake: SmtpFake, session: SMTPServerSession): Promise<void> {
  const fault = fake.takeFault();
  if (fault.mode === 'ok') return;
  if (fault.mode === 'slow') await wait(fault.ms ?? 2_000, undefined, { ref: false });
  else if (fault.mode === 'error') throw noted(fake, 451, '4.3.0 Temporary local problem');
  else if (fault.mode === 'rate_limited') throw noted(fake, 421, '4.7.0 Too many messages, slow down');
  else lost.set(session, fault);
}

function noted(fake: SmtpFake, code: number, text: string): Error {
  fake.note('MAIL', code);
  return refusal(code, text);
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** Hands a result over the library's callback. */
function answer<T>(callback: (error?: Error | null, result?: T) => void, work: () => Promise<T>): void {
  work().then(
    (result) => callback(null, result),
    (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
  );
}

function asSmtp(fake: Fake | undefined): SmtpFake | undefined {
  // `receive` is the mark of this folder's fake.
  return fake !== undefined && 'receive' in fake ? (fake as SmtpFake) : undefined;
}
