import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';

export interface SmtpPoolOptions {
  connection: SMTPConnectionOptions;
  auth: { user: string; pass: string } | null;
  /** Connections at the same time. */
  max: number;
}

export interface SmtpPool {
  /** A connection of one's own, signed in; waits for its turn. Give it back with `release`. */
  take(): Promise<SMTPConnection>;
  /** `isReusable`: the last mail ended well, so that the next may follow on it. */
  release(connection: SMTPConnection, isReusable: boolean): void;
}

/** Servers close what rests longer; a connection that rests is closed before that. */
const restMs = 5_000;

/**
 * Connections to one server: signing in costs several round trips, so a connection carries many
 * mails. Nothing rests for long, and nothing at all keeps a process alive.
 */
export function createSmtpPool({ connection: options, auth, max }: SmtpPoolOptions): SmtpPool {
  const resting = new Map<SMTPConnection, NodeJS.Timeout>();
  const waiting: (() => void)[] = [];
  let taken = 0;

  async function open(): Promise<SMTPConnection> {
    const connection = new SMTPConnection(options);
    await new Promise<void>((resolve, reject) => {
      connection.once('error', reject);
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    // What goes wrong later is told to whoever sends; between two mails it only ends the rest.
    connection.on('error', () => forget(connection));
    connection.once('end', () => forget(connection));
    if (auth === null) return connection;
    const { user, pass } = auth;
    await new Promise<void>((resolve, reject) => {
      connection.login({ user, pass, credentials: { user, pass } }, (error) =>
        error ? reject(error) : resolve(),
      );
    }).catch((error: unknown) => {
      connection.close();
      throw error;
    });
    return connection;
  }

  function forget(connection: SMTPConnection): void {
    clearTimeout(resting.get(connection));
    resting.delete(connection);
  }

  /** To whoever waits longest. */
  function givePlace(): void {
    const next = waiting.shift();
    if (next === undefined) taken -= 1;
    else next();
  }

  return {
    async take() {
      if (taken < max) taken += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      for (const connection of resting.keys()) {
        forget(connection);
        return connection;
      }
      try {
        return await open();
      } catch (error) {
        givePlace();
        throw error;
      }
    },
    release(connection, isReusable) {
      if (isReusable) {
        const timer = setTimeout(() => {
          forget(connection);
          connection.quit();
        }, restMs);
        timer.unref();
        resting.set(connection, timer);
      } else connection.close();
      givePlace();
    },
  };
}
