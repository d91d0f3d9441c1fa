import { Readable } from 'node:stream';
import DKIM from 'nodemailer/lib/dkim';
import MailComposer from 'nodemailer/lib/mail-composer';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { RetryLater, Unsure } from '#lib/errors.ts';
import type { CallOptions, ClientOptions, EmailClient, EmailMessage } from '../connector.ts';
import { domainOf, senderOf } from '../kit/email/settings.ts';
import { readSmtpSettings, type SmtpSettings, smtpRate } from './connector.ts';
import { classifySmtp } from './errors.ts';
import { createSmtpPool, type SmtpPool } from './pool.ts';

/**
 * Headers that a signature of ours covers. The library's own list leaves out the second one-click
 * header, without which mailbox providers do not believe the first (RFC 8058, 4).
 */
export const signedHeaders =
  'from:reply-to:subject:date:message-id:to:mime-version:content-type:content-transfer-encoding:list-unsubscribe:list-unsubscribe-post';

/** Shorter than a once-call may take, so that a silent server is found out here. */
const silentMs = 8_000;

/** A mail server as an `EmailClient`. It knows no idempotency: a repeat is a second mail. */
export function createSmtpClient(options: ClientOptions): EmailClient {
  const settings = readSmtpSettings(options.settings);
  const pool = createSmtpPool({
    connection: connectionOptions(settings, options.baseUrl),
    auth:
      settings.user === undefined || settings.password === undefined
        ? null
        : { user: settings.user, pass: settings.password },
    max: settings.connections,
  });
  return {
    async send(message, limits) {
      const bytes = await compose(message, settings);
      await deliver(pool, message, bytes, limits);
      return { providerId: message.messageId };
    },
    repeat: { class: 'once' },
    sender: senderOf(settings),
    rate: smtpRate(settings),
  };
}

/** `baseUrl`: `smtp://NAME@host:port`, another server in place of the settings', greeted with NAME. */
function connectionOptions(settings: SmtpSettings, baseUrl: string | undefined): SMTPConnectionOptions {
  const limits = {
    connectionTimeout: 5_000,
    greetingTimeout: silentMs,
    socketTimeout: silentMs,
    dnsTimeout: 5_000,
    maxResponseSize: 64 * 1024,
    // Never into a log, at no level: the conversation holds passwords and addresses.
    logger: false,
  };
  const name = domainOf(settings.fromAddress);
  if (baseUrl !== undefined) {
    const { hostname, port, username } = new URL(baseUrl);
    return { ...limits, host: hostname, port: Number(port), ignoreTLS: true, name: username || name };
  }
  const { host, port, security } = settings;
  return {
    ...limits,
    host,
    port,
    name,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2' },
  };
}

/** The mail as it travels, signed where we sign. */
async function compose(message: EmailMessage, settings: SmtpSettings): Promise<Buffer> {
  const { from, to, subject, html, text, headers, messageId } = message;
  const mail = new MailComposer({
    from,
    to: { name: '', address: to },
    subject,
    html,
    text,
    headers,
    messageId: `<${messageId}>`,
    disableFileAccess: true,
    disableUrlAccess: true,
    xMailer: false,
  });
  const plain = await mail.compile().build();
  const [keySelector] = settings.dkimSelectors;
  if (settings.dkimPrivateKey === undefined || keySelector === undefined) return plain;
  const dkim = new DKIM({
    domainName: domainOf(from.address),
    keySelector,
    privateKey: settings.dkimPrivateKey,
    headerFieldNames: signedHeaders,
  });
  const chunks: Buffer[] = [];
  for await (const chunk of dkim.sign(plain)) chunks.push(Buffer.from(chunk as Buffer)); // a byte stream
  return Buffer.concat(chunks);
}

class TooLate extends Error {
  override name = 'TooLate';
}

async function deliver(
  pool: SmtpPool,
  { from, to }: EmailMessage,
  bytes: Buffer,
  { signal, mayLeave }: CallOptions,
): Promise<void> {
  let connection: SMTPConnection;
  try {
    connection = await pool.take();
  } catch (error) {
    throw classifySmtp(error, false);
  }
  let hasBegun = false;
  /** Read only once the server has said that the mail may follow. */
  async function* mail() {
    await Promise.resolve();
    if (signal?.aborted || mayLeave?.() === false) throw new TooLate('this process may not act any more');
    hasBegun = true;
    yield bytes;
  }
  let isOver = false;
  try {
    await sendOn(connection, { from: from.address, to: [to] }, Readable.from(mail()), signal);
    isOver = true;
  } catch (error) {
    if (error instanceof Error && hasTooLate(error))
      throw new RetryLater('The mail was not begun in time.', undefined, { cause: error });
    if (signal?.aborted && hasBegun)
      throw new Unsure('The mail server took too long, so the mail may or may not be on its way.', {
        cause: error,
      });
    throw classifySmtp(error, hasBegun);
  } finally {
    pool.release(connection, isOver);
  }
}

function hasTooLate(error: unknown): boolean {
  if (error instanceof TooLate) return true;
  return (
    error instanceof Error && (error.message.includes('may not act any more') || hasTooLate(error.cause))
  );
}

function sendOn(
  connection: SMTPConnection,
  envelope: { from: string; to: string[] },
  mail: Readable,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      connection.close();
      reject(new Error('no answer in time'));
    };
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    connection.send(envelope, mail, (error) => {
      signal?.removeEventListener('abort', onAbort);
      if (error) reject(error);
      else resolve();
    });
  });
}
