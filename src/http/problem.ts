import { AmbiguousCommit, sqlState } from '#db/database.ts';
import type { Problem } from '#lib/endpoint.ts';
import { UserError } from '#lib/errors.ts';
import type { Log } from '#lib/log.ts';

const titles: Readonly<Record<string, string>> = {
  unauthorized: 'Not signed in',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  invalid: 'Not valid',
  bad_cursor: 'Not a cursor of this list',
  too_large: 'Too large',
  flow_conflict: 'Another flow stands in the way',
  plan_limit: 'Beyond the plan',
  stale_version: 'Changed by somebody else',
  idempotency_mismatch: 'This key was used for another event',
  rate_limited: 'Too many requests',
  unavailable: 'Not available just now',
  internal: 'Something went wrong here',
};

export interface ProblemAnswer {
  status: number;
  headers: Record<string, string>;
  body: Problem;
}

/**
 * Any error as a problem document (RFC 9457). A `UserError` says what it says; too much waiting or a
 * database that is away is a 503 to be tried again; everything else is a bug, logged with its stack
 * and shown without a word of it.
 */
export function toProblem(error: unknown, publicUrl: string, log: Log): ProblemAnswer {
  const shown = error instanceof UserError ? error : asUserError(error, log);
  const { status, code, message, details } = shown;
  const retryAfter = details.retryAfterSeconds ?? (status === 503 || status === 429 ? 1 : undefined);
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfter)) }),
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: {
      type: `${publicUrl}/api/docs#${code}`,
      title: titles[code] ?? 'Error',
      status,
      code,
      detail: message,
      ...(details.errors === undefined ? {} : { errors: details.errors }),
      ...(details.conflict === undefined ? {} : { conflict: details.conflict }),
      ...(details.rule === undefined ? {} : { rule: details.rule }),
    },
  };
}

/** Codes with their titles, for the documentation. */
export const problemTitles = titles;

function asUserError(error: unknown, log: Log): UserError {
  if (isPassing(error)) {
    log.warn({ err: error }, 'a request has to be tried again');
    return new UserError(503, 'unavailable', 'Too much is going on here just now. Try again in a second.');
  }
  log.error({ err: error }, 'a request failed unexpectedly');
  return new UserError(500, 'internal', 'An error of ours; it is in the log.');
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // By name: the engine's class is not for this folder to know.
  if (error.name === 'Overloaded' || error instanceof AmbiguousCommit) return true;
  const state = sqlState(error);
  if (state !== undefined) return /^(08|53|57P|40)/.test(state);
  if ('code' in error && 'syscall' in error) return true;
  return /connection terminated|timeout exceeded when trying to connect/i.test(error.message);
}
