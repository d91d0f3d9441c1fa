/**
 * Vitest setup file: nothing in a test may talk to the world. A connection that is neither loopback
 * nor a unix socket throws an error that names where it wanted to go.
 */
import net from 'node:net';

const connect = net.Socket.prototype.connect;

// Once a worker: the files that it runs share their globals.
if (connect.name !== guarded.name) net.Socket.prototype.connect = guarded;

function guarded(this: net.Socket, ...args: unknown[]): net.Socket {
  const host = findHost(args);
  if (host !== undefined && !isLoopback(host)) {
    throw new Error(
      `A test tried to reach ${host}: outbound network is closed in tests, use a fake on 127.0.0.1.`,
    );
  }
  // As: the overloads of connect cannot be forwarded one by one.
  return Reflect.apply(connect, this, args) as net.Socket;
}

/** The host of any of the call shapes of `connect`, `undefined` for a unix socket. */
function findHost(args: unknown[]): string | undefined {
  // net.connect hands over its already normalised arguments as one array.
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first === 'object' && first !== null) {
    if ('path' in first && first.path) return undefined;
    return 'host' in first && typeof first.host === 'string' ? first.host : 'localhost';
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return undefined;
  return typeof args[1] === 'string' ? args[1] : 'localhost';
}

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return (
    bare === 'localhost' || bare === '::1' || bare === '::ffff:127.0.0.1' || /^127(\.\d{1,3}){3}$/.test(bare)
  );
}
