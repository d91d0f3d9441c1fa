import type { Client } from 'pg';
import type { Log } from '#lib/log.ts';

/**
 * Calls `onNotice` when some process said that work became due. Reconnects by itself; a notice
 * missed meanwhile is made up for by the next poll.
 */
export async function listen(
  connect: () => Promise<Client>,
  log: Log,
  onNotice: () => void,
): Promise<() => Promise<void>> {
  let client: Client | undefined;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  // Several notices in one turn are one.
  let isPending = false;
  const notice = () => {
    if (isPending) return;
    isPending = true;
    setImmediate(() => {
      isPending = false;
      onNotice();
    });
  };

  const open = async () => {
    const fresh = await connect();
    fresh.on('notification', notice);
    fresh.on('end', () => {
      if (!isStopped && client === fresh) timer = setTimeout(() => void reopen(), 500).unref();
    });
    await fresh.query('listen segue_work');
    client = fresh;
  };
  const reopen = async () => {
    if (isStopped) return;
    try {
      await open();
      notice();
    } catch (error) {
      log.warn({ err: error }, 'no connection to listen on; polling meanwhile');
      timer = setTimeout(() => void reopen(), 1_000).unref();
    }
  };

  await open();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await client?.end().catch(() => undefined);
  };
}
