import { AmbiguousCommit, sqlState } from '#db/database.ts';

/** Server shutting down, out of connections, disk or memory, failing I/O: not the statement's fault. */
const passing = /^(08|53|57P|58|40|25006)/;
const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** What the client library throws without a code. */
const clientWords =
  /connection terminated|connection ended|client has encountered a connection error|timeout exceeded when trying to connect|cannot use a pool after|client was closed/i;

/**
 * Whether an error says that the database cannot be used just now. Such an error says nothing about
 * the work: it is neither counted as an attempt nor blamed on an entry.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof AmbiguousCommit) return true;
  if (!(error instanceof Error)) return false;
  const state = sqlState(error);
  if (state !== undefined && passing.test(state)) return true;
  if ('code' in error && typeof error.code === 'string' && socketCodes.has(error.code))
    return 'syscall' in error;
  return clientWords.test(error.message);
}
