import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Orders } from './child.ts';

/** Starts a worker process; `exited` resolves when it is gone, whoever ended it. */
export function startChild(orders: Orders) {
  const script = fileURLToPath(new URL('child.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout?.on('data', (chunk) => (said += String(chunk)));
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  const exited = once(child, 'exit');
  return {
    exited,
    get said() {
      return said;
    },
    isAlive: () => child.exitCode === null && child.signalCode === null,
    signal: (name: NodeJS.Signals) => child.kill(name),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** A TCP door to a server on a unix socket, that can be shut, or swallow the answer of a COMMIT. */
export async function startProxy(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const path = `${target.searchParams.get('host')}/.s.PGSQL.5432`;
  const pairs = new Set<[Socket, Socket]>();
  let isOpen = true;
  let swallows = 0;
  const server = createServer((client) => {
    if (!isOpen) {
      client.destroy();
      return;
    }
    const upstream = connect(path);
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    let isSwallowing = false;
    const end = () => {
      client.destroy();
      upstream.destroy();
      pairs.delete(pair);
    };
    client.on('data', (chunk) => {
      if (swallows > 0 && chunk.includes('commit\u0000')) {
        swallows--;
        isSwallowing = true;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!isSwallowing) client.write(chunk);
      // Not before the commit is done: what is asked before it on the same wire is answered first.
      else if (/(COMMIT|ROLLBACK)\0/.test(chunk.toString('latin1'))) end();
    });
    for (const socket of pair) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // listening on TCP
  const url = new URL(`postgres://127.0.0.1:${port}${target.pathname}`);
  url.username = target.username;
  return {
    url: url.href,
    shut() {
      isOpen = false;
      for (const pair of pairs) for (const socket of pair) socket.destroy();
    },
    open() {
      isOpen = true;
    },
    /** The next `count` commits happen and are never answered. */
    swallow(count: number) {
      swallows = count;
    },
    get left() {
      return swallows;
    },
    close: () =>
      new Promise<void>((resolve) => {
        isOpen = false;
        for (const pair of pairs) for (const socket of pair) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
